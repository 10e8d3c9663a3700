/** What is reported of which damage, and when scrubs are due. */
package io.spirula.osd.scrub;

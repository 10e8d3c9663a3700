/** What daemons' parts do, without a daemon. */
package io.spirula.osd.daemon;

/** What the documentation shows, done. */
package io.spirula.it.guide;

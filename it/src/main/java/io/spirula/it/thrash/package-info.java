/** Load with checked contents for clusters of real processes, while somebody breaks them. */
package io.spirula.it.thrash;

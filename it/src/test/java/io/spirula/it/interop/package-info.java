/** Our daemons under stock Ceph's programs, and our programs on stock Ceph's daemons. */
package io.spirula.it.interop;

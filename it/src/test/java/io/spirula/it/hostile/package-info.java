/** Peers that mean no good or have gone mad, at all ports of a running cluster. */
package io.spirula.it.hostile;

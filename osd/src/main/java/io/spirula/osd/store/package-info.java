/**
 * Where an OSD keeps its objects: the {@link io.spirula.osd.store.ObjectStore} seam, its transactions, and the stores behind it, which all pass one contract test. Knows nothing of peering,
 * clients or the network.
 */
package io.spirula.osd.store;

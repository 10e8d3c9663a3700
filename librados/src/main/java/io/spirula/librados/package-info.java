/**
 * The client of a Ceph cluster: {@link io.spirula.librados.Rados} connects, {@link io.spirula.librados.IoCtx} reads and writes one pool's objects. Imports common only.
 */
@org.jspecify.annotations.NullMarked
package io.spirula.librados;

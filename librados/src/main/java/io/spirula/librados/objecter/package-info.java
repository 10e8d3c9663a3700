/**
 * The objecter: which OSD an operation goes to, when it is sent again, and what comes of it. Pure: maps, replies and resets come in, messages go out through the messenger it is given. Imports common
 * (not its drivers). Source: Ceph's osdc/Objecter.cc.
 */
@org.jspecify.annotations.NullMarked
package io.spirula.librados.objecter;

/**
 * How the OSDs of a placement group agree, after every change of who serves it, on its history, and when it may serve again: Ceph's peering as a pure state machine. Events go in, effects come out; nothing is sent or
 * written here. Knows maps, logs and the store's transactions, not messages on the wire. Source of the semantics: Ceph's osd/PeeringState.cc and dev/osd_internals.
 */
package io.spirula.osd.peering;

/**
 * How monitors elect a leader: Ceph's election logic (mon/ElectionLogic.cc) as a state machine without I/O. Events go in, the effects to carry out come out; the epoch is durable before it is used. And how they
 * are connected, which elections may go by. Imports config, encoding, env, format, maps, messages and store.
 */
package io.spirula.mon.election;

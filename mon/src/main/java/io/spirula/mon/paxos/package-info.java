/**
 * How monitors agree on one sequence of store transactions: Ceph's Paxos (mon/Paxos.cc) as a state machine without I/O. Events go in, the next phase and the effects to carry out come
 * out. Imports encoding and store; sends nothing, writes nothing and starts no timer itself.
 */
package io.spirula.mon.paxos;

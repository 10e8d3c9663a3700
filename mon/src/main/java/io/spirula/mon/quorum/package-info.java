/**
 * How a monitor finds the others, gets what it lacks, and takes its place in the quorum: probing, synchronizing, electing, leading, following (Ceph's mon/Monitor.cc and doc/dev/mon-bootstrap). Imports common, election,
 * paxos and store; knows the monitor map through suppliers and no service.
 */
package io.spirula.mon.quorum;

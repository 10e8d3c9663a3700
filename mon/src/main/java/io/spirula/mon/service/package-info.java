/**
 * The services over Paxos, one class a map: each keeps its versions in its own prefix of the store, collects changes, and has them committed. Names follow Ceph's (OSDMonitor is {@code OsdmapService}).
 * All of it runs on the monitor's reactor.
 */
package io.spirula.mon.service;

/** The monitor daemon: its store, Paxos, the services over it, the commands, and the manager role. */
package io.spirula.mon;

/**
 * Whole clusters inside this process: monitor and OSDs on real sockets with their stores in memory, for tests of what uses a cluster. {@link io.spirula.it.cluster.SpirulaCluster} gives a JUnit test one of its own.
 */
package io.spirula.it.cluster;

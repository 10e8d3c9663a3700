/** Whole-cluster work: the in-process cluster, the simulator, interoperability with stock Ceph, and benchmarks. May know everything. */
package io.spirula.it;

/**
 * Client operations on one placement group's objects: a vector of operations goes in, a result for each and one transaction come out, with Ceph's error numbers. Knows the store's reads and
 * nothing of connections, logs or replicas. Source of the semantics: Ceph's osd/PrimaryLogPG.cc (do_osd_ops) and include/rados.h.
 */
package io.spirula.osd.op;

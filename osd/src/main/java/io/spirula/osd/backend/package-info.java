/**
 * Primary-copy replication: a change is applied here, sent to the acting replicas and reported done once it is durable on all of them. Imports the store, the log and messages; knows nothing of clients.
 * Source of the semantics: Ceph's osd/ReplicatedBackend.cc.
 */
package io.spirula.osd.backend;

/**
 * The life of placement groups: which ones this OSD has, how they follow the map, how clients' operations reach their objects and how long they wait. Drives the op engine, replication and peering;
 * sends through seams and knows no daemon. Source of the semantics: Ceph's osd/PG.cc, osd/PrimaryLogPG.cc, osd/OSD.cc.
 */
package io.spirula.osd.pg;

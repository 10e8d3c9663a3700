/**
 * What placement groups say about themselves and their objects: infos, logs, missing sets, statistics, object metadata. Values with Ceph's encodings, no logic of peering or recovery.
 * Source of the semantics: osd/osd_types.h. Imports encoding, types and maps.
 */
package io.spirula.common.pg;

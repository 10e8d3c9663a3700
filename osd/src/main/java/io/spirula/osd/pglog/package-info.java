/**
 * A placement group's log: what was written lately, what of it is missing here, and how two logs become one. Pure: what is to be persisted is added to transactions. Knows the store's seam and nothing of
 * peers. Source of the semantics: Ceph's osd/PGLog.h.
 */
package io.spirula.osd.pglog;

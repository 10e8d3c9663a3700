/**
 * How objects that are missing somewhere come back: what to pull and push next, and the pushes themselves as they are read from one store and applied to another. Decides and translates; sends nothing. Source of the
 * semantics: Ceph's PrimaryLogPG::recover_primary, recover_replicas and recover_backfill.
 */
package io.spirula.osd.recovery;

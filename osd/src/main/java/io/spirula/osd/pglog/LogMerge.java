package io.spirula.osd.pglog;

import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgLogRecord;
import io.spirula.common.pg.PgMissing;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * How a log becomes the authoritative one: entries that others never agreed on are undone, those that were missed are added, and objects whose content is not what the log says are missing from now on. Writes to
 * replicated pools can't be rolled back, so an object with a divergent write is removed and fetched again. Source of the cases: Ceph's PGLog::merge_log, rewind_divergent_log, proc_replica_log and
 * _merge_object_divergent_entries.
 *
 * @param lastBackfill objects after this one are not there yet, and so not missing
 * @param remove what removes an object from the store; does nothing for a peer's log
 */
public record LogMerge(PgLog log, MissingSet missing, ObjectId lastBackfill, Consumer<ObjectId> remove) {

    /** Makes the authoritative log ours. */
    public void merge(PgLogRecord theirs) {
        EVersion originalTail = log.tail();
        if (theirs.tail().compareTo(log.tail()) < 0 && theirs.head().compareTo(log.tail()) >= 0) {
            List<PgLogEntry> older = theirs.entries().stream()
                    .filter(e -> e.version().compareTo(originalTail) <= 0)
                    .toList();
            log.prepend(theirs.tail(), older);
        }
        if (theirs.head().compareTo(log.head()) < 0) {
            rewind(theirs.head());
        } else if (theirs.head().compareTo(log.head()) > 0) {
            extend(theirs, originalTail);
        }
        log.mergeDups(theirs.dups());
    }

    /** Undoes everything after {@code newHead}. */
    public void rewind(EVersion newHead) {
        undo(log.rewind(newHead));
    }

    /** Starts over with another's log and nothing behind it, to be backfilled. */
    public void replace(PgLogRecord theirs) {
        missing.clear();
        log.replace(theirs);
    }

    /** Where a peer's log parts from ours: its last entry that we have too. Ours is authoritative. */
    public static EVersion divergesAfter(PgLog ours, PgLogRecord theirs) {
        EVersion limit = theirs.tail().compareTo(ours.tail()) > 0 ? theirs.tail() : ours.tail();
        List<PgLogEntry> all = ours.entries();
        for (int i = all.size() - 1; i >= 0; i--) {
            EVersion version = all.get(i).version();
            if (version.compareTo(theirs.head()) <= 0) {
                return version.compareTo(limit) < 0 ? limit : version;
            }
        }
        return limit;
    }

    /** What a peer will miss once it has undone what it alone has: its own missing set, changed as {@link #rewind} will change it there. */
    public static EVersion peerAfterRewind(
            PgLog ours, PgLogRecord theirs, MissingSet theirMissing, ObjectId theirLastBackfill) {
        EVersion at = divergesAfter(ours, theirs);
        new LogMerge(PgLog.of(theirs), theirMissing, theirLastBackfill, o -> {}).rewind(at);
        return at;
    }

    private void extend(PgLogRecord theirs, EVersion originalTail) {
        EVersion bound = theirs.tail().compareTo(originalTail) > 0 ? theirs.tail() : originalTail;
        for (int i = theirs.entries().size() - 1; i >= 0; i--) {
            EVersion version = theirs.entries().get(i).version();
            if (version.compareTo(log.head()) <= 0) {
                bound = version.compareTo(bound) > 0 ? version : bound;
                break;
            }
        }
        List<PgLogEntry> divergent = log.rewind(bound);
        for (PgLogEntry entry : theirs.entries()) {
            if (entry.version().compareTo(bound) > 0) {
                log.append(entry);
                happened(entry);
            }
        }
        log.head(theirs.head());
        undo(divergent);
    }

    private void happened(PgLogEntry entry) {
        if (entry.isError() || entry.object().compareTo(lastBackfill) > 0) {
            return;
        }
        if (entry.isDelete()) {
            missing.remove(entry.object());
            remove.accept(entry.object());
        } else {
            missing.addNextEvent(entry);
        }
    }

    private void undo(List<PgLogEntry> divergent) {
        Map<ObjectId, List<PgLogEntry>> byObject = new TreeMap<>();
        for (PgLogEntry entry : divergent) {
            if (!entry.isError() && entry.object().compareTo(lastBackfill) <= 0) {
                byObject.computeIfAbsent(entry.object(), o -> new ArrayList<>()).add(entry);
            }
        }
        byObject.forEach(this::undo);
    }

    private void undo(ObjectId object, List<PgLogEntry> divergent) {
        EVersion prior = divergent.getFirst().priorVersion();
        PgLogEntry newer = log.latest(object);
        PgMissing.Item item = missing.find(object);
        if (newer != null && newer.version().compareTo(divergent.getFirst().version()) >= 0) {
            // The agreed log has a later write to it: what is here is neither version.
            missing.reviseHave(object, EVersion.ZERO);
            remove.accept(object);
        } else if (prior.equals(EVersion.ZERO) || divergent.getFirst().isClone()) {
            // Nobody else ever had it.
            missing.remove(object);
            remove.accept(object);
        } else if (item != null) {
            // The divergent writes never reached this store.
            if (item.have().equals(prior)) {
                missing.remove(object);
            } else {
                missing.add(object, prior, item.have());
            }
        } else {
            remove.accept(object);
            missing.add(object, prior, EVersion.ZERO);
        }
    }
}

package io.spirula.osd.pglog;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.pg.OpReturn;
import io.spirula.common.pg.PgLogDup;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgLogRecord;
import io.spirula.common.pg.ReqId;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.store.ObjectStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A placement group's log: its newest writes, oldest first, with indexes by object and by request; and, for requests that were trimmed away, what they were answered ("dups"). Each change is noted for the
 * {@link PgMeta}'s next transaction: an append writes one key, a trim removes keys, nothing is rewritten. Ceph: PGLog and its IndexedLog.
 */
public final class PgLog {
    /**
     * How much is remembered.
     *
     * @param maxEntries trimming starts above this
     * @param trimMin and only when at least so many can go
     * @param trimMax so many go at once
     * @param maxDups trimmed requests that are still known. Ceph: osd_pg_log_dups_tracked
     */
    public record Limits(int maxEntries, int trimMin, int trimMax, int maxDups) {
        public static final Limits DEFAULT = new Limits(3000, 100, 10_000, 3000);
    }

    /** How a request was answered when it was carried out. */
    public record Answer(EVersion version, long userVersion, int returnCode, List<OpReturn> opReturns) {}

    /** Under which the version before the oldest entry is stored. */
    public static final Bytes TAIL_KEY = Bytes.of("_log_tail");

    private static final Bytes DUP_PREFIX = Bytes.of("dup_");
    private static final int LOAD_AT_ONCE = 1000;

    private final PgMeta meta;
    private final Supplier<Limits> limits;
    private final ArrayDeque<PgLogEntry> entries = new ArrayDeque<>();
    private final Map<ObjectId, PgLogEntry> byObject = new HashMap<>();
    private final Map<ReqId, Answer> byRequest = new HashMap<>();
    private final LinkedHashMap<ReqId, PgLogDup> dups = new LinkedHashMap<>();
    private EVersion head = EVersion.ZERO;
    private EVersion tail = EVersion.ZERO;

    /** @param limits asked whenever they matter */
    public PgLog(PgMeta meta, Supplier<Limits> limits) {
        this.meta = meta;
        this.limits = limits;
    }

    /** A log in memory only: another's, to be compared with. */
    static PgLog of(PgLogRecord record) {
        PgLog log = new PgLog(
                new PgMeta(io.spirula.common.types.ShardPgId.replica(new io.spirula.common.types.PgId(0, 0))),
                () -> Limits.DEFAULT);
        log.tail = record.tail();
        log.head = record.tail();
        record.entries().forEach(log::append);
        log.head = record.head();
        return log;
    }

    public Supplier<Limits> limits() {
        return limits;
    }

    public EVersion head() {
        return head;
    }

    /** The version before the oldest entry. */
    public EVersion tail() {
        return tail;
    }

    public int size() {
        return entries.size();
    }

    public int dupCount() {
        return dups.size();
    }

    /** The newest entry about an object; null where the log has none. */
    public @Nullable PgLogEntry latest(ObjectId object) {
        return byObject.get(object);
    }

    /** How a request was answered, where it is remembered: a resent one gets the same answer. */
    public @Nullable Answer answerTo(ReqId request) {
        Answer answer = byRequest.get(request);
        if (answer != null) {
            return answer;
        }
        PgLogDup dup = dups.get(request);
        return dup == null ? null : new Answer(dup.version(), dup.userVersion(), dup.returnCode(), dup.opReturns());
    }

    /** Adds the next entry. Throws IllegalStateException where it is not newer than the head. */
    public void append(PgLogEntry entry) {
        if (entry.version().compareTo(head) <= 0) {
            throw new IllegalStateException("log entry " + entry.version() + " does not follow " + head);
        }
        entries.addLast(entry);
        head = entry.version();
        index(entry);
        meta.put(key(entry.version()), PgLogEntry.CODEC.toBytes(entry));
    }

    /** Up to where the log may be trimmed now, given that nobody needs entries up to {@code complete} any more; the tail where it is not worth it. */
    public EVersion trimTarget(EVersion complete) {
        Limits now = limits.get();
        int excess = Math.min(entries.size() - now.maxEntries, now.trimMax);
        if (excess < now.trimMin && now.trimMin <= now.trimMax) {
            return tail;
        }
        EVersion target = tail;
        for (Iterator<PgLogEntry> i = entries.iterator(); excess > 0 && i.hasNext(); excess--) {
            EVersion version = i.next().version();
            if (version.compareTo(complete) > 0) {
                break;
            }
            target = version;
        }
        return target;
    }

    /** Forgets entries up to {@code to}, keeping how their requests were answered. */
    public void trim(EVersion to) {
        if (to.compareTo(tail) <= 0) {
            return;
        }
        while (!entries.isEmpty() && entries.getFirst().version().compareTo(to) <= 0) {
            PgLogEntry entry = entries.removeFirst();
            tail = entry.version();
            byObject.remove(entry.object(), entry);
            meta.remove(key(entry.version()));
            if (forget(entry)) {
                remember(new PgLogDup(
                        entry.reqId(), entry.version(), entry.userVersion(), entry.returnCode(), entry.opReturns()));
            }
            for (PgLogEntry.ExtraReqId extra : entry.extraReqIds()) {
                byRequest.remove(extra.reqId());
            }
        }
        if (tail.compareTo(to) < 0 && to.compareTo(head) <= 0) {
            tail = to;
        }
        meta.put(TAIL_KEY, EVersion.CODEC.toBytes(tail));
    }

    /** The oldest entry about an object that is newer than {@code since}; null where the log has none. */
    public @Nullable PgLogEntry firstAbout(ObjectId object, EVersion since) {
        return after(since).stream()
                .filter(e -> e.object().equals(object) && !e.isError())
                .findFirst()
                .orElse(null);
    }

    /** Entries newer than {@code since}, oldest first. */
    public List<PgLogEntry> after(EVersion since) {
        ArrayDeque<PgLogEntry> newer = new ArrayDeque<>();
        for (Iterator<PgLogEntry> i = entries.descendingIterator(); i.hasNext(); ) {
            PgLogEntry entry = i.next();
            if (entry.version().compareTo(since) <= 0) {
                break;
            }
            newer.addFirst(entry);
        }
        return List.copyOf(newer);
    }

    /** The part newer than {@code since} as it travels, with all dups. Its tail is an entry of ours, so that who asks with a version that we never had finds where its log parted from ours. Ceph: copy_after. */
    public PgLogRecord copyAfter(EVersion since) {
        EVersion from = newestUpTo(since);
        return new PgLogRecord(head, from, after(from), head, tail, List.copyOf(dups.values()));
    }

    /** The newest version here that is not above this one; the tail where there is none. */
    public EVersion newestUpTo(EVersion version) {
        for (Iterator<PgLogEntry> i = entries.descendingIterator(); i.hasNext(); ) {
            EVersion mine = i.next().version();
            if (mine.compareTo(version) <= 0) {
                return mine;
            }
        }
        return tail;
    }

    /** The newest {@code count} entries as they travel. Ceph: copy_up_to. */
    public PgLogRecord copyNewest(int count) {
        List<PgLogEntry> all = List.copyOf(entries);
        if (all.size() <= count) {
            return copyAfter(tail);
        }
        return copyAfter(all.get(all.size() - count - 1).version());
    }

    public List<PgLogEntry> entries() {
        return List.copyOf(entries);
    }

    /** Takes away the entries newer than {@code to}, oldest first. */
    List<PgLogEntry> rewind(EVersion to) {
        ArrayDeque<PgLogEntry> taken = new ArrayDeque<>();
        while (!entries.isEmpty() && entries.getLast().version().compareTo(to) > 0) {
            PgLogEntry entry = entries.removeLast();
            taken.addFirst(entry);
            meta.remove(key(entry.version()));
        }
        head = to;
        reindex();
        return List.copyOf(taken);
    }

    /** Puts older entries before the tail. */
    void prepend(EVersion newTail, List<PgLogEntry> older) {
        for (int i = older.size() - 1; i >= 0; i--) {
            entries.addFirst(older.get(i));
            meta.put(key(older.get(i).version()), PgLogEntry.CODEC.toBytes(older.get(i)));
        }
        tail = newTail;
        meta.put(TAIL_KEY, EVersion.CODEC.toBytes(tail));
        reindex();
    }

    /** Becomes what another log is. */
    void replace(PgLogRecord other) {
        rewind(EVersion.ZERO);
        tail = other.tail();
        head = other.tail();
        meta.put(TAIL_KEY, EVersion.CODEC.toBytes(tail));
        other.entries().forEach(this::append);
        head = other.head();
        mergeDups(other.dups());
    }

    /** The head where no entry stands for it: a log that starts at some version. */
    void head(EVersion version) {
        head = version;
    }

    void mergeDups(List<PgLogDup> others) {
        for (PgLogDup dup : others) {
            if (!byRequest.containsKey(dup.reqId()) && !dups.containsKey(dup.reqId())) {
                remember(dup);
            }
        }
    }

    private void remember(PgLogDup dup) {
        int most = limits.get().maxDups;
        if (dup.reqId().equals(ReqId.NONE) || most <= 0) {
            return;
        }
        dups.put(dup.reqId(), dup);
        meta.put(dupKey(dup), PgLogDup.CODEC.toBytes(dup));
        for (Iterator<PgLogDup> oldest = dups.values().iterator(); dups.size() > most; ) {
            meta.remove(dupKey(oldest.next()));
            oldest.remove();
        }
    }

    private void index(PgLogEntry entry) {
        if (entry.isLost()) {
            giveUp(entry);
        }
        if (!entry.isError()) {
            byObject.put(entry.object(), entry);
        }
        if (!entry.reqId().equals(ReqId.NONE)) {
            byRequest.put(
                    entry.reqId(),
                    new Answer(entry.version(), entry.userVersion(), entry.returnCode(), entry.opReturns()));
        }
        for (PgLogEntry.ExtraReqId extra : entry.extraReqIds()) {
            byRequest.put(
                    extra.reqId(), new Answer(entry.version(), extra.userVersion(), extra.returnCode(), List.of()));
        }
    }

    /** What an operator has given up was not done: whoever asks for it again, because it never was answered, has it carried out. Ceph answers it as done. */
    private void giveUp(PgLogEntry lost) {
        for (PgLogEntry entry : entries) {
            if (entry.object().equals(lost.object())
                    && entry.version().compareTo(lost.revertingTo()) > 0
                    && entry.version().compareTo(lost.version()) < 0) {
                forget(entry);
            }
        }
    }

    /** Whether its request was known by this entry. */
    private boolean forget(PgLogEntry entry) {
        Answer answer = byRequest.get(entry.reqId());
        boolean known = answer != null && answer.version().equals(entry.version());
        if (known) {
            byRequest.remove(entry.reqId());
        }
        return known;
    }

    private void reindex() {
        byObject.clear();
        byRequest.clear();
        entries.forEach(this::index);
    }

    /** Moves the entries about some objects into another group's log, which gets this one's head and tail, and all it knows of trimmed requests: those may be about any object. Ceph: split_out_child. */
    public void splitInto(PgLog child, Predicate<ObjectId> moves) {
        List<PgLogEntry> all = List.copyOf(entries);
        entries.clear();
        for (PgLogEntry entry : all) {
            if (moves.test(entry.object())) {
                child.entries.addLast(entry);
                child.meta.put(key(entry.version()), PgLogEntry.CODEC.toBytes(entry));
                meta.remove(key(entry.version()));
            } else {
                entries.addLast(entry);
            }
        }
        child.head = head;
        child.tail = tail;
        child.meta.put(TAIL_KEY, EVersion.CODEC.toBytes(tail));
        reindex();
        child.reindex();
        child.mergeDups(List.copyOf(dups.values()));
    }

    /** Becomes the log of a group that others have merged into: empty, as of a version that none of them has passed, with all that they know of requests. Ceph: PGLog::merge_from. */
    public void mergeFrom(List<PgLog> sources, EVersion lastUpdate) {
        trim(head);
        List<PgLogDup> all = new ArrayList<>(dups.values());
        for (PgLog source : sources) {
            source.trim(source.head);
            all.addAll(source.dups.values());
        }
        all.sort(Comparator.comparing(PgLogDup::version));
        dups.values().forEach(dup -> meta.remove(dupKey(dup)));
        dups.clear();
        all.forEach(this::remember);
        head = lastUpdate;
        tail = lastUpdate;
        meta.put(TAIL_KEY, EVersion.CODEC.toBytes(tail));
    }

    /** Reads what {@link PgMeta} wrote: the log into this, and the missing set. {@code lastUpdate} is the head. */
    public void load(ObjectStore store, EVersion lastUpdate, MissingSet missing) {
        List<PgLogDup> loadedDups = new ArrayList<>();
        List<PgLogEntry> loaded = new ArrayList<>();
        Bytes after = null;
        for (SortedMap<Bytes, Bytes> page = page(store, null); !page.isEmpty(); page = page(store, after)) {
            page.forEach((key, value) -> {
                if (key.startsWith(DUP_PREFIX)) {
                    loadedDups.add(PgLogDup.CODEC.fromBytes(value));
                } else if (key.equals(TAIL_KEY)) {
                    tail = EVersion.CODEC.fromBytes(value);
                } else if (!key.isEmpty() && key.get(0) >= '0' && key.get(0) <= '9') {
                    loaded.add(PgLogEntry.CODEC.fromBytes(value));
                }
            });
            missing.load(page);
            after = page.lastKey();
        }
        entries.addAll(loaded);
        entries.forEach(this::index);
        loadedDups.sort(Comparator.comparing(PgLogDup::version));
        loadedDups.forEach(dup -> dups.put(dup.reqId(), dup));
        head = lastUpdate; // the newest entry may be older, where a split gave later ones to another group
    }

    private SortedMap<Bytes, Bytes> page(ObjectStore store, @Nullable Bytes after) {
        return store.omap(meta.collection(), meta.object(), after, LOAD_AT_ONCE);
    }

    /** With the request, because groups that merge have versions in common. */
    private static Bytes dupKey(PgLogDup dup) {
        return Bytes.of("dup_" + key(dup.version()).utf8() + "_" + dup.reqId());
    }

    /** The version as fixed digits, so that keys sort as versions do. Ceph: eversion_t::get_key_name. */
    public static Bytes key(EVersion version) {
        byte[] key = new byte[31];
        digits(Integer.toUnsignedLong(version.epoch()), key, 9, 10);
        key[10] = '.';
        digits(version.version(), key, 30, 20);
        return Bytes.wrap(key);
    }

    private static void digits(long value, byte[] out, int last, int count) {
        long v = value;
        for (int i = 0; i < count; i++, v /= 10) {
            out[last - i] = (byte) ('0' + v % 10);
        }
    }
}

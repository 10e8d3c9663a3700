package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.IntervalSet;
import io.spirula.common.types.PgId;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a placement group's primary reports about it. Ceph: pg_stat_t.
 *
 * @param state a bit for each of Ceph's PG_STATE_*
 * @param parent the group this one was split from, unused since long
 */
public record PgStats(
        EVersion version,
        long reportedSequence,
        int reportedEpoch,
        long state,
        EVersion logStart,
        EVersion ondiskLogStart,
        int created,
        int lastEpochClean,
        PgId parent,
        int parentSplitBits,
        ScrubHistory scrub,
        ObjectStats stats,
        long logSize,
        long ondiskLogSize,
        Mapping mapping,
        Stamps stamps,
        Invalid invalid,
        List<Integer> blockedBy,
        int snapTrimQueueLength,
        IntervalSet purgedSnaps,
        List<PgShard> availNoMissing,
        Map<SortedSet<PgShard>, Integer> objectLocationCounts) {

    /** The newest epoch in which the group is known to have been clean: that of this report, if it is. Nobody needs older maps for it. Ceph: get_effective_last_epoch_clean. */
    public int knownCleanIn() {
        return (state & PgState.CLEAN) != 0 ? reportedEpoch : lastEpochClean;
    }

    /** Where the group is mapped, since which epoch. */
    public record Mapping(List<Integer> up, int upPrimary, List<Integer> acting, int actingPrimary, int epoch) {
        public static final Mapping NONE = new Mapping(List.of(), -1, List.of(), -1, 0);

        public Mapping {
            up = List.copyOf(up);
            acting = List.copyOf(acting);
        }
    }

    /** When the group last was in some condition, and last came to be. Ceph: last_fresh and so on. */
    public record Stamps(
            Instant fresh,
            Instant change,
            Instant active,
            Instant peered,
            Instant clean,
            Instant unstale,
            Instant undegraded,
            Instant fullsized,
            Instant becameActive,
            Instant becamePeered) {
        public static final Stamps NEVER = new Stamps(
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH);
    }

    /** Which of the statistics are not to be trusted until a scrub has counted anew. */
    public record Invalid(
            boolean stats,
            boolean dirtyStats,
            boolean omapStats,
            boolean hitSetStats,
            boolean hitSetBytesStats,
            boolean pinStats,
            boolean manifestStats) {
        public static final Invalid NOTHING = new Invalid(false, false, false, false, false, false, false);

        public Invalid withStats(boolean invalid) {
            return new Invalid(invalid, dirtyStats, omapStats, hitSetStats, hitSetBytesStats, pinStats, manifestStats);
        }
    }

    public static final PgStats EMPTY = new PgStats(
            EVersion.ZERO,
            0,
            0,
            0,
            EVersion.ZERO,
            EVersion.ZERO,
            0,
            0,
            new PgId(0, 0),
            0,
            ScrubHistory.NEVER,
            ObjectStats.ZERO,
            0,
            0,
            Mapping.NONE,
            Stamps.NEVER,
            Invalid.NOTHING,
            List.of(),
            0,
            IntervalSet.EMPTY,
            List.of(),
            Map.of());
    public static final Codec<PgStats> CODEC = Codec.of(PgStats::encode, PgStats::decode);

    public PgStats {
        blockedBy = List.copyOf(blockedBy);
        availNoMissing = List.copyOf(availNoMissing);
        objectLocationCounts = Collections.unmodifiableMap(new LinkedHashMap<>(objectLocationCounts));
    }

    public Builder toBuilder() {
        return new Builder(this);
    }

    /** The same with some things changed. */
    public static final class Builder {
        private final PgStats from;
        private long reportedSequence;
        private int reportedEpoch;
        private long state;
        private int created;
        private int lastEpochClean;
        private ObjectStats stats;
        private Mapping mapping;
        private Stamps stamps;
        private Invalid invalid;
        private List<Integer> blockedBy;

        private Builder(PgStats from) {
            this.from = from;
            reportedSequence = from.reportedSequence;
            reportedEpoch = from.reportedEpoch;
            state = from.state;
            created = from.created;
            lastEpochClean = from.lastEpochClean;
            stats = from.stats;
            mapping = from.mapping;
            stamps = from.stamps;
            invalid = from.invalid;
            blockedBy = from.blockedBy;
        }

        public Builder reportedSequence(long value) {
            reportedSequence = value;
            return this;
        }

        public Builder reportedEpoch(int value) {
            reportedEpoch = value;
            return this;
        }

        public Builder state(long value) {
            state = value;
            return this;
        }

        public Builder created(int value) {
            created = value;
            return this;
        }

        public Builder lastEpochClean(int value) {
            lastEpochClean = value;
            return this;
        }

        public Builder stats(ObjectStats value) {
            stats = value;
            return this;
        }

        public Builder mapping(Mapping value) {
            mapping = value;
            return this;
        }

        public Builder stamps(Stamps value) {
            stamps = value;
            return this;
        }

        /** @param estimated whether the sums are not to be trusted until they have been counted anew */
        public Builder stats(ObjectStats value, boolean estimated) {
            stats = value;
            invalid = invalid.withStats(estimated);
            return this;
        }

        public Builder blockedBy(List<Integer> value) {
            blockedBy = value;
            return this;
        }

        public PgStats build() {
            return new PgStats(
                    from.version,
                    reportedSequence,
                    reportedEpoch,
                    state,
                    from.logStart,
                    from.ondiskLogStart,
                    created,
                    lastEpochClean,
                    from.parent,
                    from.parentSplitBits,
                    from.scrub,
                    stats,
                    from.logSize,
                    from.ondiskLogSize,
                    mapping,
                    stamps,
                    invalid,
                    blockedBy,
                    from.snapTrimQueueLength,
                    from.purgedSnaps,
                    from.availNoMissing,
                    from.objectLocationCounts);
        }
    }

    private void encode(Encoder out) {
        out.struct(26, 22, o -> {
            o.put(EVersion.CODEC, version).u64(reportedSequence).u32(reportedEpoch);
            o.u32((int) state);
            o.put(EVersion.CODEC, logStart).put(EVersion.CODEC, ondiskLogStart);
            o.u32(created).u32(lastEpochClean).put(PgId.CODEC, parent).u32(parentSplitBits);
            o.put(EVersion.CODEC, scrub.lastScrub()).time(scrub.lastScrubStamp());
            o.put(ObjectStats.COLLECTION_CODEC, stats).u64(logSize).u64(ondiskLogSize);
            o.list(mapping.up, (v, l) -> l.u32(v)).list(mapping.acting, (v, l) -> l.u32(v));
            o.time(stamps.fresh).time(stamps.change).time(stamps.active);
            o.time(stamps.clean).time(stamps.unstale).u32(mapping.epoch);
            o.put(EVersion.CODEC, scrub.lastDeepScrub()).time(scrub.lastDeepScrubStamp());
            o.bool(invalid.stats).time(scrub.lastCleanScrubStamp()).time(stamps.becameActive);
            o.bool(invalid.dirtyStats).u32(mapping.upPrimary).u32(mapping.actingPrimary);
            o.bool(invalid.omapStats).bool(invalid.hitSetStats);
            o.list(blockedBy, (v, l) -> l.u32(v));
            o.time(stamps.undegraded).time(stamps.fullsized).bool(invalid.hitSetBytesStats);
            o.time(stamps.peered).time(stamps.becamePeered).bool(invalid.pinStats);
            o.u32(snapTrimQueueLength).u32((int) (state >>> 32));
            o.put(IntervalSet.CODEC, purgedSnaps).bool(invalid.manifestStats);
            o.list(availNoMissing, (s, l) -> l.put(PgShard.CODEC, s));
            o.map(objectLocationCounts, (set, m) -> m.list(set, (s, l) -> l.put(PgShard.CODEC, s)), (n, m) -> m.u32(n));
        });
    }

    private static PgStats decode(Decoder in) {
        return in.struct(26, (b, structVersion) -> {
            EVersion version = b.get(EVersion.CODEC);
            long reportedSequence = b.u64();
            int reportedEpoch = b.i32();
            long lowState = b.u32();
            EVersion logStart = b.get(EVersion.CODEC);
            EVersion ondiskLogStart = b.get(EVersion.CODEC);
            int created = b.i32();
            int lastEpochClean = b.i32();
            PgId parent = b.get(PgId.CODEC);
            int parentSplitBits = b.i32();
            EVersion lastScrub = b.get(EVersion.CODEC);
            Instant lastScrubStamp = b.time();
            ObjectStats stats = b.get(ObjectStats.COLLECTION_CODEC);
            long logSize = b.u64();
            long ondiskLogSize = b.u64();
            List<Integer> up = b.list(Decoder::i32);
            List<Integer> acting = b.list(Decoder::i32);
            Instant fresh = b.time();
            Instant change = b.time();
            Instant active = b.time();
            Instant clean = b.time();
            Instant unstale = b.time();
            int mappingEpoch = b.i32();
            EVersion lastDeepScrub = b.get(EVersion.CODEC);
            Instant lastDeepScrubStamp = b.time();
            boolean statsInvalid = b.bool();
            Instant lastCleanScrubStamp = b.time();
            Instant becameActive = b.time();
            boolean dirtyInvalid = b.bool();
            int upPrimary = b.i32();
            int actingPrimary = b.i32();
            boolean omapInvalid = b.bool();
            boolean hitSetInvalid = b.bool();
            List<Integer> blockedBy = b.list(Decoder::i32);
            Instant undegraded = b.time();
            Instant fullsized = b.time();
            boolean hitSetBytesInvalid = b.bool();
            Instant peered = b.time();
            Instant becamePeered = b.time();
            boolean pinInvalid = b.bool();
            int snapTrimQueueLength = b.i32();
            long state = b.u32() << 32 | lowState;
            IntervalSet purgedSnaps = b.get(IntervalSet.CODEC);
            boolean manifestInvalid = b.bool();
            return new PgStats(
                    version,
                    reportedSequence,
                    reportedEpoch,
                    state,
                    logStart,
                    ondiskLogStart,
                    created,
                    lastEpochClean,
                    parent,
                    parentSplitBits,
                    new ScrubHistory(lastScrub, lastScrubStamp, lastDeepScrub, lastDeepScrubStamp, lastCleanScrubStamp),
                    stats,
                    logSize,
                    ondiskLogSize,
                    new Mapping(up, upPrimary, acting, actingPrimary, mappingEpoch),
                    new Stamps(
                            fresh,
                            change,
                            active,
                            peered,
                            clean,
                            unstale,
                            undegraded,
                            fullsized,
                            becameActive,
                            becamePeered),
                    new Invalid(
                            statsInvalid,
                            dirtyInvalid,
                            omapInvalid,
                            hitSetInvalid,
                            hitSetBytesInvalid,
                            pinInvalid,
                            manifestInvalid),
                    blockedBy,
                    snapTrimQueueLength,
                    purgedSnaps,
                    structVersion >= 26 ? b.list(d -> d.get(PgShard.CODEC)) : List.of(),
                    structVersion >= 26 ? b.map(PgStats::decodeShards, Decoder::i32) : Map.of());
        });
    }

    private static SortedSet<PgShard> decodeShards(Decoder in) {
        return new TreeSet<>(in.list(d -> d.get(PgShard.CODEC)));
    }
}

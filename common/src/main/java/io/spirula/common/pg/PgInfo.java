package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.IntervalSet;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;

/**
 * One OSD's view of a placement group: how far its log and objects go. Ceph: pg_info_t.
 *
 * @param lastUpdate the newest entry of its log
 * @param lastComplete up to here nothing is missing
 * @param logTail the version before its log's oldest entry
 * @param lastBackfill objects below this are there; {@link ObjectId#MAX} when complete
 */
public record PgInfo(
        ShardPgId pg,
        EVersion lastUpdate,
        EVersion lastComplete,
        int lastEpochStarted,
        int lastIntervalStarted,
        long lastUserVersion,
        EVersion logTail,
        ObjectId lastBackfill,
        IntervalSet purgedSnaps,
        PgStats stats,
        PgHistory history) {
    public static final Codec<PgInfo> CODEC = Codec.of(PgInfo::encode, PgInfo::decode);

    /** The info of a group that has nothing yet, and so nothing missing. */
    public static PgInfo empty(ShardPgId pg) {
        return new PgInfo(
                pg,
                EVersion.ZERO,
                EVersion.ZERO,
                0,
                0,
                0,
                EVersion.ZERO,
                ObjectId.MAX,
                IntervalSet.EMPTY,
                PgStats.EMPTY,
                PgHistory.EMPTY);
    }

    /** Whether the OSD has nothing of the group. Ceph: is_empty. */
    public boolean isEmpty() {
        return lastUpdate.version() == 0;
    }

    /** Whether the OSD does not know the group at all. Ceph: dne. */
    public boolean doesNotExist() {
        return history.epochCreated() == 0;
    }

    public boolean hasMissing() {
        return !lastComplete.equals(lastUpdate);
    }

    public boolean isIncomplete() {
        return !lastBackfill.max();
    }

    public Builder toBuilder() {
        return new Builder(this);
    }

    /** The same with some things changed. */
    public static final class Builder {
        private final PgInfo from;
        private ShardPgId pg;
        private EVersion lastUpdate;
        private EVersion lastComplete;
        private int lastEpochStarted;
        private int lastIntervalStarted;
        private long lastUserVersion;
        private EVersion logTail;
        private ObjectId lastBackfill;
        private PgStats stats;
        private PgHistory history;

        private Builder(PgInfo from) {
            this.from = from;
            pg = from.pg;
            lastUpdate = from.lastUpdate;
            lastComplete = from.lastComplete;
            lastEpochStarted = from.lastEpochStarted;
            lastIntervalStarted = from.lastIntervalStarted;
            lastUserVersion = from.lastUserVersion;
            logTail = from.logTail;
            lastBackfill = from.lastBackfill;
            stats = from.stats;
            history = from.history;
        }

        public Builder pg(ShardPgId value) {
            pg = value;
            return this;
        }

        public Builder lastUpdate(EVersion value) {
            lastUpdate = value;
            return this;
        }

        public Builder lastComplete(EVersion value) {
            lastComplete = value;
            return this;
        }

        public Builder lastUserVersion(long value) {
            lastUserVersion = value;
            return this;
        }

        public Builder logTail(EVersion value) {
            logTail = value;
            return this;
        }

        public Builder lastBackfill(ObjectId value) {
            lastBackfill = value;
            return this;
        }

        public Builder stats(PgStats value) {
            stats = value;
            return this;
        }

        public Builder history(PgHistory value) {
            history = value;
            return this;
        }

        /** The epoch and the interval in which it was active last. */
        public Builder started(int epoch, int interval) {
            lastEpochStarted = epoch;
            lastIntervalStarted = interval;
            return this;
        }

        public PgInfo build() {
            return new PgInfo(
                    pg,
                    lastUpdate,
                    lastComplete,
                    lastEpochStarted,
                    lastIntervalStarted,
                    lastUserVersion,
                    logTail,
                    lastBackfill,
                    from.purgedSnaps,
                    stats,
                    history);
        }
    }

    private void encode(Encoder out) {
        out.struct(32, 26, o -> {
            o.put(PgId.CODEC, pg.pg());
            o.put(EVersion.CODEC, lastUpdate).put(EVersion.CODEC, lastComplete).put(EVersion.CODEC, logTail);
            o.put(ObjectId.CODEC, ObjectId.MIN); // where readers from before jewel look for lastBackfill
            o.put(PgStats.CODEC, stats).put(PgHistory.CODEC, history);
            o.put(IntervalSet.CODEC, purgedSnaps).u32(lastEpochStarted).u64(lastUserVersion);
            HitSetHistory.encodeEmpty(o);
            o.u8(pg.shard()).put(ObjectId.CODEC, lastBackfill).bool(true); // sorted bitwise
            o.u32(lastIntervalStarted);
        });
    }

    private static PgInfo decode(Decoder in) {
        return in.struct(32, (b, version) -> {
            PgId pg = b.get(PgId.CODEC);
            EVersion lastUpdate = b.get(EVersion.CODEC);
            EVersion lastComplete = b.get(EVersion.CODEC);
            EVersion logTail = b.get(EVersion.CODEC);
            b.get(ObjectId.CODEC);
            PgStats stats = b.get(PgStats.CODEC);
            PgHistory history = b.get(PgHistory.CODEC);
            IntervalSet purgedSnaps = b.get(IntervalSet.CODEC);
            int lastEpochStarted = b.i32();
            long lastUserVersion = b.u64();
            HitSetHistory.skip(b);
            ShardPgId shard = new ShardPgId(pg, (byte) b.u8());
            ObjectId lastBackfill = b.get(ObjectId.CODEC);
            b.bool();
            int lastIntervalStarted = version >= 32 ? b.i32() : lastEpochStarted;
            return new PgInfo(
                    shard,
                    lastUpdate,
                    lastComplete,
                    lastEpochStarted,
                    lastIntervalStarted,
                    lastUserVersion,
                    logTail,
                    lastBackfill,
                    purgedSnaps,
                    stats,
                    history);
        });
    }
}

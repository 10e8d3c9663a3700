package io.spirula.common.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.maps.ObjectLocator;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.ObjectId;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is kept about an object beside its data: version, size, times, watchers, digests. Ceph: object_info_t.
 *
 * @param flags the {@code FLAG_*} here
 * @param dataDigest CRC32C of all data, where {@link #FLAG_DATA_DIGEST} says so; otherwise -1, as {@code omapDigest}
 * @param watchers by cookie and client
 */
public record ObjectInfo(
        ObjectId object,
        EVersion version,
        EVersion priorVersion,
        ReqId lastReqId,
        long userVersion,
        long size,
        Instant mtime,
        Instant localMtime,
        int flags,
        long truncateSequence,
        long truncateSize,
        Map<Watcher, WatchInfo> watchers,
        int dataDigest,
        int omapDigest,
        AllocHint allocHint,
        Bytes manifest) {
    /** The attribute in which an object has it. Ceph: OI_ATTR. */
    public static final Bytes ATTRIBUTE = Bytes.of("_");

    /** Ceph: object_info_t's flag_t. */
    public static final int FLAG_LOST = 1 << 0;

    public static final int FLAG_WHITEOUT = 1 << 1;
    public static final int FLAG_DIRTY = 1 << 2;
    public static final int FLAG_OMAP = 1 << 3;
    public static final int FLAG_DATA_DIGEST = 1 << 4;
    public static final int FLAG_OMAP_DIGEST = 1 << 5;
    public static final int FLAG_CACHE_PIN = 1 << 6;
    public static final int FLAG_MANIFEST = 1 << 7;
    public static final int FLAG_USES_TMAP = 1 << 8;
    public static final int FLAG_REDIRECT_HAS_REFERENCE = 1 << 9;

    /** One watch of one client. */
    public record Watcher(long cookie, EntityId client) implements Comparable<Watcher> {
        @Override
        public int compareTo(Watcher other) {
            int byCookie = Long.compareUnsigned(cookie, other.cookie);
            if (byCookie != 0) {
                return byCookie;
            }
            int byType = client.type().compareTo(other.client.type());
            return byType != 0 ? byType : Long.compare(client.number(), other.client.number());
        }
    }

    /** What the writer expects of the object, flags as CEPH_OSD_ALLOC_HINT_FLAG_*. */
    public record AllocHint(long expectedObjectSize, long expectedWriteSize, int flags) {
        public static final AllocHint NONE = new AllocHint(0, 0, 0);
    }

    public static final Codec<ObjectInfo> CODEC = Codec.of(ObjectInfo::encode, ObjectInfo::decode);

    public ObjectInfo {
        watchers = Collections.unmodifiableMap(new TreeMap<>(watchers));
    }

    /** The info of an object that does not exist yet. */
    public static ObjectInfo of(ObjectId object) {
        return new ObjectInfo(
                object,
                EVersion.ZERO,
                EVersion.ZERO,
                ReqId.NONE,
                0,
                0,
                Instant.EPOCH,
                Instant.EPOCH,
                0,
                0,
                0,
                Map.of(),
                -1,
                -1,
                AllocHint.NONE,
                Bytes.EMPTY);
    }

    /** What an object's attribute says; null where it has none, or one that can't be read. */
    public static @Nullable ObjectInfo read(@Nullable Bytes attribute) {
        try {
            return attribute == null ? null : CODEC.fromBytes(attribute);
        } catch (MalformedInput e) {
            return null;
        }
    }

    /** The object as it is, taken for a later version. */
    public ObjectInfo restamped(EVersion later) {
        return new ObjectInfo(
                object,
                later,
                version,
                lastReqId,
                userVersion,
                size,
                mtime,
                localMtime,
                flags,
                truncateSequence,
                truncateSize,
                watchers,
                dataDigest,
                omapDigest,
                allocHint,
                manifest);
    }

    public boolean hasFlag(int flag) {
        return (flags & flag) != 0;
    }

    private void encode(Encoder out) {
        out.struct(17, 8, o -> {
            o.put(ObjectId.CODEC, object);
            o.put(ObjectLocator.CODEC, ObjectLocator.of(object.pool(), object.namespace(), object.key()));
            o.u32(0); // a category once
            o.put(EVersion.CODEC, version).put(EVersion.CODEC, priorVersion).put(ReqId.CODEC, lastReqId);
            o.u64(size).time(mtime);
            if (object.snap() == ObjectId.HEAD) {
                o.put(ReqId.CODEC, ReqId.NONE); // a lock's owner once
            } else {
                o.u32(0); // a clone's snapshots once
            }
            o.u64(truncateSequence).u64(truncateSize).bool(hasFlag(FLAG_LOST));
            Map<EntityId, WatchInfo> byClient = watchersByClient();
            o.map(byClient, (c, m) -> m.put(EntityId.CODEC, c), (w, m) -> m.put(WatchInfo.CODEC, w));
            o.put(EVersion.CODEC, new EVersion(0, userVersion)).bool(hasFlag(FLAG_USES_TMAP));
            o.map(
                    watchers,
                    (w, m) -> m.u64(w.cookie).put(EntityId.CODEC, w.client),
                    (w, m) -> m.put(WatchInfo.CODEC, w));
            o.u32(flags).time(localMtime).u32(dataDigest).u32(omapDigest);
            o.u64(allocHint.expectedObjectSize).u64(allocHint.expectedWriteSize).u32(allocHint.flags);
            o.raw(manifest);
        });
    }

    /** As readers from before infernalis know them: one watch for each client. */
    private Map<EntityId, WatchInfo> watchersByClient() {
        Map<EntityId, WatchInfo> byClient = new TreeMap<>((a, b) -> new Watcher(0, a).compareTo(new Watcher(0, b)));
        watchers.forEach((who, info) -> byClient.putIfAbsent(who.client, info));
        return byClient;
    }

    private static ObjectInfo decode(Decoder in) {
        return in.struct(17, (b, structVersion) -> {
            if (structVersion < 13) {
                throw new MalformedInput("an object's info of version " + structVersion + ", from before jewel");
            }
            ObjectId object = b.get(ObjectId.CODEC);
            b.get(ObjectLocator.CODEC);
            b.bytes();
            EVersion version = b.get(EVersion.CODEC);
            EVersion prior = b.get(EVersion.CODEC);
            ReqId lastReqId = b.get(ReqId.CODEC);
            long size = b.u64();
            Instant mtime = b.time();
            if (object.snap() == ObjectId.HEAD) {
                b.get(ReqId.CODEC);
            } else {
                b.list(Decoder::u64);
            }
            long truncateSequence = b.u64();
            long truncateSize = b.u64();
            b.bool();
            b.map(d -> d.get(EntityId.CODEC), d -> d.get(WatchInfo.CODEC));
            long userVersion = b.get(EVersion.CODEC).version();
            b.bool();
            Map<Watcher, WatchInfo> watchers =
                    b.map(d -> new Watcher(d.u64(), d.get(EntityId.CODEC)), d -> d.get(WatchInfo.CODEC));
            int flags = b.i32();
            Instant localMtime = structVersion >= 14 ? b.time() : Instant.EPOCH;
            int dataDigest = structVersion >= 15 ? b.i32() : -1;
            int omapDigest = structVersion >= 15 ? b.i32() : -1;
            AllocHint hint = structVersion >= 16 ? new AllocHint(b.u64(), b.u64(), b.i32()) : AllocHint.NONE;
            Bytes manifest = structVersion >= 17 && (flags & FLAG_MANIFEST) != 0
                    ? b.rest().compact()
                    : Bytes.EMPTY;
            return new ObjectInfo(
                    object,
                    version,
                    prior,
                    lastReqId,
                    userVersion,
                    size,
                    mtime,
                    localMtime,
                    flags,
                    truncateSequence,
                    truncateSize,
                    watchers,
                    dataDigest,
                    omapDigest,
                    hint,
                    manifest);
        });
    }
}

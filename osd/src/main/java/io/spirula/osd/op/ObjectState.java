package io.spirula.osd.op;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.pg.ObjectInfo;
import io.spirula.common.pg.ReqId;
import io.spirula.common.pg.WatchInfo;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.ObjectId;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is known of an object besides its contents, to be changed while operations run. Ceph: ObjectState, with its object_info_t. */
final class ObjectState {
    /** One client's watch. */
    record WatchKey(long cookie, EntityId client) implements Comparable<WatchKey> {
        @Override
        public int compareTo(WatchKey other) {
            int byCookie = Long.compareUnsigned(cookie, other.cookie);
            if (byCookie != 0) {
                return byCookie;
            }
            int byType = client.type().compareTo(other.client.type());
            return byType != 0 ? byType : Long.compare(client.number(), other.client.number());
        }
    }

    record Watcher(int timeoutSeconds, EntityAddr address) {}

    boolean exists;
    long size;
    EVersion version = EVersion.ZERO;
    EVersion priorVersion = EVersion.ZERO;
    long userVersion;
    ReqId lastReqid = ReqId.NONE;
    Instant mtime = Instant.EPOCH;
    Instant localMtime = Instant.EPOCH;
    int flags;
    long truncateSeq;
    long truncateSize;
    int dataDigest;
    int omapDigest;
    long expectedObjectSize;
    long expectedWriteSize;
    int allocationHintFlags;
    SortedMap<WatchKey, Watcher> watchers = new TreeMap<>();

    static ObjectState absent() {
        return new ObjectState();
    }

    ObjectState copy() {
        ObjectState c = new ObjectState();
        c.exists = exists;
        c.size = size;
        c.version = version;
        c.priorVersion = priorVersion;
        c.userVersion = userVersion;
        c.lastReqid = lastReqid;
        c.mtime = mtime;
        c.localMtime = localMtime;
        c.flags = flags;
        c.truncateSeq = truncateSeq;
        c.truncateSize = truncateSize;
        c.dataDigest = dataDigest;
        c.omapDigest = omapDigest;
        c.expectedObjectSize = expectedObjectSize;
        c.expectedWriteSize = expectedWriteSize;
        c.allocationHintFlags = allocationHintFlags;
        if (!watchers.isEmpty()) {
            c.watchers.putAll(watchers);
        }
        return c;
    }

    /** The object is made; digests come with its data. Ceph: object_info_t::new_object. */
    void becomeNew() {
        exists = true;
        clearDataDigest();
        clearOmapDigest();
    }

    /** The object is removed within the running vector; its version stays, for whoever creates it again there. */
    void becomeAbsent() {
        exists = false;
        size = 0;
        flags = 0;
        truncateSeq = 0;
        truncateSize = 0;
        dataDigest = 0;
        omapDigest = 0;
        expectedObjectSize = 0;
        expectedWriteSize = 0;
        allocationHintFlags = 0;
        watchers.clear();
    }

    boolean hasDataDigest() {
        return (flags & ObjectInfo.FLAG_DATA_DIGEST) != 0;
    }

    void setDataDigest(int digest) {
        dataDigest = digest;
        flags |= ObjectInfo.FLAG_DATA_DIGEST;
    }

    void clearDataDigest() {
        dataDigest = -1;
        flags &= ~ObjectInfo.FLAG_DATA_DIGEST;
    }

    boolean hasOmap() {
        return (flags & ObjectInfo.FLAG_OMAP) != 0;
    }

    void omapChanged() {
        flags |= ObjectInfo.FLAG_OMAP;
        clearOmapDigest();
    }

    void omapCleared() {
        flags &= ~ObjectInfo.FLAG_OMAP;
        clearOmapDigest();
    }

    void setOmapDigest(int digest) {
        omapDigest = digest;
        flags |= ObjectInfo.FLAG_OMAP_DIGEST;
    }

    void clearOmapDigest() {
        omapDigest = -1;
        flags &= ~ObjectInfo.FLAG_OMAP_DIGEST;
    }

    /** The form in which it is stored: Ceph's object_info_t. */
    Bytes encode(ObjectId id) {
        Map<ObjectInfo.Watcher, WatchInfo> watching = new TreeMap<>();
        watchers.forEach((k, w) -> watching.put(
                new ObjectInfo.Watcher(k.cookie, k.client), new WatchInfo(k.cookie, w.timeoutSeconds, w.address)));
        return ObjectInfo.CODEC.toBytes(new ObjectInfo(
                id,
                version,
                priorVersion,
                lastReqid,
                userVersion,
                size,
                mtime,
                localMtime,
                flags | ObjectInfo.FLAG_DIRTY,
                truncateSeq,
                truncateSize,
                watching,
                dataDigest,
                omapDigest,
                new ObjectInfo.AllocHint(expectedObjectSize, expectedWriteSize, allocationHintFlags),
                Bytes.EMPTY));
    }

    /** Throws MalformedInput. */
    static ObjectState decode(Bytes encoded) {
        ObjectInfo info = ObjectInfo.CODEC.fromBytes(encoded);
        ObjectState s = new ObjectState();
        s.exists = true;
        s.size = info.size();
        s.version = info.version();
        s.priorVersion = info.priorVersion();
        s.userVersion = info.userVersion();
        s.lastReqid = info.lastReqId();
        s.mtime = info.mtime();
        s.localMtime = info.localMtime();
        s.flags = info.flags();
        s.truncateSeq = info.truncateSequence();
        s.truncateSize = info.truncateSize();
        s.dataDigest = info.dataDigest();
        s.omapDigest = info.omapDigest();
        s.expectedObjectSize = info.allocHint().expectedObjectSize();
        s.expectedWriteSize = info.allocHint().expectedWriteSize();
        s.allocationHintFlags = info.allocHint().flags();
        info.watchers()
                .forEach((k, w) -> s.watchers.put(
                        new WatchKey(k.cookie(), k.client()), new Watcher(w.timeoutSeconds(), w.addr())));
        return s;
    }
}

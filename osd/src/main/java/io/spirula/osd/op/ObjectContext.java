package io.spirula.osd.op;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.ObjectId;
import java.util.ArrayList;
import java.util.List;

/**
 * One object as its primary knows it now: its state with all changes that were started, durable or not, and who works on it. Ceph: ObjectContext.
 */
public final class ObjectContext {
    private final ObjectId id;
    final ObjectLock lock = new ObjectLock();
    private final Bytes encodedSnapSet;
    private ObjectState state;

    ObjectContext(ObjectId id, ObjectState state, Bytes encodedSnapSet) {
        this.id = id;
        this.state = state;
        this.encodedSnapSet = encodedSnapSet;
    }

    public ObjectId id() {
        return id;
    }

    /** A client that watches the object. */
    public record Watch(long cookie, EntityId client, EntityAddr address, int timeoutSeconds) {}

    public List<Watch> watches() {
        List<Watch> all = new ArrayList<>();
        state.watchers.forEach((k, w) -> all.add(new Watch(k.cookie(), k.client(), w.address(), w.timeoutSeconds())));
        return all;
    }

    public boolean isWatched() {
        return !state.watchers.isEmpty();
    }

    public boolean exists() {
        return state.exists;
    }

    /** Whether data that was read may be the object's: false where it is as long as all of it, and its digest is another one. */
    boolean isWhole(Bytes data) {
        return data.size() != state.size || !state.hasDataDigest() || data.crc32c(-1) == state.dataDigest;
    }

    public long userVersion() {
        return state.userVersion;
    }

    /**
     * Takes the object for an operation, at once or later: false where {@code granted} will be run.
     *
     * @param reads whether it looks at the object
     * @param writes whether it is ordered with changes
     */
    public boolean acquire(boolean reads, boolean writes, Runnable granted) {
        ObjectLock.Mode mode =
                !writes ? ObjectLock.Mode.READ : reads ? ObjectLock.Mode.EXCLUSIVE : ObjectLock.Mode.WRITE;
        return lock.acquire(mode, granted);
    }

    public void release() {
        lock.release();
    }

    ObjectState state() {
        return state;
    }

    void replace(ObjectState changed) {
        state = changed;
    }

    Bytes encodedSnapSet() {
        return encodedSnapSet;
    }

    /** The newest snapshot that the object knows of; 0 as long as there are none. */
    long snapSequence() {
        return 0;
    }
}

package io.spirula.osd.op;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.pg.ObjectInfo;
import io.spirula.common.pg.SnapSet;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.Errno;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.StoreException;
import io.spirula.osd.store.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One vector of operations on one object while it runs. Operations see the metadata that earlier ones of the vector have left (Ceph's new_obs), but the data, attributes and pairs that the store
 * has: as in Ceph, a vector does not read what it writes. It runs to its end at once unless a read has to wait for a disk. Nothing is changed before {@link #seal}: a vector that fails leaves no trace.
 *
 * <p>Ceph: OpContext and PrimaryLogPG::do_osd_ops.
 */
public final class OpExecution {
    /** What an operation returns that goes on when its read is there. */
    static final int SUSPENDED = Integer.MIN_VALUE;

    final OpEnvironment environment;
    final ObjectContext context;
    final OpSource source;
    final ObjectState state;
    final StatDelta stats = new StatDelta();
    private final List<ObjectOp> operations;
    private final Outcome[] outcomes;
    private final List<Transaction.Op> changes = new ArrayList<>(4);
    private final List<WatchEffect> watchEffects = new ArrayList<>(0);
    private Bytes pendingOutput = Bytes.EMPTY;
    private @Nullable Runnable done;
    private int next;
    private int result;
    private boolean modified;
    private boolean userModified;
    private boolean damaged;

    /** What one operation came to: Ceph's rval and outdata. */
    public record Outcome(int code, Bytes output) {
        static final Outcome NOT_RUN = new Outcome(0, Bytes.EMPTY);
    }

    public OpExecution(OpEnvironment environment, ObjectContext context, OpSource source, List<ObjectOp> operations) {
        this.environment = environment;
        this.context = context;
        this.source = source;
        this.operations = operations;
        state = context.state().copy();
        outcomes = new Outcome[operations.size()];
        java.util.Arrays.fill(outcomes, Outcome.NOT_RUN);
    }

    /** Runs the vector; {@code whenDone} is called once, before this returns unless a read has to wait. */
    public void run(Runnable whenDone) {
        done = whenDone;
        step();
    }

    /** 0 or more, or the negative errno of the operation that failed. */
    public int result() {
        return result;
    }

    public List<Outcome> outcomes() {
        return List.of(outcomes);
    }

    /** Whether there is something to make durable. */
    public boolean isModified() {
        return result >= 0 && (modified || !changes.isEmpty());
    }

    /** Whether it failed because our copy of the object is not what it should be: another copy may be. */
    public boolean isDamaged() {
        return damaged;
    }

    public StatDelta stats() {
        return stats;
    }

    public List<WatchEffect> watchEffects() {
        return watchEffects;
    }

    public ObjectContext context() {
        return context;
    }

    public List<ObjectOp> operations() {
        return operations;
    }

    /** The object's user version after the vector, before it is sealed; for replies to reads. */
    public long userVersion() {
        return state.userVersion;
    }

    public boolean deletes() {
        return !state.exists;
    }

    /** Notes digests that were computed of all that the object has; null for those that were not. */
    public void noteDigests(@Nullable Integer data, @Nullable Integer omap) {
        if (data != null) {
            state.setDataDigest(data);
        }
        if (omap != null) {
            state.setOmapDigest(omap);
        }
        touchInfo();
    }

    /** Takes a watch off the object; false where there is none like this. */
    public boolean endWatch(ObjectContext.Watch watch) {
        touchInfo();
        return state.watchers.remove(new ObjectState.WatchKey(watch.cookie(), watch.client())) != null;
    }

    /** What the log has to know of a sealed vector. */
    public record Sealed(List<Transaction.Op> changes, EVersion priorVersion, long userVersion, boolean delete) {}

    /**
     * Takes the vector's changes over into the object's context as version {@code at}, and gives all changes for the store: the object's info and snap set go with them.
     *
     * @param lastUserVersion the placement group's last_user_version
     */
    public Sealed seal(EVersion at, long lastUserVersion) {
        EVersion prior = context.state().version;
        long userVersion = context.state().userVersion;
        if (userModified) {
            userVersion = Math.max(Math.max(lastUserVersion, state.userVersion) + 1, at.version());
        }
        if (state.exists) {
            state.userVersion = userVersion;
            state.version = at;
            state.priorVersion = prior;
            state.lastReqid = source.reqid();
            if (!source.mtime().equals(Instant.EPOCH)) {
                state.mtime = source.mtime();
                state.localMtime = environment.clock().now();
            }
            SortedMap<Bytes, Bytes> attributes = new TreeMap<>();
            attributes.put(ObjectInfo.ATTRIBUTE, state.encode(context.id()));
            attributes.put(SnapSet.ATTRIBUTE, context.encodedSnapSet());
            changes.add(new Transaction.SetAttributes(environment.collection(), context.id(), attributes));
        }
        stats.omaps += (hasOmap(state) ? 1 : 0) - (hasOmap(context.state()) ? 1 : 0);
        boolean delete = !state.exists;
        context.replace(delete ? ObjectState.absent() : state);
        return new Sealed(changes, prior, userVersion, delete);
    }

    private static boolean hasOmap(ObjectState state) {
        return state.exists && state.hasOmap();
    }

    // What the families of operations use.

    ObjectId id() {
        return context.id();
    }

    ObjectStore store() {
        return environment.store();
    }

    boolean exists() {
        return state.exists;
    }

    void change(Transaction.Op op) {
        changes.add(op);
        modified = true;
    }

    /** The vector changes what users see, which moves the object's user version. */
    void userModify() {
        userModified = true;
    }

    /** There is nothing to store for it, but the object's info changes. */
    void touchInfo() {
        modified = true;
    }

    void watch(WatchEffect effect) {
        watchEffects.add(effect);
    }

    /** Makes sure that the object is there within this vector. Ceph: maybe_create_new_object. */
    void create() {
        if (!state.exists) {
            state.becomeNew();
            stats.objects++;
            change(new Transaction.Touch(environment.collection(), id()));
        }
    }

    void resize(long size) {
        stats.bytes += size - state.size;
        state.size = size;
    }

    void output(Bytes output) {
        pendingOutput = output;
    }

    /** Reads from the store and goes on with the data; gives what {@code then} gives, at once or when the read is there. */
    int read(long offset, long length, ToIntFunction<Bytes> then) {
        // What lies within the object's size is there, or the copy has lost it.
        PendingRead read = new PendingRead(data -> data.size() == length ? then.applyAsInt(data) : damaged());
        store().read(environment.collection(), id(), offset, length, read);
        if (read.finished) {
            return read.code;
        }
        read.suspended = true;
        return SUSPENDED;
    }

    /** What was read is not what was written. */
    int damaged() {
        damaged = true;
        return -Errno.EIO;
    }

    private final class PendingRead implements ObjectStore.ReadDone {
        private final ToIntFunction<Bytes> then;
        private boolean finished;
        private boolean suspended;
        private int code;

        PendingRead(ToIntFunction<Bytes> then) {
            this.then = then;
        }

        @Override
        public void done(Bytes data) {
            finish(then.applyAsInt(data));
        }

        @Override
        public void failed(StoreException why) {
            finish(why.kind() == StoreException.Kind.NO_SUCH_OBJECT ? -Errno.ENOENT : damaged());
        }

        private void finish(int value) {
            finished = true;
            code = value;
            if (suspended) {
                if (record(value)) {
                    step();
                } else {
                    end();
                }
            }
        }
    }

    private void step() {
        while (next < operations.size()) {
            ObjectOp op = operations.get(next);
            pendingOutput = Bytes.EMPTY;
            if (isWrite(op)) {
                userModified = true;
            }
            int code;
            try {
                code = OpDispatch.execute(this, op);
            } catch (MalformedInput e) {
                code = -Errno.EINVAL;
            } catch (StoreException e) {
                code = damaged();
            }
            if (code == SUSPENDED) {
                return;
            }
            if (!record(code)) {
                break;
            }
        }
        end();
    }

    private static boolean isWrite(ObjectOp op) {
        OsdOpCode code = op.op();
        return code != null && code.modifies() && code != OsdOpCode.WATCH;
    }

    /** Keeps an operation's outcome; false where the vector ends with it. */
    private boolean record(int code) {
        outcomes[next] = new Outcome(code, pendingOutput);
        boolean failureIsFine = operations.get(next).hasFlag(ObjectOp.FLAG_FAILOK) && code != -Errno.EAGAIN;
        next++;
        result = code < 0 && failureIsFine ? 0 : code;
        return result >= 0;
    }

    private void end() {
        java.util.Objects.requireNonNull(done, "not running").run();
    }
}

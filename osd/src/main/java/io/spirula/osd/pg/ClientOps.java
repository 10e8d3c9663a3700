package io.spirula.osd.pg;

import io.spirula.common.auth.caps.OsdCaps;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.maps.OsdMapFlag;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.OsdOp;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.msgr.Connection;
import io.spirula.common.pg.CleanRegions;
import io.spirula.common.pg.OpReturn;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.ReqId;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.Errno;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.op.GroupListing;
import io.spirula.osd.op.ObjectContext;
import io.spirula.osd.op.ObjectContexts;
import io.spirula.osd.op.OpEnvironment;
import io.spirula.osd.op.OpExecution;
import io.spirula.osd.op.OpExecution.Outcome;
import io.spirula.osd.op.OpSource;
import io.spirula.osd.op.OpTraits;
import io.spirula.osd.store.StoreException;
import io.spirula.osd.store.Transaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Clients' requests in one placement group whose primary we are: checked, ordered per object, executed, replicated, answered. A request is in exactly one place: waiting for the group to be active, waiting for its object
 * to be there or free, being executed, or on its way to the disks. When the interval ends, all that were not answered start again from the first, in the order they came in.
 *
 * <p>Source of the order of checks: PrimaryLogPG::do_op and execute_ctx.
 */
public final class ClientOps {
    /** Requests held for one group beyond which its clients' connections are closed: they send again. */
    private static final int MAX_HELD = 20_000;

    private static final int IDLE_CONTEXTS = 512;

    private final PlacementGroup pg;
    private final PgHost host;
    private final ObjectContexts contexts;
    private final LinkedHashSet<ClientOp> live = new LinkedHashSet<>();
    private final ArrayDeque<ClientOp> waitingForActive = new ArrayDeque<>();
    private final Map<ReqId, InProgress> inProgress = new HashMap<>();
    private OpEnvironment environment;

    /** A write that is on its way to the disks, and those that asked for it again meanwhile. */
    private static final class InProgress {
        private final List<ClientOp> repeats = new ArrayList<>(0);
    }

    ClientOps(PlacementGroup pg, PgHost host) {
        this.pg = pg;
        this.host = host;
        contexts = new ObjectContexts(host.store(), pg.collection(), IDLE_CONTEXTS);
        environment = environment();
    }

    private OpEnvironment environment() {
        PgPool pool = host.map().pool(pg.id().pg().pool());
        return new OpEnvironment(
                host.store(),
                pg.collection(),
                host.clock(),
                host.limits(),
                host.classes(),
                pool == null || pool.isReplicated(),
                host::nextNotifyId);
    }

    public ObjectContexts contexts() {
        return contexts;
    }

    /** Shows all requests that are somewhere on their way. */
    public void visit(Consumer<ClientOp> visitor) {
        live.forEach(visitor);
        waitingForActive.forEach(visitor);
    }

    /** How many requests are somewhere on their way. */
    public int held() {
        return live.size() + waitingForActive.size();
    }

    /** Takes a request that belongs to this group in the current map. */
    public void handle(ClientOp op) {
        if (op.connection().isClosed()) {
            op.done();
            return;
        }
        if (held() >= MAX_HELD) {
            op.connection().close();
            op.done();
            return;
        }
        if (!pg.isActive()) {
            waitingForActive.add(op);
            return;
        }
        start(op);
    }

    /** The group has become active: those that waited begin, in their order. */
    void activated() {
        environment = environment();
        List<ClientOp> waiting = new ArrayList<>(waitingForActive);
        waitingForActive.clear();
        waiting.forEach(this::handle);
    }

    /** A client's connection is gone: what of it waits for the group to be active will not be answered. */
    void closed(Connection connection) {
        waitingForActive.removeIf(op -> op.isGone(connection));
    }

    /** The interval is over. Everything that was not answered waits for the next one, if we are the primary then. */
    void reset(boolean primary) {
        List<ClientOp> unanswered = new ArrayList<>(live);
        unanswered.addAll(waitingForActive);
        live.clear();
        waitingForActive.clear();
        inProgress.clear();
        contexts.clear();
        for (ClientOp op : unanswered) {
            if (primary) {
                waitingForActive.add(op.again());
            } else {
                op.dropped = true;
                op.done();
            }
        }
    }

    /** An object that somebody waited for has been recovered. */
    void objectAvailable(List<ClientOp> waiting) {
        waiting.forEach(this::restart);
    }

    private void restart(ClientOp op) {
        if (!op.dropped && live.contains(op)) {
            proceed(op);
        }
    }

    private void start(ClientOp op) {
        OpTraits traits;
        try {
            traits = OpTraits.of(environment, op.message().ops(), op.message().hasFlag(OsdOp.FLAG_RWORDERED));
        } catch (MalformedInput e) {
            refuse(op, Errno.EINVAL);
            return;
        }
        int errno = traits == null ? OpTraits.missing(environment, op.message().ops()) : check(op, traits);
        if (errno != 0 || traits == null) {
            refuse(op, errno);
            return;
        }
        op.traits = traits;
        if (mustNotNow(op, traits)) {
            op.done(); // dropped as Ceph does: the client knows by the map, and sends it again when it may
            return;
        }
        if (traits.onGroup()) {
            list(op);
            return;
        }
        live.add(op);
        proceed(op);
    }

    /** Reads or writes are paused, or the disk is so full that what is written could be its end. */
    private boolean mustNotNow(ClientOp op, OpTraits traits) {
        boolean writes = traits.writes() || traits.writeOrdered();
        return traits.reads() && host.map().has(OsdMapFlag.PAUSERD)
                || writes && host.map().has(OsdMapFlag.PAUSEWR)
                || writes
                        && host.fullness() == Fullness.FAILSAFE
                        && !op.message().hasFlag(OsdOp.FLAG_FULL_TRY);
    }

    /** What a request must be like whatever its object is. */
    private int check(ClientOp op, OpTraits traits) {
        OsdOp m = op.message();
        ObjectId id = m.object();
        if (m.hasFlag(OsdOp.FLAG_PARALLELEXEC)
                || !traits.reads() && !traits.writes() && traits.needs().calls().isEmpty()) {
            return Errno.EINVAL;
        }
        if (!allowed(op, traits)) {
            return Errno.EPERM;
        }
        if (traits.onGroup()) {
            return 0;
        }
        int longest = host.limits().maxObjectNameBytes();
        if (id.name().size() > longest
                || id.key().size() > longest
                || id.namespace().size() > host.limits().maxNamespaceBytes()) {
            return Errno.ENAMETOOLONG;
        }
        if (id.name().isEmpty()) {
            return Errno.EINVAL;
        }
        if (host.map().isBlocklisted(op.address())) {
            return Errno.ESHUTDOWN;
        }
        if (traits.writes() && id.snap() != ObjectId.HEAD) {
            return Errno.EINVAL;
        }
        boolean snapshot = id.snap() != ObjectId.HEAD && id.snap() != ObjectId.SNAPDIR;
        if (snapshot || traits.writes() && !m.snaps().snaps().isEmpty()) {
            return Errno.EOPNOTSUPP; // there are only heads: better no answer than the head's for a snapshot's
        }
        if (traits.writes() && dataBytes(m) > host.limits().maxWriteBytes()) {
            return Errno.EMSGSIZE;
        }
        return 0;
    }

    private static long dataBytes(OsdOp m) {
        long total = 0;
        for (ObjectOp op : m.ops()) {
            total += op.input().size();
        }
        return total;
    }

    /** Ceph: PG::op_has_sufficient_caps. */
    private boolean allowed(ClientOp op, OpTraits traits) {
        OsdCaps caps = host.capsOf(op.connection());
        if (caps.allowsAll()) {
            return true;
        }
        ObjectId id = op.message().object();
        long poolId = pg.id().pg().pool();
        String name = host.map().poolName(poolId);
        PgPool pool = host.map().pool(poolId);
        if (name == null || pool == null) {
            return false; // the pool was deleted a moment ago
        }
        Bytes object = id.key().isEmpty() ? id.name() : id.key();
        OsdCaps.Target target = new OsdCaps.Target(name, id.namespace().utf8(), pool.applications(), object.utf8());
        return caps.allows(target, traits.needs());
    }

    /** From here a request may come again after it has waited for something. */
    private void proceed(ClientOp op) {
        ObjectId head = head(op.message().object());
        OpTraits traits = op.traits();
        if (pg.waitsForRecovery(head, traits.writeOrdered(), () -> restart(op))) {
            return;
        }
        if (traits.writes() && isRepeat(op)) {
            return;
        }
        ObjectContext context;
        try {
            context = contexts.load(head);
        } catch (StoreException | MalformedInput e) {
            refuse(op, Errno.EIO);
            return;
        }
        boolean now = context.acquire(traits.reads(), traits.writeOrdered(), () -> granted(op, context));
        if (now) {
            execute(op, context);
        }
    }

    private void granted(ClientOp op, ObjectContext context) {
        // While it waited for the object, another copy of the same request may have begun.
        if (op.dropped || op.traits().writes() && isRepeat(op)) {
            context.release();
        } else {
            execute(op, context);
        }
    }

    private static ObjectId head(ObjectId id) {
        return id.snap() == ObjectId.HEAD
                ? id
                : new ObjectId(id.pool(), id.namespace(), id.key(), id.name(), ObjectId.HEAD, id.hash(), false);
    }

    /** Whether a write was done before: then it is answered from the log, once what was done is durable. */
    private boolean isRepeat(ClientOp op) {
        InProgress running = inProgress.get(op.reqid());
        if (running != null) {
            running.repeats.add(op);
            return true;
        }
        PlacementGroup.DoneBefore done = pg.doneBefore(op.reqid());
        if (done == null) {
            return false;
        }
        if (pg.isDurable(done.version())) {
            answer(
                    op,
                    Replies.repeated(
                            op, done.result(), host.map().epoch(), done.returns(), done.version(), done.userVersion()));
        } else {
            pg.whenDurable(done.version(), () -> restart(op));
        }
        return true;
    }

    private void execute(ClientOp op, ObjectContext context) {
        OsdOp m = op.message();
        if (!context.exists() && !op.traits().writes()) {
            context.release();
            answer(
                    op,
                    Replies.absent(
                            op, -Errno.ENOENT, host.map().epoch(), List.of(), pg.lastUpdate(), pg.lastUserVersion()));
            return;
        }
        OpSource source = new OpSource(op.reqid(), op.address(), m.mtime());
        OpExecution execution = new OpExecution(environment, context, source, m.ops());
        execution.run(() -> executed(op, execution));
    }

    private void executed(ClientOp op, OpExecution execution) {
        ObjectContext context = execution.context();
        if (op.dropped) {
            context.release();
            return;
        }
        int result = execution.result();
        List<Outcome> outcomes = execution.outcomes();
        boolean changes = op.traits().writes() && execution.isModified();
        if (changes && isFull(op, execution)) {
            int errno = fullErrno(op);
            context.release();
            if (errno == 0) {
                live.remove(op); // dropped as Ceph does: the client sends it again when there is room
                op.done();
            } else {
                refuse(op, errno);
            }
            return;
        }
        if (changes && op.message().hasFlag(OsdOp.FLAG_RETURNVEC)) {
            for (Outcome outcome : outcomes) {
                if (outcome.output().size() > host.limits().maxWriteReplyBytes()) {
                    result = -Errno.EOVERFLOW;
                    changes = false;
                }
            }
        } else if (changes) {
            result = 0;
            outcomes = List.of(); // old clients' writes return nothing. Source: PrimaryLogPG::execute_ctx
        }
        if (changes) {
            submit(op, execution, result, outcomes);
            return;
        }
        OsdOpReply reply = result == -Errno.ENOENT
                ? Replies.absent(op, result, host.map().epoch(), outcomes, pg.lastUpdate(), pg.lastUserVersion())
                : Replies.read(op, result, host.map().epoch(), outcomes, execution.userVersion());
        if (result >= 0) {
            pg.count(execution.stats());
            pg.watches().apply(op, context, execution.watchEffects());
        }
        if (op.traits().writes()) {
            recordUnchanged(op, context, result, reply);
        } else {
            answer(op, reply);
            context.release();
        }
    }

    /** Pools without room take nothing that makes them larger. */
    private boolean isFull(ClientOp op, OpExecution execution) {
        PgPool pool = host.map().pool(pg.id().pg().pool());
        return pool != null
                && pool.has(PoolFlag.FULL)
                && !op.message().hasFlag(OsdOp.FLAG_FULL_FORCE)
                && (execution.stats().bytes > 0 || execution.stats().objects > 0);
    }

    private int fullErrno(ClientOp op) {
        PgPool pool = host.map().pool(pg.id().pg().pool());
        boolean quota = pool != null && pool.has(PoolFlag.FULL_QUOTA);
        return !op.message().hasFlag(OsdOp.FLAG_FULL_TRY) ? 0 : quota ? Errno.EDQUOT : Errno.ENOSPC;
    }

    private void submit(ClientOp op, OpExecution execution, int result, List<Outcome> outcomes) {
        EVersion version = pg.nextVersion();
        OpExecution.Sealed sealed = execution.seal(version, pg.lastUserVersion());
        ObjectContext context = execution.context();
        boolean returns = op.message().hasFlag(OsdOp.FLAG_RETURNVEC);
        PgLogEntry entry = entry(
                op,
                sealed.delete() ? PgLogEntry.Op.DELETE : PgLogEntry.Op.MODIFY,
                context.id(),
                version,
                sealed.priorVersion(),
                sealed.userVersion(),
                returns ? result : 0,
                returns ? toReturns(outcomes) : List.of());
        pg.count(execution.stats());
        log(op, context, sealed.changes(), entry, () -> {
            pg.watches().apply(op, context, execution.watchEffects());
            answer(op, Replies.written(op, result, host.map().epoch(), outcomes, version, sealed.userVersion()));
        });
    }

    /**
     * A write that was refused, or had nothing to do, is remembered in the log all the same: a repeat of it that comes after others' writes must not find them and do something now. Ceph: PrimaryLogPG::record_write_error.
     */
    private void recordUnchanged(ClientOp op, ObjectContext context, int result, OsdOpReply reply) {
        PgLogEntry entry =
                entry(op, PgLogEntry.Op.ERROR, context.id(), pg.nextVersion(), EVersion.ZERO, 0, result, List.of());
        log(op, context, List.of(), entry, () -> answer(op, reply));
    }

    private static PgLogEntry entry(
            ClientOp op,
            PgLogEntry.Op kind,
            ObjectId object,
            EVersion version,
            EVersion prior,
            long userVersion,
            int returnCode,
            List<OpReturn> returns) {
        return new PgLogEntry(
                kind,
                object,
                version,
                prior,
                EVersion.ZERO,
                op.reqid(),
                op.message().mtime(),
                Bytes.EMPTY,
                userVersion,
                PgLogEntry.NO_ROLLBACK,
                List.of(),
                CleanRegions.DIRTY,
                returnCode,
                returns);
    }

    /** Has an entry and its changes made durable everywhere, and the request answered then. */
    private void log(
            ClientOp op, ObjectContext context, List<Transaction.Op> changes, PgLogEntry entry, Runnable answered) {
        op.submitted = true;
        inProgress.put(op.reqid(), new InProgress());
        pg.write(changes, entry, () -> {
            if (op.dropped) {
                return;
            }
            answered.run();
            context.release(); // only now: whoever waits for the object is answered later
            InProgress done = inProgress.remove(op.reqid());
            if (done != null) {
                done.repeats.forEach(this::restart);
            }
        });
    }

    private static List<OpReturn> toReturns(List<Outcome> outcomes) {
        List<OpReturn> returns = new ArrayList<>(outcomes.size());
        for (Outcome outcome : outcomes) {
            returns.add(new OpReturn(outcome.code(), outcome.output()));
        }
        return returns;
    }

    private void list(ClientOp op) {
        PgPool pool = host.map().pool(pg.id().pg().pool());
        GroupListing listing = new GroupListing(environment, pg.id().pg(), pool == null ? 1 : pool.pgNum());
        List<Outcome> outcomes = new ArrayList<>();
        int result = 0;
        for (ObjectOp one : op.message().ops()) {
            Outcome outcome = listing.list(one, op.message().object().namespace());
            outcomes.add(outcome);
            result = outcome.code();
            if (result < 0) {
                break;
            }
        }
        answer(op, Replies.read(op, result, host.map().epoch(), outcomes, 0));
    }

    private void refuse(ClientOp op, int errno) {
        answer(op, Replies.error(op, errno, host.map().epoch()));
    }

    private void answer(ClientOp op, OsdOpReply reply) {
        live.remove(op);
        op.done();
        host.answered(op, reply);
        if (!op.connection().isClosed()) {
            host.sendToClient(op.connection(), reply);
        }
    }

    /** The map has moved on within the interval. */
    void mapAdvanced() {
        environment = environment();
    }
}

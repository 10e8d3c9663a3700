package io.spirula.osd.pg;

import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.maps.PgPool;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.OsdOp;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.message.OsdOpReply;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;

/** Clients' requests in an active group: each waits for its object to be there and free, is executed, and answered; writes by way of {@link ClientWrites}. Source: PrimaryLogPG::do_op and execute_ctx. */
final class OpProgress {
    private static final int IDLE_CONTEXTS = 512;

    private final PlacementGroup pg;
    private final PgHost host;
    private final OpChecks checks;
    private final GroupBackoffs backoffs;
    private final ClientWrites writes;
    private final ObjectContexts contexts;
    private final LinkedHashSet<ClientOp> live = new LinkedHashSet<>();
    private long lastPlace;
    /** How those of the live ones go on that could, but for the primary's lease, which has run out. */
    private final ArrayDeque<Runnable> waitingForLease = new ArrayDeque<>();

    private OpEnvironment environment;

    OpProgress(PlacementGroup pg, PgHost host, GroupBackoffs backoffs) {
        this.pg = pg;
        this.host = host;
        this.backoffs = backoffs;
        checks = new OpChecks(pg, host);
        writes = new ClientWrites(pg, host, this);
        contexts = new ObjectContexts(host.store(), pg.collection(), IDLE_CONTEXTS);
        environment = makeEnvironment();
    }

    OpEnvironment environment() {
        return environment;
    }

    private OpEnvironment makeEnvironment() {
        PgPool pool = host.map().pool(pg.id().pg().pool());
        return new OpEnvironment(
                host.store(),
                pg.collection(),
                host.clock(),
                host::limits,
                host.classes(),
                pool == null || pool.isReplicated(),
                pg.watches());
    }

    ObjectContexts contexts() {
        return contexts;
    }

    /** The map has moved on within the interval. */
    void mapAdvanced() {
        environment = makeEnvironment();
    }

    void visit(Consumer<ClientOp> visitor) {
        live.forEach(visitor);
    }

    int held() {
        return live.size();
    }

    /** Stops all, and gives them in the order in which they began. */
    List<ClientOp> reset() {
        List<ClientOp> unanswered = new ArrayList<>(live);
        live.clear();
        waitingForLease.clear();
        writes.reset();
        contexts.clear();
        return unanswered;
    }

    void begin(ClientOp op) {
        OpTraits traits;
        try {
            traits = OpTraits.of(environment, op.message().ops(), op.message().hasFlag(OsdOp.FLAG_RWORDERED));
        } catch (MalformedInput e) {
            refuse(op, Errno.EINVAL);
            return;
        }
        int errno = traits == null ? OpTraits.missing(environment, op.message().ops()) : checks.refusal(op, traits);
        if (errno != 0 || traits == null) {
            refuse(op, errno);
            return;
        }
        op.traits = traits;
        if (checks.mustNotNow(op, traits)) {
            op.done();
            return;
        }
        if (traits.onGroup()) {
            list(op);
            return;
        }
        op.began(++lastPlace);
        live.add(op);
        proceed(op);
    }

    /** What it waited for may be there. */
    void restart(ClientOp op) {
        if (!op.dropped && live.contains(op)) {
            if (pg.isActive()) {
                proceed(op);
            } else {
                waitForLease(op, () -> restart(op));
            }
        }
    }

    private void waitForLease(ClientOp op, Runnable then) {
        op.reached(ClientOp.Stage.DELAYED, "waiting for readable");
        waitingForLease.add(then);
    }

    boolean isAnyWaitingForLease() {
        return !waitingForLease.isEmpty();
    }

    /** The primary may serve again. */
    void leaseRenewed() {
        List<Runnable> waiting = new ArrayList<>(waitingForLease);
        waitingForLease.clear();
        waiting.forEach(Runnable::run);
    }

    /** From here a request may come again after it has waited for something. */
    private void proceed(ClientOp op) {
        ObjectId head = head(op.message().object());
        OpTraits traits = op.traits();
        if (waitsForRecovery(op, head)
                || traits.writeOrdered() && waitsForScrub(op, head)
                || traits.writes() && writes.isRepeat(op)) {
            return;
        }
        ObjectContext context;
        try {
            context = contexts.load(head);
            pg.watches().seen(context);
        } catch (StoreException | MalformedInput e) {
            if (pg.scrubs().mend(head)) {
                proceed(op);
            } else {
                refuse(op, Errno.EIO);
            }
            return;
        }
        boolean now = context.acquire(traits.reads(), traits.writeOrdered(), () -> granted(op, context));
        if (now) {
            execute(op, context);
        } else {
            op.reached(ClientOp.Stage.DELAYED, "waiting for rw locks");
        }
    }

    /** Whether the object is not there yet, in the version that the request needs. Its client may be told to come back. */
    private boolean waitsForRecovery(ClientOp op, ObjectId head) {
        if (pg.recovery().isBadEverywhere(head)) {
            refuse(op, Errno.EIO);
            return true;
        }
        if (!pg.recovery().mustWait(head, op, () -> restart(op))) {
            return false;
        }
        boolean missing = pg.members().isMissing(head);
        BackoffPolicy policy = host.backoffPolicy();
        boolean holdBack = policy.onDegraded() || policy.onUnfound() && missing && pg.isUnfound(head);
        if (holdBack && backoffs.blockObject(op, head)) {
            live.remove(op);
            op.drop();
        } else {
            op.reached(ClientOp.Stage.DELAYED, missing ? "waiting for missing object" : "waiting for degraded object");
        }
        return true;
    }

    /** Whether the object is being compared with its copies. */
    private boolean waitsForScrub(ClientOp op, ObjectId head) {
        boolean wait = pg.scrubs().mustWait(head, op, () -> restart(op));
        if (wait) {
            op.reached(ClientOp.Stage.DELAYED, "waiting for scrub");
        }
        return wait;
    }

    private void granted(ClientOp op, ObjectContext context) {
        // While it waited for the object, another copy of the same request may have begun.
        if (op.dropped || op.traits().writes() && writes.isRepeat(op)) {
            context.release();
        } else if (!pg.isActive()) {
            waitForLease(op, () -> restart(op));
            context.release();
        } else if (waitsForRecovery(op, context.id())) {
            context.release(); // our copy, or another's, turned out to be bad
        } else {
            execute(op, context);
        }
    }

    private static ObjectId head(ObjectId id) {
        return id.snap() == ObjectId.HEAD
                ? id
                : new ObjectId(id.pool(), id.namespace(), id.key(), id.name(), ObjectId.HEAD, id.hash(), false);
    }

    private void execute(ClientOp op, ObjectContext context) {
        OsdOp m = op.message();
        op.reached(ClientOp.Stage.STARTED, "started");
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
        if (execution.isDamaged() && pg.scrubs().mend(context.id())) {
            proceed(op); // waits until a good copy has come, before those who wait for the object now
            context.release();
            return;
        }
        if (!execution.isDamaged()) {
            pg.scrubs().isGood(context.id());
        }
        if (!op.traits().writes() && !pg.isActive()) {
            // The lease has run out while the disk was read. Whoever renews it has seen nobody else serve, and the
            // object stays locked: what was read is true then.
            waitForLease(op, () -> executed(op, execution));
            return;
        }
        int result = execution.result();
        List<Outcome> outcomes = execution.outcomes();
        boolean changes = op.traits().writes() && execution.isModified();
        if (changes && (waitsForScrub(op, context.id()) || waitsForRecovery(op, context.id()))) {
            context.release(); // while it was executed, a scrub has come to its object, or found it bad
            return;
        }
        if (changes && checks.isFull(op, execution)) {
            context.release();
            noRoom(op);
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
            writes.submit(op, execution, result, outcomes);
            return;
        }
        OsdOpReply reply = result == -Errno.ENOENT
                ? Replies.absent(op, result, host.map().epoch(), outcomes, pg.lastUpdate(), pg.lastUserVersion())
                : Replies.read(op, result, host.map().epoch(), outcomes, execution.userVersion());
        if (result >= 0) {
            pg.statistics().count(context.id(), execution.stats());
            pg.watches().apply(op, context, execution.watchEffects());
        }
        if (op.traits().writes()) {
            writes.recordUnchanged(op, context, result, reply);
        } else {
            answer(op, reply);
            context.release();
        }
    }

    private void noRoom(ClientOp op) {
        int errno = checks.fullErrno(op);
        if (errno == 0) {
            live.remove(op); // dropped as Ceph does: the client sends it again when there is room
            host.shareMap(op.connection());
            op.done();
        } else {
            refuse(op, errno);
        }
    }

    private void list(ClientOp op) {
        PgPool pool = host.map().pool(pg.id().pg().pool());
        GroupListing listing = new GroupListing(environment, pg.id().pg(), pool == null ? 1 : pool.pgNum());
        List<Outcome> outcomes = new ArrayList<>();
        int result = 0;
        for (ObjectOp one : op.message().ops()) {
            Outcome outcome = one.op() == OsdOpCode.SCRUBLS
                    ? pg.scrubs().list(one)
                    : listing.list(one, op.message().object().namespace());
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

    void answer(ClientOp op, OsdOpReply reply) {
        live.remove(op);
        op.done();
        op.reached(ClientOp.Stage.COMMIT_SENT, "commit_sent");
        if (!op.connection().isClosed()) {
            host.sendToClient(op.connection(), reply);
        }
        op.reached(ClientOp.Stage.COMMIT_SENT, "done");
        host.answered(op, reply);
    }
}

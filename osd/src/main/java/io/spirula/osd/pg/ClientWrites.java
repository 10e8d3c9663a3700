package io.spirula.osd.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.OsdOp;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.pg.CleanRegions;
import io.spirula.common.pg.OpReturn;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.ReqId;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.op.ObjectContext;
import io.spirula.osd.op.OpExecution;
import io.spirula.osd.op.OpExecution.Outcome;
import io.spirula.osd.pglog.PgLog;
import io.spirula.osd.store.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Clients' writes from where they are executed until they are durable: each with an entry in the log, by which a request that comes again is known and answered as it was, and not carried out twice. */
final class ClientWrites {
    private final PlacementGroup pg;
    private final PgHost host;
    private final OpProgress progress;
    /** Those that are on their way to the disks, with the ones that asked for the same again meanwhile. */
    private final Map<ReqId, List<ClientOp>> underWay = new HashMap<>();

    ClientWrites(PlacementGroup pg, PgHost host, OpProgress progress) {
        this.pg = pg;
        this.host = host;
        this.progress = progress;
    }

    void reset() {
        underWay.clear();
    }

    /** Whether a write was done before: then it is answered from the log, once what was done is durable. */
    boolean isRepeat(ClientOp op) {
        List<ClientOp> repeats = underWay.get(op.reqid());
        if (repeats != null) {
            repeats.add(op);
            return true;
        }
        PgLog.Answer done = pg.members().log().answerTo(op.reqid());
        if (done == null) {
            return false;
        }
        if (pg.writes().isDurable(done.version())) {
            progress.answer(
                    op,
                    Replies.repeated(
                            op,
                            done.returnCode(),
                            host.map().epoch(),
                            done.opReturns(),
                            done.version(),
                            done.userVersion()));
        } else {
            pg.writes().whenDurable(done.version(), () -> progress.restart(op));
        }
        return true;
    }

    void submit(ClientOp op, OpExecution execution, int result, List<Outcome> outcomes) {
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
        pg.statistics().count(context.id(), execution.stats());
        log(op, context, sealed.changes(), entry, () -> {
            pg.watches().apply(op, context, execution.watchEffects());
            progress.answer(
                    op, Replies.written(op, result, host.map().epoch(), outcomes, version, sealed.userVersion()));
        });
    }

    /**
     * A write that was refused, or had nothing to do, is remembered in the log all the same: a repeat of it that comes after others' writes must not find them and do something now. Ceph: PrimaryLogPG::record_write_error.
     */
    void recordUnchanged(ClientOp op, ObjectContext context, int result, OsdOpReply reply) {
        PgLogEntry entry =
                entry(op, PgLogEntry.Op.ERROR, context.id(), pg.nextVersion(), EVersion.ZERO, 0, result, List.of());
        log(op, context, List.of(), entry, () -> progress.answer(op, reply));
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
        op.reached(ClientOp.Stage.SUB_OP_SENT, pg.writes().waitingForSubops());
        underWay.put(op.reqid(), new ArrayList<>(0));
        pg.writes().write(changes, entry, () -> {
            if (op.dropped) {
                return;
            }
            answered.run();
            context.release(); // only now: whoever waits for the object is answered later
            List<ClientOp> repeats = underWay.remove(op.reqid());
            if (repeats != null) {
                repeats.forEach(progress::restart);
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
}

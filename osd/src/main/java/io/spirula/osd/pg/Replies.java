package io.spirula.osd.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpResult;
import io.spirula.common.message.OsdOp;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.pg.OpReturn;
import io.spirula.common.types.EVersion;
import io.spirula.osd.op.OpExecution.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Answers to clients' requests, with versions and flags as Ceph gives them. Source: Ceph's messages/MOSDOpReply.h. */
final class Replies {
    private static final int DONE = OsdOp.FLAG_ACK | OsdOp.FLAG_ONDISK;
    private static final int KINDS_OF_DONE = DONE | OsdOp.FLAG_ONNVRAM;

    private Replies() {}

    /** A request that was not executed. */
    static OsdOpReply error(ClientOp op, int errno, int epoch) {
        return build(op, -errno, epoch, List.of(), EVersion.ZERO, EVersion.ZERO, 0);
    }

    /** No such object: the user version is a floor for what the object's next one will be. Ceph: set_enoent_reply_versions. */
    static OsdOpReply absent(
            ClientOp op, int result, int epoch, List<Outcome> outcomes, EVersion lastUpdate, long lastUserVersion) {
        return build(op, result, epoch, outcomes, EVersion.ZERO, lastUpdate, lastUserVersion);
    }

    static OsdOpReply read(ClientOp op, int result, int epoch, List<Outcome> outcomes, long userVersion) {
        return versioned(op, result, epoch, outcomes, EVersion.ZERO, userVersion);
    }

    static OsdOpReply written(
            ClientOp op, int result, int epoch, List<Outcome> outcomes, EVersion version, long userVersion) {
        return versioned(op, result, epoch, outcomes, version, userVersion);
    }

    /** The answer to a write that had been done before. */
    static OsdOpReply repeated(
            ClientOp op, int result, int epoch, List<OpReturn> returns, EVersion version, long userVersion) {
        List<Outcome> outcomes = new ArrayList<>(returns.size());
        for (OpReturn r : returns) {
            outcomes.add(new Outcome(r.result(), r.output()));
        }
        return versioned(op, result, epoch, outcomes, version, userVersion);
    }

    private static OsdOpReply versioned(
            ClientOp op, int result, int epoch, List<Outcome> outcomes, EVersion version, long userVersion) {
        EVersion bad = userVersion == 0 ? version : new EVersion(version.epoch(), userVersion);
        return build(op, result, epoch, outcomes, version, bad, userVersion);
    }

    private static OsdOpReply build(
            ClientOp op,
            int result,
            int epoch,
            List<Outcome> outcomes,
            EVersion replay,
            EVersion badReplay,
            long userVersion) {
        OsdOp request = op.message();
        List<ObjectOp> ops = request.ops();
        List<ObjectOpResult> results = new ArrayList<>(ops.size());
        for (int i = 0; i < ops.size(); i++) {
            Outcome outcome = i < outcomes.size() ? outcomes.get(i) : new Outcome(0, Bytes.EMPTY);
            results.add(ObjectOpResult.of(ops.get(i), outcome.code(), outcome.output()));
        }
        return new OsdOpReply(
                request.tid(),
                request.object().name(),
                request.pg().pg(),
                (request.flags() & ~KINDS_OF_DONE) | DONE,
                result,
                badReplay,
                epoch,
                results,
                request.retryAttempt(),
                replay,
                userVersion,
                null);
    }
}

package io.spirula.osd.op;

import io.spirula.common.auth.caps.OsdCaps;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.message.OsdOpCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a vector of operations is to be treated as a whole. Ceph: OpInfo.
 *
 * @param writeOrdered it takes its place among the object's changes, though it may not be one
 * @param onGroup it is about the placement group and not about one object
 * @param needs what capabilities must permit: what called methods do counts as theirs
 */
public record OpTraits(boolean reads, boolean writes, boolean writeOrdered, boolean onGroup, OsdCaps.Needs needs) {
    /** What is said of operations that call a class or method that we have not: of the first of them. */
    public static int missing(OpEnvironment environment, List<ObjectOp> ops) {
        for (ObjectOp op : ops) {
            if (op.op() == OsdOpCode.CALL && Calls.judged(environment, op) == null) {
                return Calls.missing(op);
            }
        }
        return 0;
    }

    /** Null where an operation calls a class or method that we have not. Throws MalformedInput. */
    public static @Nullable OpTraits of(OpEnvironment environment, List<ObjectOp> ops, boolean readWriteOrdered) {
        boolean reads = false;
        boolean writes = false;
        List<OsdCaps.Call> calls = new ArrayList<>(0);
        boolean ordered = readWriteOrdered;
        boolean onGroup = false;
        for (ObjectOp op : ops) {
            OsdOpCode code = op.op();
            if (code == null) {
                reads = true; // executed, it answers EOPNOTSUPP
                continue;
            }
            if (code == OsdOpCode.CALL) {
                OsdCaps.Call call = Calls.judged(environment, op);
                if (call == null) {
                    return null;
                }
                calls.add(call);
            } else if (code == OsdOpCode.WATCH && ((ObjectOpArgs.Watch) op.args()).op() == ObjectOpArgs.Watch.PING) {
                ordered = true; // a sign of life changes nothing, but stands in line. Source: osd_op_util.cc
                reads = true;
            } else {
                reads |= code.reads() || code == OsdOpCode.WATCH; // it depends on what is watched already
                writes |= code.modifies();
            }
            onGroup |= code.isPg();
        }
        OsdCaps.Needs needs = new OsdCaps.Needs(reads, writes, List.copyOf(calls));
        for (OsdCaps.Call call : calls) {
            reads |= call.reads();
            writes |= call.writes();
        }
        return new OpTraits(reads, writes, ordered || writes, onGroup, needs);
    }
}

package io.spirula.osd.op;

import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.message.OsdOpCode;
import io.spirula.osd.cls.ClassMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a vector of operations is to be treated as a whole. Ceph: OpInfo.
 *
 * @param writeOrdered it takes its place among the object's changes, though it may not be one
 * @param onGroup it is about the placement group and not about one object
 */
public record OpTraits(boolean reads, boolean writes, boolean executes, boolean writeOrdered, boolean onGroup) {
    /** Null where an operation calls a class or method that we have not. Throws MalformedInput. */
    public static @Nullable OpTraits of(OpEnvironment environment, List<ObjectOp> ops, boolean readWriteOrdered) {
        boolean reads = false;
        boolean writes = false;
        boolean executes = false;
        boolean ordered = readWriteOrdered;
        boolean onGroup = false;
        for (ObjectOp op : ops) {
            OsdOpCode code = op.op();
            if (code == null) {
                reads = true; // executed, it answers EOPNOTSUPP
                continue;
            }
            if (code == OsdOpCode.CALL) {
                ClassMethod method = Calls.method(environment, op);
                if (method == null) {
                    return null;
                }
                reads |= method.access().reads();
                writes |= method.access().writes();
                executes = true;
            } else if (code == OsdOpCode.WATCH && ((ObjectOpArgs.Watch) op.args()).op() == ObjectOpArgs.Watch.PING) {
                ordered = true; // a sign of life changes nothing, but stands in line. Source: osd_op_util.cc
                reads = true;
            } else {
                reads |= code.reads();
                writes |= code.modifies();
            }
            onGroup |= code.isPg();
        }
        return new OpTraits(reads, writes, executes, ordered || writes, onGroup);
    }
}

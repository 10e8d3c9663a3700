package io.spirula.osd.pg;

import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.osd.queue.Work;
import io.spirula.osd.queue.WorkClass;

/** A client's request that waits for its turn. Clients have equal shares, and each one's requests keep their order. */
record QueuedOp(ClientOp op, PlacementGroups groups) implements Work {
    /** What a read of a whole object, however long it may turn out to be, counts for. */
    private static final long MOST_READ = 4L << 20;

    @Override
    public WorkClass kind() {
        return WorkClass.CLIENT;
    }

    @Override
    public long owner() {
        return op.connection().peerId().number();
    }

    @Override
    public long bytes() {
        long bytes = 0;
        for (ObjectOp one : op.message().ops()) {
            bytes += one.input().size();
            boolean reads = one.op() != null && one.op().reads() && !one.op().modifies();
            if (reads && one.args() instanceof ObjectOpArgs.Extent extent) {
                bytes += extent.length() <= 0 ? MOST_READ : Math.min(MOST_READ, extent.length());
            }
        }
        return bytes;
    }

    @Override
    public void run() {
        groups.handle(op);
    }
}

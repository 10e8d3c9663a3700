package io.spirula.osd.op;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.types.Errno;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.Transaction;

/** Operations that change an object's bytes, or whether it is there at all. */
final class DataWrites {
    private DataWrites() {}

    static int append(OpExecution x, ObjectOp op) {
        ObjectOpArgs.Extent args = (ObjectOpArgs.Extent) op.args();
        x.stats.write(args.length());
        if (args.length() != op.input().size()) {
            return -Errno.EINVAL;
        }
        int refused = checkRange(x, x.state.size, args.length());
        if (refused != 0) {
            return refused;
        }
        x.create();
        put(x, x.state.size, op.input());
        return 0;
    }

    static int write(OpExecution x, ObjectOp op) {
        ObjectOpArgs.Extent args = (ObjectOpArgs.Extent) op.args();
        x.stats.write(args.length());
        if (args.length() != op.input().size()) {
            return -Errno.EINVAL;
        }
        long offset = args.offset();
        Bytes data = op.input();
        long seq = x.state.truncateSeq;
        if (seq != 0 && seq > Integer.toUnsignedLong(args.truncateSequence()) && offset + data.size() > x.state.size) {
            // A write from before a truncation that has overtaken it: only what is still within the object counts.
            data = data.slice(0, offset > x.state.size ? 0 : (int) (x.state.size - offset));
        }
        if (Integer.toUnsignedLong(args.truncateSequence()) > seq) {
            truncateAsAnnounced(x, args);
        }
        int refused = checkRange(x, offset, data.size());
        if (refused != 0) {
            return refused;
        }
        x.create();
        put(x, offset, data);
        return 0;
    }

    /** A write from after a truncation that has not arrived yet brings it along. */
    private static void truncateAsAnnounced(OpExecution x, ObjectOpArgs.Extent args) {
        if (x.exists()) {
            x.change(new Transaction.Truncate(collection(x), x.id(), args.truncateSize()));
            x.state.clearDataDigest();
            x.resize(args.truncateSize());
        }
        x.state.truncateSeq = Integer.toUnsignedLong(args.truncateSequence());
        x.state.truncateSize = args.truncateSize();
    }

    /** Writes within the limits, keeping the size and the digest of all data right. */
    static void put(OpExecution x, long offset, Bytes data) {
        ObjectState state = x.state;
        if (data.isEmpty()) {
            // An empty write behind the end makes the object that long. Source: PrimaryLogPG.cc, CEPH_OSD_OP_WRITE.
            if (offset > state.size) {
                x.change(new Transaction.Truncate(collection(x), x.id(), offset));
                state.clearDataDigest();
                x.resize(offset);
            } else {
                x.change(new Transaction.Touch(collection(x), x.id()));
            }
            return;
        }
        x.change(new Transaction.Write(collection(x), x.id(), offset, data));
        if (offset == 0 && data.size() >= state.size) {
            state.setDataDigest(data.crc32c(-1));
        } else if (offset == state.size && state.hasDataDigest()) {
            state.setDataDigest(data.crc32c(state.dataDigest));
        } else {
            state.clearDataDigest();
        }
        if (offset + data.size() > state.size) {
            x.resize(offset + data.size());
        }
    }

    static int writeFull(OpExecution x, ObjectOp op) {
        ObjectOpArgs.Extent args = (ObjectOpArgs.Extent) op.args();
        x.stats.write(args.length());
        if (args.length() != op.input().size()) {
            return -Errno.EINVAL;
        }
        int refused = checkRange(x, 0, args.length());
        if (refused != 0) {
            return refused;
        }
        x.create();
        replaceAll(x, op.input());
        return 0;
    }

    static void replaceAll(OpExecution x, Bytes data) {
        if (x.state.size > data.size()) {
            x.change(new Transaction.Truncate(collection(x), x.id(), data.size()));
        }
        if (!data.isEmpty()) {
            x.change(new Transaction.Write(collection(x), x.id(), 0, data));
        }
        x.touchInfo();
        x.state.setDataDigest(data.crc32c(-1));
        x.resize(data.size());
    }

    /** Writes a pattern again and again until the length is full. */
    static int writeSame(OpExecution x, ObjectOp op) {
        ObjectOpArgs.WriteSame args = (ObjectOpArgs.WriteSame) op.args();
        x.stats.write(args.length());
        long length = args.length();
        long pattern = args.dataLength();
        if (length == 0) {
            return 0;
        }
        int refused = checkRange(x, args.offset(), length);
        if (refused != 0) {
            return refused;
        }
        if (pattern == 0 || length % pattern != 0 || pattern != op.input().size()) {
            return -Errno.EINVAL;
        }
        byte[] repeated = new byte[(int) length];
        for (int at = 0; at < repeated.length; at += (int) pattern) {
            op.input().copyTo(repeated, at);
        }
        x.create();
        put(x, args.offset(), Bytes.wrap(repeated));
        return 0;
    }

    /** Zeros that reach the object's end cut it there, as Ceph does. */
    static int zero(OpExecution x, ObjectOp op) {
        ObjectOpArgs.Extent args = (ObjectOpArgs.Extent) op.args();
        x.stats.write(args.length());
        int refused = checkRange(x, args.offset(), args.length());
        if (refused != 0) {
            return refused;
        }
        if (!x.exists() || args.length() == 0) {
            return 0;
        }
        if (args.offset() + args.length() >= x.state.size) {
            if (args.offset() < x.state.size) {
                cut(x, args.offset());
            }
            return 0;
        }
        x.change(new Transaction.Zero(collection(x), x.id(), args.offset(), args.length()));
        x.state.clearDataDigest();
        return 0;
    }

    static int truncate(OpExecution x, ObjectOp op) {
        ObjectOpArgs.Extent args = (ObjectOpArgs.Extent) op.args();
        x.stats.write(0);
        if (!x.exists()) {
            return 0;
        }
        long size = op.op() == OsdOpCode.TRIMTRUNC ? args.truncateSize() : args.offset();
        int refused = checkRange(x, size, args.length());
        if (refused != 0) {
            return refused;
        }
        if (args.truncateSequence() != 0) {
            if (Integer.toUnsignedLong(args.truncateSequence()) <= x.state.truncateSeq) {
                return 0; // an old truncation that a newer one has overtaken
            }
            x.state.truncateSeq = Integer.toUnsignedLong(args.truncateSequence());
            x.state.truncateSize = args.truncateSize();
        }
        cut(x, size);
        return 0;
    }

    static void cut(OpExecution x, long size) {
        x.change(new Transaction.Truncate(collection(x), x.id(), size));
        x.state.clearDataDigest();
        x.resize(size);
    }

    static int create(OpExecution x, ObjectOp op) {
        x.stats.write(0);
        if (x.exists() && op.hasFlag(ObjectOp.FLAG_EXCL)) {
            return -Errno.EEXIST;
        }
        x.create();
        x.touchInfo();
        return 0;
    }

    static int delete(OpExecution x) {
        x.stats.write(0);
        if (!x.exists()) {
            return -Errno.ENOENT;
        }
        remove(x);
        return 0;
    }

    static void remove(OpExecution x) {
        x.change(new Transaction.Remove(collection(x), x.id()));
        x.resize(0);
        x.stats.objects--;
        if (!x.state.watchers.isEmpty()) {
            x.watch(new WatchEffect.DisconnectAll());
        }
        x.state.becomeAbsent();
    }

    static int setAllocationHint(OpExecution x, ObjectOp op) {
        x.stats.write(0);
        x.create();
        ObjectOpArgs.AllocHint args = (ObjectOpArgs.AllocHint) op.args();
        x.state.expectedObjectSize = args.expectedObjectSize();
        x.state.expectedWriteSize = args.expectedWriteSize();
        x.state.allocationHintFlags = args.flags();
        x.touchInfo();
        return 0;
    }

    /** 0, or EFBIG for what would go beyond the largest object. Ceph: check_offset_and_length. */
    private static int checkRange(OpExecution x, long offset, long length) {
        long max = x.environment.limits().get().maxObjectBytes();
        boolean within = offset >= 0 && length >= 0 && offset < max && length <= max - offset;
        return within ? 0 : -Errno.EFBIG;
    }

    private static CollectionId collection(OpExecution x) {
        return x.environment.collection();
    }
}

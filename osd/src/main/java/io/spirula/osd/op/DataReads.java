package io.spirula.osd.op;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.types.Errno;
import io.spirula.osd.store.ObjectStore.Extent;
import java.util.ArrayList;
import java.util.List;

/** Operations that read an object's bytes and size. */
final class DataReads {
    private DataReads() {}

    static int read(OpExecution x, ObjectOp op) {
        Extent extent = clipped(x, (ObjectOpArgs.Extent) op.args());
        if (extent.length() == 0) {
            x.stats.read(0);
            return 0;
        }
        return x.read(extent.offset(), extent.length(), data -> {
            if (extent.offset() == 0 && !x.context.isWhole(data)) {
                return x.damaged();
            }
            x.output(data);
            x.stats.read(data.size());
            return 0;
        });
    }

    /** Gives the extents that have data, and the data behind each other. */
    static int sparseRead(OpExecution x, ObjectOp op) {
        Extent range = clipped(x, (ObjectOpArgs.Extent) op.args());
        List<Extent> extents = allocated(x, range);
        if (extents.isEmpty()) {
            x.output(encodeExtents(extents).u32(0).toBytes());
            x.stats.read(0);
            return 0;
        }
        return x.read(range.offset(), range.length(), data -> {
            List<Bytes> pieces = new ArrayList<>(extents.size());
            for (Extent e : extents) {
                pieces.add(data.slice((int) (e.offset() - range.offset()), (int) e.length()));
            }
            Bytes joined = Bytes.concat(pieces);
            x.output(encodeExtents(extents).bytes(joined).toBytes());
            x.stats.read(joined.size());
            return 0;
        });
    }

    static int mapExtents(OpExecution x, ObjectOp op) {
        x.output(encodeExtents(allocated(x, clipped(x, (ObjectOpArgs.Extent) op.args())))
                .toBytes());
        x.stats.read(0);
        return 0;
    }

    static int stat(OpExecution x) {
        if (!x.exists()) {
            return -Errno.ENOENT;
        }
        x.output(new Encoder(16).u64(x.state.size).time(x.state.mtime).toBytes());
        x.stats.read(0);
        return 0;
    }

    /** Compares with what is there, zeros behind the end; a difference at byte n answers {@code -(MAX_ERRNO + n)}. */
    static int compareExtent(OpExecution x, ObjectOp op) {
        ObjectOpArgs.Extent asked = (ObjectOpArgs.Extent) op.args();
        if (asked.length() != op.input().size()) {
            return -Errno.EINVAL;
        }
        Extent extent = clipped(x, asked);
        x.stats.read(extent.length());
        if (op.input().isEmpty()) {
            return 0;
        }
        if (extent.length() == 0) {
            return difference(op.input(), Bytes.EMPTY);
        }
        return x.read(extent.offset(), extent.length(), data -> difference(op.input(), data));
    }

    private static int difference(Bytes expected, Bytes found) {
        for (int i = 0; i < expected.size(); i++) {
            byte there = i < found.size() ? found.get(i) : 0;
            if (expected.get(i) != there) {
                return -Errno.MAX_ERRNO - i;
            }
        }
        return 0;
    }

    /** What of the asked-for range is within the object; a length of 0 asks for all of it. */
    static Extent clipped(OpExecution x, ObjectOpArgs.Extent asked) {
        long size = x.state.size;
        // A truncation that a client announces with its read counts before it has arrived itself.
        if (Integer.toUnsignedLong(asked.truncateSequence()) > x.state.truncateSeq
                && asked.offset() + asked.length() > asked.truncateSize()
                && Long.compareUnsigned(asked.truncateSize(), size) < 0) {
            size = asked.truncateSize();
        }
        long offset = asked.offset();
        if (!x.exists() || offset < 0 || offset >= size) {
            return new Extent(Math.max(0, offset), 0);
        }
        long length = asked.length() == 0 ? size : asked.length();
        return new Extent(offset, length < 0 || length > size - offset ? size - offset : length);
    }

    private static List<Extent> allocated(OpExecution x, Extent range) {
        if (range.length() == 0) {
            return List.of();
        }
        long end = range.offset() + range.length();
        List<Extent> within = new ArrayList<>();
        for (Extent e : x.store().extents(x.environment.collection(), x.id())) {
            long from = Math.max(e.offset(), range.offset());
            long to = Math.min(e.offset() + e.length(), end);
            if (from < to) {
                within.add(new Extent(from, to - from));
            }
        }
        return within;
    }

    private static Encoder encodeExtents(List<Extent> extents) {
        return new Encoder(64).list(extents, (e, out) -> out.u64(e.offset()).u64(e.length()));
    }
}

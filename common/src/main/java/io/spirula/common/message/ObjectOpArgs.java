package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;

/**
 * The fixed-size arguments of an operation on an object: which of these it has depends on its {@link OsdOpCode}. Every form takes 28 bytes, filled with zeros.
 * Ceph: the union in ceph_osd_op.
 */
public sealed interface ObjectOpArgs {
    int SIZE = 28;

    /** A range of an object, and for file systems a truncation that came before. */
    record Extent(long offset, long length, long truncateSize, int truncateSequence) implements ObjectOpArgs {}

    /** How the input divides into name and value, and for comparisons the operator and what is compared (CEPH_OSD_CMPXATTR_*). */
    record Xattr(int nameLength, int valueLength, int comparison, int mode) implements ObjectOpArgs {}

    /** How the input divides into a class's name, a method's name and the method's input. */
    record Call(int classLength, int methodLength, int argumentCount, int inputLength) implements ObjectOpArgs {}

    record PgList(long count, int startEpoch) implements ObjectOpArgs {}

    record Snap(long id) implements ObjectOpArgs {}

    /** What to do with a watch (CEPH_OSD_WATCH_OP_*). */
    record Watch(long cookie, long version, int op, int generation, int timeoutSeconds) implements ObjectOpArgs {
        public static final int UNWATCH = 0;
        public static final int LEGACY_WATCH = 1;
        public static final int WATCH = 3;
        public static final int RECONNECT = 5;
        public static final int PING = 7;
    }

    record Notify(long cookie) implements ObjectOpArgs {}

    record AssertVersion(long version) implements ObjectOpArgs {}

    record CopyFrom(long snap, long sourceVersion, int flags, int sourceFadviseFlags) implements ObjectOpArgs {}

    record AllocHint(long expectedObjectSize, long expectedWriteSize, int flags) implements ObjectOpArgs {}

    record WriteSame(long offset, long length, long dataLength) implements ObjectOpArgs {}

    /** A checksum over each chunk of a range; types are CEPH_OSD_CHECKSUM_OP_TYPE_*. */
    record Checksum(long offset, long length, int chunkSize, int type) implements ObjectOpArgs {
        public static final int XXHASH32 = 0;
        public static final int XXHASH64 = 1;
        public static final int CRC32C = 2;
    }

    /** The arguments as they are: of operations that have none, and of those that we do not know. */
    record Raw(Bytes bytes) implements ObjectOpArgs {
        public static final Raw NONE = new Raw(Bytes.zeros(SIZE));
    }

    static void encode(ObjectOpArgs args, Encoder out) {
        int from = out.size();
        switch (args) {
            case Extent a -> out.u64(a.offset).u64(a.length).u64(a.truncateSize).u32(a.truncateSequence);
            case Xattr a ->
                out.u32(a.nameLength).u32(a.valueLength).u8(a.comparison).u8(a.mode);
            case Call a ->
                out.u8(a.classLength).u8(a.methodLength).u8(a.argumentCount).u32(a.inputLength);
            case PgList a -> out.u64(a.count).u32(a.startEpoch);
            case Snap a -> out.u64(a.id);
            case Watch a ->
                out.u64(a.cookie).u64(a.version).u8(a.op).u32(a.generation).u32(a.timeoutSeconds);
            case Notify a -> out.u64(a.cookie);
            case AssertVersion a -> out.u64(0).u64(a.version);
            case CopyFrom a -> out.u64(a.snap).u64(a.sourceVersion).u8(a.flags).u32(a.sourceFadviseFlags);
            case AllocHint a ->
                out.u64(a.expectedObjectSize).u64(a.expectedWriteSize).u32(a.flags);
            case WriteSame a -> out.u64(a.offset).u64(a.length).u64(a.dataLength);
            case Checksum a -> out.u64(a.offset).u64(a.length).u32(a.chunkSize).u8(a.type);
            case Raw a -> out.raw(a.bytes);
        }
        out.zeros(SIZE - (out.size() - from));
    }

    static ObjectOpArgs decode(int code, Decoder whole) {
        Bytes bytes = whole.raw(SIZE);
        OsdOpCode op = OsdOpCode.of(code);
        Decoder in = new Decoder(bytes);
        return switch (op == null ? OsdOpCode.Args.RAW : op.args()) {
            case EXTENT -> new Extent(in.u64(), in.u64(), in.u64(), in.i32());
            case XATTR -> new Xattr(in.i32(), in.i32(), in.u8(), in.u8());
            case CALL -> new Call(in.u8(), in.u8(), in.u8(), in.i32());
            case PG_LIST -> new PgList(in.u64(), in.i32());
            case SNAP -> new Snap(in.u64());
            case WATCH -> new Watch(in.u64(), in.u64(), in.u8(), in.i32(), in.i32());
            case NOTIFY -> new Notify(in.u64());
            case ASSERT_VERSION -> new AssertVersion(in.skip(8).u64());
            case COPY_FROM -> new CopyFrom(in.u64(), in.u64(), in.u8(), in.i32());
            case ALLOC_HINT -> new AllocHint(in.u64(), in.u64(), in.i32());
            case WRITE_SAME -> new WriteSame(in.u64(), in.u64(), in.u64());
            case CHECKSUM -> new Checksum(in.u64(), in.u64(), in.i32(), in.u8());
            case RAW -> new Raw(bytes.compact());
        };
    }
}

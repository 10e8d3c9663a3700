package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a request on an object: what to do, and the bytes that go with it. Ceph: OSDOp with its ceph_osd_op and indata; {@link ObjectOpResult} is what comes back.
 *
 * @param code one of {@link OsdOpCode}, or a number that we do not know
 * @param flags the {@code FLAG_*} here
 * @param input data to write, names and values of attributes, encoded arguments: as the code has it
 */
public record ObjectOp(int code, int flags, ObjectOpArgs args, Bytes input) {
    /** Fail if the object exists. Ceph: CEPH_OSD_OP_FLAG_EXCL; the others follow its names too. */
    public static final int FLAG_EXCL = 0x1;

    /** A failure of this operation does not fail the request. */
    public static final int FLAG_FAILOK = 0x2;

    public static final int FLAG_FADVISE_RANDOM = 0x4;
    public static final int FLAG_FADVISE_SEQUENTIAL = 0x8;
    public static final int FLAG_FADVISE_WILLNEED = 0x10;
    public static final int FLAG_FADVISE_DONTNEED = 0x20;
    public static final int FLAG_FADVISE_NOCACHE = 0x40;
    public static final int FLAG_WITH_REFERENCE = 0x80;
    public static final int FLAG_BYPASS_CLEAN_CACHE = 0x100;

    /** Bytes of a ceph_osd_op. */
    static final int HEADER_SIZE = 2 + 4 + ObjectOpArgs.SIZE + 4;

    public ObjectOp(OsdOpCode code, ObjectOpArgs args, Bytes input) {
        this(code.code(), 0, args, input);
    }

    public ObjectOp(OsdOpCode code, Bytes input) {
        this(code, ObjectOpArgs.Raw.NONE, input);
    }

    public ObjectOp(OsdOpCode code) {
        this(code, Bytes.EMPTY);
    }

    /** Which operation it is; null for a number that we do not know. */
    public @Nullable OsdOpCode op() {
        return OsdOpCode.of(code);
    }

    public ObjectOp withFlags(int newFlags) {
        return new ObjectOp(code, newFlags, args, input);
    }

    public boolean hasFlag(int flag) {
        return (flags & flag) != 0;
    }

    static void encodeHeader(int code, int flags, ObjectOpArgs args, int payloadLength, Encoder out) {
        out.u16(code).u32(flags);
        ObjectOpArgs.encode(args, out);
        out.u32(payloadLength);
    }

    /** A ceph_osd_op whose payload follows elsewhere. */
    record Header(int code, int flags, ObjectOpArgs args, int payloadLength) {
        static Header decode(Decoder in) {
            int code = in.u16();
            return new Header(code, in.i32(), ObjectOpArgs.decode(code, in), in.i32());
        }
    }

    @Override
    public String toString() {
        OsdOpCode op = op();
        return (op == null ? "op-0x" + Integer.toHexString(code) : op.toString()) + args + "+" + input.size();
    }
}

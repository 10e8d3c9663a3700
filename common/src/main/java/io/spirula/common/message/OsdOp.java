package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.maps.ObjectLocator;
import io.spirula.common.maps.SnapContext;
import io.spirula.common.pg.ReqId;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.ShardPgId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A client's request: operations on one object (or one placement group), done all or none. Ceph: MOSDOp.
 *
 * @param pg the placement group as the client computed it, not the raw hash
 * @param epoch the client's map
 * @param flags the {@code FLAG_*} here
 * @param reqId set where the sender is not the one who asked; otherwise {@link ReqId#NONE}, and the sender and {@link #tid} make it
 * @param object whose snap is the one to read, and whose hash is the full one
 * @param retryAttempt 0 for the first
 * @param features the client's feature bits
 */
public record OsdOp(
        long tid,
        ShardPgId pg,
        int epoch,
        int flags,
        ReqId reqId,
        int clientIncarnation,
        Instant mtime,
        ObjectId object,
        List<ObjectOp> ops,
        SnapContext snaps,
        int retryAttempt,
        long features)
        implements Message {
    /** Ceph: CEPH_OSD_FLAG_ACK; the others follow its names too. */
    public static final int FLAG_ACK = 0x0001;

    public static final int FLAG_ONNVRAM = 0x0002;
    public static final int FLAG_ONDISK = 0x0004;
    public static final int FLAG_RETRY = 0x0008;
    public static final int FLAG_READ = 0x0010;
    public static final int FLAG_WRITE = 0x0020;
    public static final int FLAG_ORDERSNAP = 0x0040;
    public static final int FLAG_BALANCE_READS = 0x0100;
    public static final int FLAG_PARALLELEXEC = 0x0200;
    public static final int FLAG_PGOP = 0x0400;
    public static final int FLAG_EXEC = 0x0800;
    public static final int FLAG_LOCALIZE_READS = 0x2000;
    public static final int FLAG_RWORDERED = 0x4000;
    public static final int FLAG_IGNORE_CACHE = 0x8000;
    public static final int FLAG_SKIPRWLOCKS = 0x10000;
    public static final int FLAG_IGNORE_OVERLAY = 0x20000;
    public static final int FLAG_FLUSH = 0x40000;
    public static final int FLAG_MAP_SNAP_CLONE = 0x80000;
    public static final int FLAG_ENFORCE_SNAPC = 0x100000;
    public static final int FLAG_REDIRECTED = 0x200000;
    public static final int FLAG_KNOWN_REDIR = 0x400000;
    public static final int FLAG_FULL_TRY = 0x800000;
    public static final int FLAG_FULL_FORCE = 0x1000000;
    public static final int FLAG_IGNORE_REDIRECT = 0x2000000;
    public static final int FLAG_RETURNVEC = 0x4000000;
    public static final int FLAG_SUPPORTSPOOLEIO = 0x8000000;

    public static final MessageType<OsdOp> TYPE =
            new MessageType<>(42, "MOSDOp", 8, 3, OsdOp.class, OsdOp::encode, OsdOp::decode);

    public OsdOp {
        ops = List.copyOf(ops);
    }

    public boolean hasFlag(int flag) {
        return (flags & flag) != 0;
    }

    private void encode(Payload.Out out) {
        Encoder front = out.front()
                .put(ShardPgId.CODEC, pg)
                .u32(object.hash())
                .u32(epoch)
                .u32(flags)
                .put(ReqId.CODEC, reqId);
        TraceInfo.encode(front);
        front.u32(clientIncarnation)
                .time(mtime)
                .put(ObjectLocator.CODEC, locator())
                .bytes(object.name())
                .u16(ops.size());
        for (ObjectOp op : ops) {
            ObjectOp.encodeHeader(op.code(), op.flags(), op.args(), op.input().size(), front);
            out.data(op.input());
        }
        front.u64(object.snap()).put(SnapContext.CODEC, snaps).u32(retryAttempt).u64(features);
    }

    private ObjectLocator locator() {
        return object.name().isEmpty()
                ? new ObjectLocator(object.pool(), Bytes.EMPTY, object.namespace(), object.hash() & 0xffffffffL)
                : ObjectLocator.of(object.pool(), object.namespace(), object.key());
    }

    private static OsdOp decode(Payload.In in) {
        if (in.version() != TYPE.version()) {
            throw new MalformedInput("a request in version " + in.version() + ", from a client before luminous");
        }
        Decoder front = in.front();
        ShardPgId pg = front.get(ShardPgId.CODEC);
        int hash = front.i32();
        int epoch = front.i32();
        int flags = front.i32();
        ReqId reqId = front.get(ReqId.CODEC);
        TraceInfo.decode(front);
        int incarnation = front.i32();
        Instant mtime = front.time();
        ObjectLocator locator = front.get(ObjectLocator.CODEC);
        Bytes name = front.name();
        List<ObjectOp> ops = decodeOps(front.u16(), front, new Decoder(in.data()));
        ObjectId object =
                new ObjectId(pg.pg().pool(), locator.namespace(), locator.key(), name, front.u64(), hash, false);
        return new OsdOp(
                in.tid(),
                pg,
                epoch,
                flags,
                reqId,
                incarnation,
                mtime,
                object,
                ops,
                front.get(SnapContext.CODEC),
                front.i32(),
                front.u64());
    }

    private static List<ObjectOp> decodeOps(int count, Decoder front, Decoder data) {
        if ((long) count * ObjectOp.HEADER_SIZE > front.remaining()) {
            throw new MalformedInput(count + " operations do not fit the request");
        }
        List<ObjectOp> ops = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ObjectOp.Header h = ObjectOp.Header.decode(front);
            ops.add(new ObjectOp(h.code(), h.flags(), h.args(), data.raw(h.payloadLength())));
        }
        return ops;
    }

    /** Clients send requests below the default: osd_client_op_priority. */
    @Override
    public int priority() {
        return 63;
    }

    @Override
    public MessageType<OsdOp> type() {
        return TYPE;
    }
}

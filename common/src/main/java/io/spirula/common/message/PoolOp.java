package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.types.Uuid;

/** Changes a pool: creates or deletes it or one of its snapshots. Ceph: MPoolOp. */
public record PoolOp(
        long tid, long version, Uuid fsid, int pool, int op, long auid, long snap, String name, int crushRule)
        implements Message {
    /** The operations. Ceph: POOL_OP_*. */
    public static final int CREATE = 0x01;

    public static final int DELETE = 0x02;
    public static final int AUID_CHANGE = 0x03;
    public static final int CREATE_SNAP = 0x11;
    public static final int DELETE_SNAP = 0x12;
    public static final int CREATE_UNMANAGED_SNAP = 0x21;
    public static final int DELETE_UNMANAGED_SNAP = 0x22;

    public static final MessageType<PoolOp> TYPE =
            new MessageType<>(49, "MPoolOp", 4, 2, PoolOp.class, PoolOp::encode, PoolOp::decode);

    private void encode(Payload.Out out) {
        PaxosPrefix.encode(version, out.front())
                .put(Uuid.CODEC, fsid)
                .u32(pool)
                .u32(op)
                .u64(auid)
                .u64(snap)
                .string(name)
                .u8(0)
                .u16(crushRule);
    }

    private static PoolOp decode(Payload.In in) {
        Decoder front = in.front();
        return new PoolOp(
                in.tid(),
                PaxosPrefix.decode(front),
                front.get(Uuid.CODEC),
                front.i32(),
                front.i32(),
                front.u64(),
                front.u64(),
                front.string(),
                (short) front.skip(1).u16());
    }

    @Override
    public MessageType<PoolOp> type() {
        return TYPE;
    }
}

package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.ShardPgId;

/** Tells a client to hold back requests for a range of objects, or acknowledges or ends that. Ceph: MOSDBackoff. */
public record OsdBackoff(ShardPgId pg, int epoch, Op op, long id, ObjectId begin, ObjectId end) implements Message {
    /** Ceph: CEPH_OSD_BACKOFF_OP_*. */
    public enum Op {
        BLOCK(1),
        ACK_BLOCK(2),
        UNBLOCK(3);

        private final int code;

        Op(int code) {
            this.code = code;
        }

        static Op of(int code) {
            for (Op op : values()) {
                if (op.code == code) {
                    return op;
                }
            }
            throw new MalformedInput("no backoff operation " + code);
        }
    }

    public static final MessageType<OsdBackoff> TYPE =
            new MessageType<>(61, "MOSDBackoff", 1, 1, OsdBackoff.class, OsdBackoff::encode, OsdBackoff::decode);

    private void encode(Payload.Out out) {
        out.front()
                .put(ShardPgId.CODEC, pg)
                .u32(epoch)
                .u8(op.code)
                .u64(id)
                .put(ObjectId.CODEC, begin)
                .put(ObjectId.CODEC, end);
    }

    private static OsdBackoff decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdBackoff(
                front.get(ShardPgId.CODEC),
                front.i32(),
                Op.of(front.u8()),
                front.u64(),
                front.get(ObjectId.CODEC),
                front.get(ObjectId.CODEC));
    }

    @Override
    public int priority() {
        return PRIO_HIGH;
    }

    @Override
    public MessageType<OsdBackoff> type() {
        return TYPE;
    }
}

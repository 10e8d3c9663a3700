package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityId;

/** A step of copying a monitor's store to one that is too far behind. Ceph: MMonSync. */
public record MonSync(
        int op,
        long cookie,
        long lastCommitted,
        String lastPrefix,
        String lastKey,
        Bytes chunk,
        EntityId replyTo,
        EntityAddr replyAddr)
        implements Message {
    /** Ceph: OP_GET_COOKIE_FULL; the others follow its names too. */
    public static final int GET_COOKIE_FULL = 1;

    public static final int GET_COOKIE_RECENT = 2;
    public static final int COOKIE = 3;
    public static final int GET_CHUNK = 4;
    public static final int CHUNK = 5;
    public static final int LAST_CHUNK = 6;
    public static final int NO_COOKIE = 8;

    public static final MessageType<MonSync> TYPE =
            new MessageType<>(69, "MMonSync", 2, 2, MonSync.class, MonSync::encode, MonSync::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.u32(op)
                .u64(cookie)
                .u64(lastCommitted)
                .string(lastPrefix)
                .string(lastKey)
                .bytes(chunk)
                .put(EntityId.CODEC, replyTo)
                .put(EntityAddr.CODEC, replyAddr);
    }

    private static MonSync decode(Payload.In in) {
        Decoder front = in.front();
        return new MonSync(
                front.i32(),
                front.u64(),
                front.u64(),
                front.string(),
                front.string(),
                front.bytes(),
                front.get(EntityId.CODEC),
                front.get(EntityAddr.CODEC));
    }

    @Override
    public MessageType<MonSync> type() {
        return TYPE;
    }
}

package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;

/**
 * A peon passes a client's message on to the leader, with who the client is and what it may do. Ceph: MForward, in an encoding of our own.
 *
 * @param routeTid by which the answer, a {@link Route}, is known
 * @param epoch the election's: a request that comes late was sent again to the leader of the next one
 * @param socketAddr where its connection really came from
 * @param caps the client's, as {@link io.spirula.common.msgr.AuthenticatedPeer} has them
 */
public record Forward(
        long routeTid,
        int epoch,
        EntityId client,
        EntityAddrs clientAddrs,
        EntityAddr socketAddr,
        EntityName name,
        long globalId,
        long features,
        Bytes caps,
        Payload message)
        implements Message {
    public static final MessageType<Forward> TYPE =
            new MessageType<>(46, "MForward", 4, 4, Forward.class, Forward::encode, Forward::decode);

    private void encode(Payload.Out out) {
        out.front()
                .u64(routeTid)
                .u32(epoch)
                .put(EntityId.CODEC, client)
                .put(EntityAddrs.CODEC, clientAddrs)
                .put(EntityAddr.CODEC, socketAddr)
                .put(EntityName.CODEC, name)
                .u64(globalId)
                .u64(features)
                .bytes(caps)
                .put(ForwardedMessage.CODEC, message);
    }

    private static Forward decode(Payload.In in) {
        Decoder front = in.front();
        return new Forward(
                front.u64(),
                front.i32(),
                front.get(EntityId.CODEC),
                front.get(EntityAddrs.CODEC),
                front.get(EntityAddr.CODEC),
                front.get(EntityName.CODEC),
                front.u64(),
                front.u64(),
                front.bytes(),
                front.get(ForwardedMessage.CODEC));
    }

    @Override
    public MessageType<Forward> type() {
        return TYPE;
    }
}

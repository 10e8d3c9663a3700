package io.spirula.common.message;

import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A kind of message: Ceph's number and class name, the version we write and the oldest reader that understands it, and both directions of its encoding.
 *
 * @param code the header's type, CEPH_MSG_* or MSG_*
 * @param cephName Ceph's class, {@code MOSDOp}
 */
public record MessageType<M extends Message>(
        int code,
        String cephName,
        int version,
        int compatVersion,
        Class<M> messageClass,
        BiConsumer<M, Payload.Out> encoder,
        Function<Payload.In, M> decoder) {

    public Payload encode(Message message) {
        Payload.Out out = new Payload.Out(version, compatVersion);
        encoder.accept(messageClass.cast(message), out);
        return out.toPayload(message);
    }

    @Override
    public String toString() {
        return cephName;
    }
}

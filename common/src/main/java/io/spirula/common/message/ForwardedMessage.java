package io.spirula.common.message;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;

/** A message within a message: what {@link Forward} and {@link Route} carry. */
final class ForwardedMessage {
    static final Codec<Payload> CODEC = Codec.of(ForwardedMessage::encode, ForwardedMessage::decode);

    private ForwardedMessage() {}

    private static void encode(Payload p, Encoder out) {
        out.struct(
                1,
                1,
                o -> o.u16(p.type())
                        .u16(p.version())
                        .u16(p.compatVersion())
                        .u16(p.priority())
                        .u64(p.tid())
                        .u16(p.dataOffset())
                        .bytes(p.front())
                        .bytes(p.middle())
                        .bytes(p.data()));
    }

    private static Payload decode(Decoder in) {
        return in.struct(
                1,
                (b, v) -> new Payload(
                        b.u16(), b.u16(), b.u16(), b.u16(), b.u64(), b.u16(), b.bytes(), b.bytes(), b.bytes()));
    }
}

package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import org.jspecify.annotations.Nullable;

/**
 * The leader's answer for a client of a peon. Ceph: MRoute, in an encoding of our own.
 *
 * @param message what to send to the client; null for nothing
 * @param sendOsdMapFirst the peon sends the client OSD maps from this epoch on before; 0 for none
 */
public record Route(long routeTid, @Nullable Payload message, int sendOsdMapFirst) implements Message {
    public static final MessageType<Route> TYPE =
            new MessageType<>(47, "MRoute", 3, 3, Route.class, Route::encode, Route::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front().u64(routeTid).u32(sendOsdMapFirst).bool(message != null);
        if (message != null) {
            front.put(ForwardedMessage.CODEC, message);
        }
    }

    private static Route decode(Payload.In in) {
        Decoder front = in.front();
        long routeTid = front.u64();
        int sendOsdMapFirst = front.i32();
        return new Route(routeTid, front.bool() ? front.get(ForwardedMessage.CODEC) : null, sendOsdMapFirst);
    }

    @Override
    public MessageType<Route> type() {
        return TYPE;
    }
}

package io.spirula.common.message;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Asks a monitor to send maps from some version on, for as long as the session lasts or once. Ceph: MMonSubscribe. */
public record MonSubscribe(Map<String, Item> what, String hostname) implements Message {
    public static final MessageType<MonSubscribe> TYPE = new MessageType<>(
            15, "MMonSubscribe", 3, 1, MonSubscribe.class, MonSubscribe::encode, MonSubscribe::decode);

    /** From which version on, and whether one answer is enough. Ceph: ceph_mon_subscribe_item. */
    public record Item(long start, boolean onetime) {
        public static final Codec<Item> CODEC = Codec.of(
                (i, out) -> out.u64(i.start).u8(i.onetime ? 1 : 0), in -> new Item(in.u64(), (in.u8() & 1) != 0));
    }

    public MonSubscribe {
        what = Collections.unmodifiableMap(new LinkedHashMap<>(what));
    }

    private void encode(Payload.Out out) {
        out.front()
                .map(what, (k, o) -> o.string(k), (v, o) -> o.put(Item.CODEC, v))
                .string(hostname);
    }

    private static MonSubscribe decode(Payload.In in) {
        Decoder front = in.front();
        return new MonSubscribe(
                front.map(Decoder::string, d -> d.get(Item.CODEC)), in.version() >= 3 ? front.string() : "");
    }

    @Override
    public MessageType<MonSubscribe> type() {
        return TYPE;
    }
}

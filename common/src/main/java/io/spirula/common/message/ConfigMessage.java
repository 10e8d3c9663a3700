package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The central configuration as it applies to the receiver. Ceph: MConfig. */
public record ConfigMessage(Map<String, String> options) implements Message {
    public static final MessageType<ConfigMessage> TYPE =
            new MessageType<>(62, "MConfig", 1, 1, ConfigMessage.class, ConfigMessage::encode, ConfigMessage::decode);

    public ConfigMessage {
        options = Collections.unmodifiableMap(new TreeMap<>(options));
    }

    private void encode(Payload.Out out) {
        out.front().map(options, (k, o) -> o.string(k), (v, o) -> o.string(v));
    }

    private static ConfigMessage decode(Payload.In in) {
        return new ConfigMessage(in.front().map(Decoder::string, Decoder::string));
    }

    @Override
    public MessageType<ConfigMessage> type() {
        return TYPE;
    }
}

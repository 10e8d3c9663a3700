package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.types.EntityName;

/** Asks for the central configuration of one daemon. Ceph: MGetConfig. */
public record GetConfig(EntityName name, String host, String deviceClass) implements Message {
    public static final MessageType<GetConfig> TYPE =
            new MessageType<>(63, "MGetConfig", 1, 1, GetConfig.class, GetConfig::encode, GetConfig::decode);

    private void encode(Payload.Out out) {
        out.front().put(EntityName.CODEC, name).string(host).string(deviceClass);
    }

    private static GetConfig decode(Payload.In in) {
        Decoder front = in.front();
        return new GetConfig(front.get(EntityName.CODEC), front.string(), front.string());
    }

    @Override
    public MessageType<GetConfig> type() {
        return TYPE;
    }
}

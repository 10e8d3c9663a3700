package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;

/** Asks for OSD maps by epoch, full ones and increments; 0 and 0 for none. Ceph: MMonGetOSDMap. */
public record MonGetOsdMap(long version, int fullFirst, int fullLast, int incrementalFirst, int incrementalLast)
        implements Message {
    public static final MessageType<MonGetOsdMap> TYPE =
            new MessageType<>(6, "MMonGetOSDMap", 1, 1, MonGetOsdMap.class, MonGetOsdMap::encode, MonGetOsdMap::decode);

    private void encode(Payload.Out out) {
        PaxosPrefix.encode(version, out.front())
                .u32(fullFirst)
                .u32(fullLast)
                .u32(incrementalFirst)
                .u32(incrementalLast);
    }

    private static MonGetOsdMap decode(Payload.In in) {
        Decoder front = in.front();
        return new MonGetOsdMap(PaxosPrefix.decode(front), front.i32(), front.i32(), front.i32(), front.i32());
    }

    @Override
    public MessageType<MonGetOsdMap> type() {
        return TYPE;
    }
}

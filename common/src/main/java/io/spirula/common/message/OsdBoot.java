package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EntityAddrs;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** An OSD asks to be marked up. Metadata is what {@code ceph osd metadata} shows. Ceph: MOSDBoot. */
public record OsdBoot(
        long version,
        OsdSuperblock superblock,
        EntityAddrs heartbeatBackAddrs,
        EntityAddrs clusterAddrs,
        int bootEpoch,
        EntityAddrs heartbeatFrontAddrs,
        Map<String, String> metadata,
        long features)
        implements Message {
    public static final MessageType<OsdBoot> TYPE =
            new MessageType<>(71, "MOSDBoot", 7, 7, OsdBoot.class, OsdBoot::encode, OsdBoot::decode);

    public OsdBoot {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        PaxosPrefix.encode(version, front);
        front.put(OsdSuperblock.CODEC, superblock)
                .put(EntityAddrs.CODEC, heartbeatBackAddrs)
                .put(EntityAddrs.CODEC, clusterAddrs)
                .u32(bootEpoch)
                .put(EntityAddrs.CODEC, heartbeatFrontAddrs)
                .map(metadata, (k, o) -> o.string(k), (v, o) -> o.string(v))
                .u64(features);
    }

    private static OsdBoot decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdBoot(
                PaxosPrefix.decode(front),
                front.get(OsdSuperblock.CODEC),
                front.get(EntityAddrs.CODEC),
                front.get(EntityAddrs.CODEC),
                front.i32(),
                front.get(EntityAddrs.CODEC),
                front.map(Decoder::string, Decoder::string),
                front.u64());
    }

    @Override
    public MessageType<OsdBoot> type() {
        return TYPE;
    }
}

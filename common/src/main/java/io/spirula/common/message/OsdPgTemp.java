package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.PgId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An OSD asks for temporary acting sets; an empty one takes it back. Ceph: MOSDPGTemp. */
public record OsdPgTemp(long version, int epoch, Map<PgId, List<Integer>> pgTemp, boolean forced) implements Message {
    public static final MessageType<OsdPgTemp> TYPE =
            new MessageType<>(78, "MOSDPGTemp", 2, 1, OsdPgTemp.class, OsdPgTemp::encode, OsdPgTemp::decode);

    public OsdPgTemp {
        pgTemp = Collections.unmodifiableMap(new LinkedHashMap<>(pgTemp));
    }

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        PaxosPrefix.encode(version, front);
        front.u32(epoch)
                .map(pgTemp, (k, o) -> o.put(PgId.CODEC, k), (v, o) -> o.list(v, (i, l) -> l.u32(i)))
                .bool(forced);
    }

    private static OsdPgTemp decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdPgTemp(
                PaxosPrefix.decode(front),
                front.i32(),
                front.map(d -> d.get(PgId.CODEC), d -> d.list(Decoder::i32)),
                in.version() >= 2 ? front.bool() : false);
    }

    @Override
    public MessageType<OsdPgTemp> type() {
        return TYPE;
    }
}

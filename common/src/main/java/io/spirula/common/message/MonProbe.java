package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.Uuid;
import java.util.List;

/** A monitor looks for the others, and they answer with what they have. Ceph: MMonProbe. */
public record MonProbe(
        Uuid fsid,
        int op,
        String name,
        List<Integer> quorum,
        Bytes monMap,
        boolean hasEverJoined,
        long paxosFirstVersion,
        long paxosLastVersion,
        long requiredFeatures,
        int monRelease,
        int leader)
        implements Message {
    /** Ceph: OP_PROBE; the others follow its names too. */
    public static final int PROBE = 1;

    public static final int REPLY = 2;
    public static final int MISSING_FEATURES = 6;

    public static final MessageType<MonProbe> TYPE =
            new MessageType<>(67, "MMonProbe", 8, 5, MonProbe.class, MonProbe::encode, MonProbe::decode);

    public MonProbe {
        quorum = List.copyOf(quorum);
    }

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.put(Uuid.CODEC, fsid)
                .u32(op)
                .string(name)
                .list(quorum, (v, o) -> o.u32(v))
                .bytes(monMap)
                .bool(hasEverJoined)
                .u64(paxosFirstVersion)
                .u64(paxosLastVersion)
                .u64(requiredFeatures)
                .u8(monRelease)
                .u32(leader);
    }

    private static MonProbe decode(Payload.In in) {
        Decoder front = in.front();
        return new MonProbe(
                front.get(Uuid.CODEC),
                front.i32(),
                front.string(),
                front.list(Decoder::i32),
                front.bytes(),
                front.bool(),
                front.u64(),
                front.u64(),
                front.u64(),
                front.u8(),
                in.version() >= 8 ? front.i32() : -1);
    }

    @Override
    public int priority() {
        return PRIO_HIGHEST;
    }

    @Override
    public MessageType<MonProbe> type() {
        return TYPE;
    }
}

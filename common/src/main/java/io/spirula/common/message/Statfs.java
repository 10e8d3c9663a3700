package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.types.Uuid;
import java.util.OptionalLong;

/** Asks how full the cluster is, or one pool of it. Ceph: MStatfs. */
public record Statfs(long tid, long version, Uuid fsid, OptionalLong dataPool) implements Message {
    public static final MessageType<Statfs> TYPE =
            new MessageType<>(13, "MStatfs", 2, 1, Statfs.class, Statfs::encode, Statfs::decode);

    private void encode(Payload.Out out) {
        PaxosPrefix.encode(version, out.front()).put(Uuid.CODEC, fsid).bool(dataPool.isPresent());
        dataPool.ifPresent(pool -> out.front().u64(pool));
    }

    private static Statfs decode(Payload.In in) {
        Decoder front = in.front();
        return new Statfs(
                in.tid(),
                PaxosPrefix.decode(front),
                front.get(Uuid.CODEC),
                in.version() >= 2 && front.bool() ? OptionalLong.of(front.u64()) : OptionalLong.empty());
    }

    @Override
    public MessageType<Statfs> type() {
        return TYPE;
    }
}

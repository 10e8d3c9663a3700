package io.spirula.common.message;

/** A map's newest and oldest version. Ceph: MMonGetVersionReply. */
public record MonGetVersionReply(long handle, long version, long oldestVersion) implements Message {
    public static final MessageType<MonGetVersionReply> TYPE = new MessageType<>(
            20,
            "MMonGetVersionReply",
            2,
            2,
            MonGetVersionReply.class,
            MonGetVersionReply::encode,
            MonGetVersionReply::decode);

    private void encode(Payload.Out out) {
        out.front().u64(handle).u64(version).u64(oldestVersion);
    }

    private static MonGetVersionReply decode(Payload.In in) {
        return new MonGetVersionReply(
                in.front().u64(), in.front().u64(), in.front().u64());
    }

    @Override
    public MessageType<MonGetVersionReply> type() {
        return TYPE;
    }
}

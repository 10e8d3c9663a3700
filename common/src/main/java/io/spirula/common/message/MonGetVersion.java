package io.spirula.common.message;

/** Asks for a map's newest version ({@code osdmap}, {@code mgrmap}, …); the handle is the asker's own. Ceph: MMonGetVersion. */
public record MonGetVersion(long handle, String what) implements Message {
    public static final MessageType<MonGetVersion> TYPE = new MessageType<>(
            19, "MMonGetVersion", 1, 1, MonGetVersion.class, MonGetVersion::encode, MonGetVersion::decode);

    private void encode(Payload.Out out) {
        out.front().u64(handle).string(what);
    }

    private static MonGetVersion decode(Payload.In in) {
        return new MonGetVersion(in.front().u64(), in.front().string());
    }

    @Override
    public MessageType<MonGetVersion> type() {
        return TYPE;
    }
}

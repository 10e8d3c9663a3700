package io.spirula.common.message;

/** Asks for the monitor map. Ceph: MMonGetMap. */
public record MonGetMap() implements Message {
    public static final MessageType<MonGetMap> TYPE =
            new MessageType<>(5, "MMonGetMap", 1, 1, MonGetMap.class, (m, out) -> {}, in -> new MonGetMap());

    @Override
    public MessageType<MonGetMap> type() {
        return TYPE;
    }
}

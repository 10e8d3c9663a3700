package io.spirula.common.message;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import java.time.Instant;

/** One line of the cluster log. Ceph: LogEntry, in the encoding since nautilus. */
public record LogEntry(
        EntityName name,
        EntityId rank,
        EntityAddrs addrs,
        Instant stamp,
        long sequence,
        Level level,
        String text,
        String channel) {
    /** The channel of what is going on in the cluster. */
    public static final String CLUSTER = "cluster";

    /** The channel of what its administrators do. */
    public static final String AUDIT = "audit";

    /** How much a line matters. Ceph: clog_type. */
    public enum Level {
        DEBUG(0, "DBG"),
        INFO(1, "INF"),
        SECURITY(2, "SEC"),
        WARN(3, "WRN"),
        ERROR(4, "ERR"),
        UNKNOWN(-1, "???");

        private final int code;
        private final String label;

        Level(int code, String label) {
            this.code = code;
            this.label = label;
        }

        public int code() {
            return code;
        }

        static Level of(int code) {
            for (Level level : values()) {
                if (level.code == code) {
                    return level;
                }
            }
            return UNKNOWN;
        }

        /** As the cluster log spells it: {@code [INF]} without the brackets. */
        @Override
        public String toString() {
            return label;
        }
    }

    public static final Codec<LogEntry> CODEC = Codec.of(LogEntry::encode, LogEntry::decode);

    public LogEntry withText(String other) {
        return new LogEntry(name, rank, addrs, stamp, sequence, level, other, channel);
    }

    private void encode(Encoder out) {
        out.struct(
                5,
                5,
                o -> o.put(EntityName.CODEC, name)
                        .put(EntityId.CODEC, rank)
                        .put(EntityAddrs.CODEC, addrs)
                        .time(stamp)
                        .u64(sequence)
                        .u16(level.code)
                        .string(text)
                        .string(channel));
    }

    private static LogEntry decode(Decoder in) {
        return in.struct(
                5,
                (body, version) -> new LogEntry(
                        body.get(EntityName.CODEC),
                        body.get(EntityId.CODEC),
                        body.get(EntityAddrs.CODEC),
                        body.time(),
                        body.u64(),
                        Level.of((short) body.u16()),
                        body.string(),
                        body.string()));
    }
}

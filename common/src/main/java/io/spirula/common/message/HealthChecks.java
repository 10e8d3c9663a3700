package io.spirula.common.message;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.MalformedInput;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Health checks that are raised, by their code ({@code OSD_DOWN}). Ceph: health_check_map_t. */
public record HealthChecks(Map<String, Check> checks) {
    /** How bad it is. Ceph: health_status_t. */
    public enum Severity {
        ERR(0),
        WARN(1),
        OK(2);

        private final int code;

        Severity(int code) {
            this.code = code;
        }

        static Severity of(int code) {
            return switch (code) {
                case 0 -> ERR;
                case 1 -> WARN;
                case 2 -> OK;
                default -> throw new MalformedInput("no health status " + code);
            };
        }

        @Override
        public String toString() {
            return "HEALTH_" + name();
        }
    }

    /** One raised check: a line, the details, and how many things it is about. Ceph: health_check_t. */
    public record Check(Severity severity, String summary, List<String> detail, long count) {
        public static final Codec<Check> CODEC = Codec.of(
                (c, out) -> out.struct(
                        2,
                        1,
                        o -> o.u8(c.severity.code)
                                .string(c.summary)
                                .list(c.detail, (s, l) -> l.string(s))
                                .u64(c.count)),
                in -> in.struct(
                        2,
                        (b, v) -> new Check(
                                Severity.of(b.u8()), b.string(), b.list(Decoder::string), v >= 2 ? b.u64() : 0)));

        public Check {
            detail = List.copyOf(detail);
        }
    }

    public static final HealthChecks NONE = new HealthChecks(Map.of());
    public static final Codec<HealthChecks> CODEC = Codec.of(
            (h, out) -> out.struct(1, 1, o -> o.map(h.checks, (k, m) -> m.string(k), (c, m) -> m.put(Check.CODEC, c))),
            in -> in.struct(1, (b, v) -> new HealthChecks(b.map(Decoder::string, d -> d.get(Check.CODEC)))));

    public HealthChecks {
        checks = Collections.unmodifiableMap(new TreeMap<>(checks));
    }
}

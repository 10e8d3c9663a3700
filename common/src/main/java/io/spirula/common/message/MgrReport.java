package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A daemon's report to the manager: new counters' schemas, their values one after the other, health metrics. The rest holds performance metrics and a service's task status. Ceph: MMgrReport. */
public record MgrReport(
        String daemonName,
        List<PerfCounterType> declareTypes,
        Bytes packed,
        List<String> undeclareTypes,
        String serviceName,
        @Nullable Map<String, String> daemonStatus,
        List<DaemonHealthMetric> healthMetrics,
        Bytes config,
        Bytes metrics)
        implements Message {
    /** Reports no performance metrics and no task status. */
    public static final Bytes NO_METRICS = Bytes.zeros(6);

    public static final MessageType<MgrReport> TYPE =
            new MessageType<>(0x702, "MMgrReport", 9, 1, MgrReport.class, MgrReport::encode, MgrReport::decode);

    public MgrReport {
        declareTypes = List.copyOf(declareTypes);
        undeclareTypes = List.copyOf(undeclareTypes);
        healthMetrics = List.copyOf(healthMetrics);
    }

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.string(daemonName)
                .list(declareTypes, (v, o) -> o.put(PerfCounterType.CODEC, v))
                .bytes(packed)
                .list(undeclareTypes, (v, o) -> o.string(v))
                .string(serviceName);
        front.bool(daemonStatus != null);
        if (daemonStatus != null) {
            front.map(daemonStatus, (k, o) -> o.string(k), (v, o) -> o.string(v));
        }
        front.list(healthMetrics, (v, o) -> o.put(DaemonHealthMetric.CODEC, v))
                .bytes(config)
                .raw(metrics);
    }

    private static MgrReport decode(Payload.In in) {
        Decoder front = in.front();
        return new MgrReport(
                front.string(),
                front.list(d -> d.get(PerfCounterType.CODEC)),
                front.bytes(),
                front.list(Decoder::string),
                front.string(),
                front.bool() ? front.map(Decoder::string, Decoder::string) : null,
                front.list(d -> d.get(DaemonHealthMetric.CODEC)),
                front.bytes(),
                front.rest());
    }

    @Override
    public MessageType<MgrReport> type() {
        return TYPE;
    }
}

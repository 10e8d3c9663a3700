package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The manager's report to the monitors: health, services, progress, and the digest of all statistics (an encoded PGMapDigest) as data. Ceph: MMonMgrReport. */
public record MonMgrReport(
        long version,
        HealthChecks healthChecks,
        Bytes serviceMap,
        Map<String, ProgressEvent> progressEvents,
        long gid,
        Bytes digest)
        implements Message {
    public static final MessageType<MonMgrReport> TYPE = new MessageType<>(
            0x706, "MMonMgrReport", 3, 1, MonMgrReport.class, MonMgrReport::encode, MonMgrReport::decode);

    public MonMgrReport {
        progressEvents = Collections.unmodifiableMap(new LinkedHashMap<>(progressEvents));
    }

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        PaxosPrefix.encode(version, front);
        front.put(HealthChecks.CODEC, healthChecks)
                .bytes(serviceMap)
                .map(progressEvents, (k, o) -> o.string(k), (v, o) -> o.put(ProgressEvent.CODEC, v))
                .u64(gid);
        out.data(digest);
    }

    private static MonMgrReport decode(Payload.In in) {
        Decoder front = in.front();
        return new MonMgrReport(
                PaxosPrefix.decode(front),
                front.get(HealthChecks.CODEC),
                front.bytes(),
                front.map(Decoder::string, d -> d.get(ProgressEvent.CODEC)),
                in.version() >= 3 ? front.u64() : 0,
                in.data());
    }

    @Override
    public MessageType<MonMgrReport> type() {
        return TYPE;
    }
}

package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A daemon introduces itself to the manager; metadata and status are there for services (null for others). Ceph: MMgrOpen. */
public record MgrOpen(
        String daemonName, String serviceName, @Nullable Service service, Bytes config, Bytes configDefaults)
        implements Message {
    /** What a service that is not one of Ceph's own daemons says of itself. */
    public record Service(Map<String, String> metadata, Map<String, String> status) {
        public Service {
            metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
            status = Collections.unmodifiableMap(new LinkedHashMap<>(status));
        }
    }

    public static final MessageType<MgrOpen> TYPE =
            new MessageType<>(0x700, "MMgrOpen", 3, 1, MgrOpen.class, MgrOpen::encode, MgrOpen::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.string(daemonName).string(serviceName);
        front.bool(service != null);
        if (service != null) {
            front.map(service.metadata, (k, o) -> o.string(k), (v, o) -> o.string(v))
                    .map(service.status, (k, o) -> o.string(k), (v, o) -> o.string(v));
        }
        front.bytes(config).bytes(configDefaults);
    }

    private static MgrOpen decode(Payload.In in) {
        Decoder front = in.front();
        return new MgrOpen(
                front.string(),
                front.string(),
                front.bool()
                        ? new Service(
                                front.map(Decoder::string, Decoder::string),
                                front.map(Decoder::string, Decoder::string))
                        : null,
                in.version() >= 3 ? front.bytes() : Bytes.EMPTY,
                in.version() >= 3 ? front.bytes() : Bytes.EMPTY);
    }

    @Override
    public MessageType<MgrOpen> type() {
        return TYPE;
    }
}

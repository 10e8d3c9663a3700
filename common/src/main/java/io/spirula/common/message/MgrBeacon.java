package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.Uuid;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A manager says that it is there. Module infos are in their own encoding. Ceph: MMgrBeacon. */
public record MgrBeacon(
        long version,
        EntityAddrs addrs,
        long gid,
        boolean available,
        String name,
        Uuid fsid,
        List<String> moduleNames,
        List<MonCommandDescription> commands,
        Map<String, String> metadata,
        Map<String, String> services,
        List<RawStruct> modules,
        long features,
        List<EntityAddrs> clients,
        List<String> clientNames)
        implements Message {
    public static final MessageType<MgrBeacon> TYPE =
            new MessageType<>(0x703, "MMgrBeacon", 11, 8, MgrBeacon.class, MgrBeacon::encode, MgrBeacon::decode);

    public MgrBeacon {
        moduleNames = List.copyOf(moduleNames);
        commands = List.copyOf(commands);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
        modules = List.copyOf(modules);
        clients = List.copyOf(clients);
        clientNames = List.copyOf(clientNames);
    }

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        PaxosPrefix.encode(version, front);
        front.put(EntityAddrs.CODEC, addrs)
                .u64(gid)
                .bool(available)
                .string(name)
                .put(Uuid.CODEC, fsid)
                .list(moduleNames, (v, o) -> o.string(v))
                .list(commands, (v, o) -> o.put(MonCommandDescription.CODEC, v))
                .map(metadata, (k, o) -> o.string(k), (v, o) -> o.string(v))
                .map(services, (k, o) -> o.string(k), (v, o) -> o.string(v))
                .list(modules, (v, o) -> o.put(RawStruct.CODEC, v))
                .u64(features)
                .list(clients, (v, o) -> o.put(EntityAddrs.CODEC, v))
                .list(clientNames, (v, o) -> o.string(v));
    }

    private static MgrBeacon decode(Payload.In in) {
        Decoder front = in.front();
        return new MgrBeacon(
                PaxosPrefix.decode(front),
                front.get(EntityAddrs.CODEC),
                front.u64(),
                front.bool(),
                front.string(),
                front.get(Uuid.CODEC),
                front.list(Decoder::string),
                front.list(d -> d.get(MonCommandDescription.CODEC)),
                front.map(Decoder::string, Decoder::string),
                front.map(Decoder::string, Decoder::string),
                front.list(d -> d.get(RawStruct.CODEC)),
                front.u64(),
                front.list(d -> d.get(EntityAddrs.CODEC)),
                front.list(Decoder::string));
    }

    @Override
    public MessageType<MgrBeacon> type() {
        return TYPE;
    }
}

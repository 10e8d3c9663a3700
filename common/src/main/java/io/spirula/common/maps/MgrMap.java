package io.spirula.common.maps;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.format.Formatter;
import io.spirula.common.types.EntityAddrs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;

/**
 * Which manager is active and where, and which modules it runs. Ceph: MgrMap (mon/MgrMap.h), version 12.
 *
 * @param activeGid the active manager's global id; 0 for none
 * @param available whether it serves yet
 * @param modules the names of the enabled modules
 * @param services where modules serve, by their name: URIs
 * @param availableModules all modules that the active manager has
 * @param activeChange since when it is active
 * @param alwaysOnModules by release, the modules that cannot be disabled
 * @param clients what the active manager connects to the cluster with, to be blocked when another takes over
 */
public record MgrMap(
        int epoch,
        EntityAddrs activeAddrs,
        long activeGid,
        boolean available,
        String activeName,
        NavigableMap<Long, MgrStandby> standbys,
        NavigableSet<String> modules,
        NavigableMap<String, String> services,
        List<MgrModule> availableModules,
        Instant activeChange,
        NavigableMap<Integer, NavigableSet<String>> alwaysOnModules,
        long activeFeatures,
        int lastFailureOsdEpoch,
        List<Client> clients) {
    /** A connection of a manager's module to the cluster as its client. */
    public record Client(String name, EntityAddrs addrs) {}

    public static final Codec<MgrMap> CODEC = Codec.of(MgrMap::encode, MgrMap::decode);
    public static final MgrMap EMPTY = new MgrMap(
            0,
            EntityAddrs.NONE,
            0,
            false,
            "",
            Sorted.none(),
            Sorted.noneOf(),
            Sorted.none(),
            List.of(),
            Instant.EPOCH,
            Sorted.none(),
            0,
            0,
            List.of());

    public MgrMap {
        availableModules = List.copyOf(availableModules);
        clients = List.copyOf(clients);
    }

    /** The next epoch, with this manager active and nothing else changed. */
    public MgrMap withActive(String name, long gid, EntityAddrs addrs, boolean serves, Instant since, long features) {
        return new MgrMap(
                epoch + 1,
                addrs,
                gid,
                serves,
                name,
                standbys,
                modules,
                services,
                availableModules,
                since,
                alwaysOnModules,
                features,
                lastFailureOsdEpoch,
                clients);
    }

    /** The next epoch, with these modules. */
    public MgrMap withEpoch(int other) {
        return new MgrMap(
                other,
                activeAddrs,
                activeGid,
                available,
                activeName,
                standbys,
                modules,
                services,
                availableModules,
                activeChange,
                alwaysOnModules,
                activeFeatures,
                lastFailureOsdEpoch,
                clients);
    }

    public MgrMap withModules(
            NavigableSet<String> enabled,
            List<MgrModule> availableOnes,
            NavigableMap<Integer, NavigableSet<String>> alwaysOn) {
        return new MgrMap(
                epoch + 1,
                activeAddrs,
                activeGid,
                available,
                activeName,
                standbys,
                enabled,
                services,
                availableOnes,
                activeChange,
                alwaysOn,
                activeFeatures,
                lastFailureOsdEpoch,
                clients);
    }

    /** The next epoch, with these services. */
    public MgrMap withServices(NavigableMap<String, String> newServices) {
        return new MgrMap(
                epoch + 1,
                activeAddrs,
                activeGid,
                available,
                activeName,
                standbys,
                modules,
                newServices,
                availableModules,
                activeChange,
                alwaysOnModules,
                activeFeatures,
                lastFailureOsdEpoch,
                clients);
    }

    public Bytes encoded() {
        return CODEC.toBytes(this);
    }

    /** Writes the members of the object that the map is: {@code ceph mgr dump --format json}. */
    public void dump(Formatter f) {
        MgrMapDump.dump(this, f);
    }

    private void encode(Encoder out) {
        out.struct(12, 6, o -> {
            o.u32(epoch).put(EntityAddrs.CODEC, activeAddrs).u64(activeGid).bool(available);
            o.string(activeName);
            o.map(standbys, (k, e) -> e.u64(k), (v, e) -> e.put(MgrStandby.CODEC, v));
            o.put(Sorted.NAMES, modules).put(Sorted.TEXTS, services);
            o.list(availableModules, (m, e) -> e.put(MgrModule.CODEC, m));
            o.time(activeChange);
            o.map(alwaysOnModules, (k, e) -> e.u32((int) k), (v, e) -> e.put(Sorted.NAMES, v));
            o.u64(activeFeatures).u32(lastFailureOsdEpoch);
            o.list(clients, (c, e) -> e.put(EntityAddrs.CODEC, c.addrs));
            o.list(clients, (c, e) -> e.string(c.name));
        });
    }

    private static MgrMap decode(Decoder in) {
        return in.struct(12, (d, version) -> {
            if (version < 6) {
                throw new MalformedInput("a manager map of version " + version + ", older than nautilus");
            }
            return new MgrMap(
                    d.i32(),
                    d.get(EntityAddrs.CODEC),
                    d.u64(),
                    d.bool(),
                    d.string(),
                    Sorted.map(d, 14, Decoder::u64, e -> e.get(MgrStandby.CODEC)),
                    d.get(Sorted.NAMES),
                    d.get(Sorted.TEXTS),
                    MapCodecs.counted(d, 6, e -> e.get(MgrModule.CODEC)),
                    version >= 7 ? d.time() : Instant.EPOCH,
                    version >= 8 ? Sorted.map(d, 8, Decoder::i32, e -> e.get(Sorted.NAMES)) : Sorted.none(),
                    version >= 9 ? d.u64() : 0,
                    version >= 10 ? d.i32() : 0,
                    decodeClients(d, version));
        });
    }

    private static List<Client> decodeClients(Decoder d, int version) {
        List<EntityAddrs> addrs = version >= 11 ? MapCodecs.counted(d, 5, e -> e.get(EntityAddrs.CODEC)) : List.of();
        List<String> names = version >= 12 ? MapCodecs.counted(d, 4, Decoder::string) : List.of();
        if (version >= 12 && names.size() != addrs.size()) {
            throw new MalformedInput(addrs.size() + " addresses of clients and " + names.size() + " names");
        }
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < addrs.size(); i++) {
            clients.add(new Client(version >= 12 ? names.get(i) : "", addrs.get(i)));
        }
        return clients;
    }
}

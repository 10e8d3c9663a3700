package io.spirula.common.maps;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.format.Formatter;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.Uuid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which monitors there are and where. A monitor's rank is its place in {@code ranks}. Ceph: MonMap (mon/MonMap.cc), version 9.
 *
 * @param persistentFeatures bits of {@link #FEATURE_NAMES} that hold for good
 * @param removedRanks the ranks whose monitors were removed since the last election
 * @param strategy how a leader is elected: {@link #CLASSIC}, {@link #DISALLOW} or {@link #CONNECTIVITY}
 */
public record MonMap(
        Uuid fsid,
        int epoch,
        Instant lastChanged,
        Instant created,
        long persistentFeatures,
        long optionalFeatures,
        NavigableMap<String, MonInfo> monitors,
        List<String> ranks,
        CephRelease minMonRelease,
        NavigableSet<Integer> removedRanks,
        int strategy,
        NavigableSet<String> disallowedLeaders,
        boolean stretchMode,
        String tiebreaker,
        NavigableSet<String> stretchMarkedDown) {
    public static final Codec<MonMap> CODEC = Codec.of(MonMap::encode, MonMap::decode);
    /** Strategies of elections. */
    public static final int CLASSIC = 1;

    public static final int DISALLOW = 2;
    public static final int CONNECTIVITY = 3;

    public static final List<String> FEATURE_NAMES =
            List.of("kraken", "luminous", "mimic", "osdmap-prune", "nautilus", "octopus", "pacific", "elector-pinging");
    /** What pacific monitors have in common. */
    public static final long PACIFIC_FEATURES = 0xff;

    /** Ceph: mon_feature_t. */
    private static final Codec<Long> FEATURES =
            Codec.of((f, out) -> out.struct(1, 1, o -> o.u64(f)), in -> in.struct(1, (d, v) -> d.u64()));

    public MonMap {
        ranks = List.copyOf(ranks);
        for (String name : ranks) {
            if (!monitors.containsKey(name)) {
                throw new MalformedInput("no monitor '" + name + "', which has a rank");
            }
        }
    }

    /** A map of pacific monitors, ranked in the order given. */
    public static MonMap of(Uuid fsid, int epoch, Instant now, List<MonInfo> monitors) {
        TreeMap<String, MonInfo> byName = new TreeMap<>();
        monitors.forEach(m -> byName.put(m.name(), m));
        return new MonMap(
                fsid,
                epoch,
                now,
                now,
                PACIFIC_FEATURES,
                0,
                Sorted.copy(byName),
                monitors.stream().map(MonInfo::name).toList(),
                CephRelease.PACIFIC,
                Sorted.noneOf(),
                CLASSIC,
                Sorted.noneOf(),
                false,
                "",
                Sorted.noneOf());
    }

    public MonMap withEpoch(int newEpoch, Instant now) {
        return new MonMap(
                fsid,
                newEpoch,
                now,
                created,
                persistentFeatures,
                optionalFeatures,
                monitors,
                ranks,
                minMonRelease,
                removedRanks,
                strategy,
                disallowedLeaders,
                stretchMode,
                tiebreaker,
                stretchMarkedDown);
    }

    /** With one more monitor, of the lowest priority in rank; it takes no rank that somebody has. */
    public MonMap with(MonInfo added) {
        TreeMap<String, MonInfo> more = new TreeMap<>(monitors);
        more.put(added.name(), added);
        List<String> newRanks = new ArrayList<>(ranks);
        newRanks.add(added.name());
        return withMonitors(Sorted.copy(more), newRanks, removedRanks);
    }

    /** With something changed of a monitor that is there. */
    public MonMap replacing(MonInfo changed) {
        TreeMap<String, MonInfo> all = new TreeMap<>(monitors);
        all.put(changed.name(), changed);
        return withMonitors(Sorted.copy(all), ranks, removedRanks);
    }

    /** With the same monitors in another order. */
    public MonMap withRanks(List<String> newRanks) {
        return withMonitors(monitors, newRanks, removedRanks);
    }

    /** Without a monitor; those of higher rank move up. */
    public MonMap without(String removed) {
        TreeMap<String, MonInfo> fewer = new TreeMap<>(monitors);
        fewer.remove(removed);
        List<String> newRanks = new ArrayList<>(ranks);
        newRanks.remove(removed);
        TreeSet<Integer> gone = new TreeSet<>(removedRanks);
        gone.add(rank(removed));
        return withMonitors(Sorted.copy(fewer), newRanks, Collections.unmodifiableNavigableSet(gone));
    }

    private MonMap withMonitors(
            NavigableMap<String, MonInfo> newMonitors, List<String> newRanks, NavigableSet<Integer> newRemovedRanks) {
        return new MonMap(
                fsid,
                epoch,
                lastChanged,
                created,
                persistentFeatures,
                optionalFeatures,
                newMonitors,
                newRanks,
                minMonRelease,
                newRemovedRanks,
                strategy,
                disallowedLeaders,
                stretchMode,
                tiebreaker,
                stretchMarkedDown);
    }

    /** With another way to elect a leader, and other monitors that may not lead. */
    public MonMap withElections(int newStrategy, NavigableSet<String> newDisallowedLeaders) {
        return new MonMap(
                fsid,
                epoch,
                lastChanged,
                created,
                persistentFeatures,
                optionalFeatures,
                monitors,
                ranks,
                minMonRelease,
                removedRanks,
                newStrategy,
                newDisallowedLeaders,
                stretchMode,
                tiebreaker,
                stretchMarkedDown);
    }

    public MonMap withFsid(Uuid newFsid) {
        return new MonMap(
                newFsid,
                epoch,
                lastChanged,
                created,
                persistentFeatures,
                optionalFeatures,
                monitors,
                ranks,
                minMonRelease,
                removedRanks,
                strategy,
                disallowedLeaders,
                stretchMode,
                tiebreaker,
                stretchMarkedDown);
    }

    public int size() {
        return ranks.size();
    }

    /** The monitor of a rank. */
    public MonInfo monitor(int rank) {
        return monitor(ranks.get(rank));
    }

    private MonInfo monitor(String name) {
        MonInfo info = monitors.get(name);
        if (info == null) {
            throw new IllegalStateException("no monitor '" + name + "'");
        }
        return info;
    }

    /** A monitor's rank by its name, or -1. */
    public int rank(String name) {
        return ranks.indexOf(name);
    }

    /** The rank of the monitor that has one of these addresses, nonces aside; -1 if none has. */
    public int rank(EntityAddrs addrs) {
        for (int rank = 0; rank < size(); rank++) {
            for (EntityAddr addr : monitor(rank).addrs().list()) {
                if (addrs.list().stream().anyMatch(a -> a.withNonce(0).equals(addr.withNonce(0)))) {
                    return rank;
                }
            }
        }
        return -1;
    }

    /** The addresses of a monitor by name, or null. */
    public @Nullable EntityAddrs addrs(String name) {
        MonInfo info = monitors.get(name);
        return info == null ? null : info.addrs();
    }

    public Bytes encoded() {
        return CODEC.toBytes(this);
    }

    /** Writes the members of the object that the map is: {@code ceph mon dump --format json} without the quorum. */
    public void dump(Formatter f) {
        MonMapText.dump(this, f);
    }

    /** {@code ceph mon dump}. */
    public String print() {
        return MonMapText.print(this);
    }

    private void encode(Encoder out) {
        out.struct(9, 6, o -> {
            o.put(Uuid.CODEC, fsid).u32(epoch).time(lastChanged).time(created);
            o.put(FEATURES, persistentFeatures).put(FEATURES, optionalFeatures);
            o.map(monitors, (k, e) -> e.string(k), (v, e) -> e.put(MonInfo.CODEC, v));
            o.list(ranks, (r, e) -> e.string(r));
            o.u8(minMonRelease.number());
            o.list(removedRanks, (r, e) -> e.u32((int) r));
            o.u8(strategy);
            o.put(Sorted.NAMES, disallowedLeaders);
            o.bool(stretchMode).string(tiebreaker);
            o.put(Sorted.NAMES, stretchMarkedDown);
        });
    }

    private static MonMap decode(Decoder in) {
        return in.struct(9, (d, version) -> {
            if (version < 6) {
                throw new MalformedInput("a monitor map of version " + version + ", older than nautilus");
            }
            return new MonMap(
                    d.get(Uuid.CODEC),
                    d.i32(),
                    d.time(),
                    d.time(),
                    d.get(FEATURES),
                    d.get(FEATURES),
                    Sorted.map(d, 10, Decoder::string, e -> e.get(MonInfo.CODEC)),
                    MapCodecs.counted(d, 4, Decoder::string),
                    version >= 7 ? CephRelease.of(d.u8()) : CephRelease.UNKNOWN,
                    version >= 8 ? Sorted.set(d, 4, Decoder::i32) : Sorted.noneOf(),
                    version >= 8 ? d.u8() : CLASSIC,
                    version >= 8 ? d.get(Sorted.NAMES) : Sorted.noneOf(),
                    version >= 9 && d.bool(),
                    version >= 9 ? d.string() : "",
                    version >= 9 ? d.get(Sorted.NAMES) : Sorted.noneOf());
        });
    }
}

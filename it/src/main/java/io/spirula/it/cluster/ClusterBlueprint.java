package io.spirula.it.cluster;

import io.spirula.common.auth.AuthSettings;
import io.spirula.common.auth.CryptoKey;
import io.spirula.common.auth.EntityAuth;
import io.spirula.common.auth.Keyring;
import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.maps.MonInfo;
import io.spirula.common.maps.MonMap;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Uuid;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a new cluster is made of: its id, everybody's keys, the monitors' addresses and the configuration that all share.
 *
 * @param keyring the keys of the monitors, of {@code client.admin} and of every OSD
 * @param conf the text of a ceph.conf, which stock programs can use too
 */
public record ClusterBlueprint(Uuid fsid, Keyring keyring, List<EntityAddr> monitorAddrs, String conf) {

    /** The monitors are {@code a}, {@code b} and so on. */
    public static String monitorName(int rank) {
        return String.valueOf((char) ('a' + rank));
    }

    /**
     * @param auth what {@code auth_*_required} is: cephx or none
     * @param options more of the configuration, by name
     */
    public static ClusterBlueprint of(
            int osds,
            String auth,
            List<EntityAddr> monitors,
            SortedMap<String, String> options,
            RandomGenerator random,
            Instant now) {
        Uuid fsid = Uuid.random(random);
        Keyring keyring = Keyring.EMPTY
                .with(EntityName.parse("mon."), entity(Map.of("mon", "allow *"), random, now))
                .with(
                        EntityName.client("admin"),
                        entity(
                                Map.of("mds", "allow *", "mgr", "allow *", "mon", "allow *", "osd", "allow *"),
                                random,
                                now));
        for (int osd = 0; osd < osds; osd++) {
            Map<String, String> caps = Map.of("mgr", "allow profile osd", "mon", "allow profile osd", "osd", "allow *");
            keyring = keyring.with(osdName(osd), entity(caps, random, now));
        }
        StringBuilder conf = new StringBuilder("""
            [global]
            fsid = %1$s
            mon host = %2$s
            mon initial members = %3$s
            auth cluster required = %4$s
            auth service required = %4$s
            auth client required = %4$s
            osd objectstore = memory
            osd pool default size = %5$d
            osd pool default min size = %6$d
            osd pool default pg num = 8
            osd pool default pg autoscale mode = off
            osd crush chooseleaf type = 0
            mon osd reporter subtree level = osd
            mon allow pool delete = true
            mon allow pool size one = true
            mon warn on insecure global id reclaim = false
            mon warn on insecure global id reclaim allowed = false
            """.formatted(
                        fsid, monHost(monitors), names(monitors), auth, Math.clamp(osds, 1, 3), osds > 2 ? 2 : 1));
        options.forEach(
                (name, value) -> conf.append(name).append(" = ").append(value).append('\n'));
        return new ClusterBlueprint(fsid, keyring, List.copyOf(monitors), conf.toString());
    }

    private static String monHost(List<EntityAddr> monitors) {
        return monitors.stream()
                .map(m -> "[v2:" + m.host() + ":" + m.port() + "]")
                .collect(Collectors.joining(","));
    }

    private static String names(List<EntityAddr> monitors) {
        return IntStream.range(0, monitors.size())
                .mapToObj(ClusterBlueprint::monitorName)
                .collect(Collectors.joining(","));
    }

    private static EntityAuth entity(Map<String, String> caps, RandomGenerator random, Instant now) {
        return new EntityAuth(CryptoKey.generate(random, now), caps);
    }

    public static EntityName osdName(int osd) {
        return new EntityName(EntityType.OSD, Integer.toString(osd));
    }

    /** The configuration as somebody in the cluster sees it. */
    public Config config(EntityName who) {
        return Config.of(who, CephConf.parse(conf, "ceph.conf"));
    }

    /** The keyring file of one entity. */
    public Keyring keyringOf(EntityName who) {
        EntityAuth auth = keyring.find(who);
        return auth == null ? Keyring.EMPTY : Keyring.EMPTY.with(who, auth);
    }

    public AuthSettings authSettings(EntityName who) {
        Config config = config(who);
        return AuthSettings.of(
                who.type(),
                config.string("auth_cluster_required", "cephx"),
                config.string("auth_service_required", "cephx"),
                config.string("auth_client_required", "cephx, none"));
    }

    public List<EntityAddrs> monitors() {
        return monitorAddrs.stream().map(EntityAddrs::of).toList();
    }

    /** The first monitor map. */
    public MonMap monMap(Instant now) {
        return MonMap.of(
                fsid,
                0,
                now,
                IntStream.range(0, monitorAddrs.size())
                        .mapToObj(rank -> MonInfo.of(monitorName(rank), EntityAddrs.of(monitorAddrs.get(rank))))
                        .toList());
    }
}

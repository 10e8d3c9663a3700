package io.spirula.mon.daemon;

import io.spirula.common.auth.Keyring;
import io.spirula.common.config.Config;
import io.spirula.common.config.ConfigException;
import io.spirula.common.config.MonHosts;
import io.spirula.common.daemon.DaemonOptions;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.maps.MonInfo;
import io.spirula.common.maps.MonMap;
import io.spirula.common.msgr.netty.NettyReactor;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Uuid;
import io.spirula.mon.store.RocksKeyValueStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** {@code ceph-mon --mkfs}: the store of a monitor of a new cluster. */
final class MonCreation {
    /** What stock's ceph-mon ends with for want of an fsid. */
    private static final int NO_FSID = 10;

    private final DaemonOptions options;
    private final String name;
    private final Path folder;

    MonCreation(DaemonOptions options, String name, Path folder) {
        this.options = options;
        this.name = name;
        this.folder = folder;
    }

    /** The exit code. */
    int make() {
        Path store = folder.resolve("store.db");
        if (RocksKeyValueStore.exists(store)) {
            RocksKeyValueStore.open(store).close(); // one that is no monitor's or not finished is said to be so
            System.err.println("'" + folder + "' already exists and is not empty: monitor may already exist");
            return 0;
        }
        MonMap map = monMap();
        Uuid fsid = options.fsid();
        if (fsid != null) {
            map = map.withFsid(fsid);
        }
        if (map.fsid().isZero()) {
            System.err.println("ceph-mon: generated monmap has no fsid; use '--fsid'");
            return NO_FSID;
        }
        Keyring keyring = keyring();
        try (RocksKeyValueStore disk = RocksKeyValueStore.create(store)) {
            MonDaemon.makeStore(disk, map, keyring);
        }
        return 0;
    }

    private MonMap monMap() {
        String file = options.values().get("--monmap");
        if (file == null) {
            int strategy = (int) options.config().integer("mon_election_default_strategy", MonMap.CLASSIC);
            return MonMap.of(Uuid.ZERO, 0, NettyReactor.SYSTEM_CLOCK.now(), configured())
                    .withElections(strategy, Collections.emptyNavigableSet());
        }
        try {
            return MonMap.CODEC.fromBytes(Bytes.wrap(Files.readAllBytes(Path.of(file))));
        } catch (IOException e) {
            throw new ConfigException("error reading " + file + ": can't open " + file + ": No such file", e);
        } catch (MalformedInput e) {
            throw new ConfigException("error decoding monmap " + file + ": " + e.getMessage(), e);
        }
    }

    private List<MonInfo> configured() {
        Config config = options.config();
        String hosts = config.string("public_addr", config.string("mon_host", ""));
        if (hosts.isBlank()) {
            throw new ConfigException("no monitor map: give --monmap FILE, --public-addr ADDR, or set mon host");
        }
        List<EntityAddrs> addrs = MonHosts.parse(hosts);
        List<String> names = new ArrayList<>(
                List.of(config.string("mon_initial_members", name).trim().split("[,;\\s]+")));
        names.removeIf(String::isEmpty);
        if (!names.contains(name)) {
            names.add(name);
        }
        List<MonInfo> infos = new ArrayList<>();
        for (int i = 0; i < Math.min(names.size(), addrs.size()); i++) {
            infos.add(MonInfo.of(names.get(i), addrs.get(i)));
        }
        return infos;
    }

    private Keyring keyring() {
        Keyring keyring = options.keyring(folder.resolve("keyring").toString());
        if (options.usesCephx() && keyring.key(new EntityName(EntityType.MON, "")) == null) {
            throw new ConfigException("the keyring has no key for mon.: make one with ceph-authtool");
        }
        return keyring;
    }
}

package io.spirula.it.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.spirula.common.auth.CryptoKey;
import io.spirula.common.auth.Keyring;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.Uuid;
import io.spirula.librados.Rados;
import io.spirula.librados.RadosBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A cluster within this process: one monitor or several and some OSDs, on free ports of 127.0.0.1 and one thread, with everything in memory. Healthy when {@link Builder#start} returns; gone without a trace when closed. Our clients and
 * stock ones use it as any other cluster.
 *
 * <pre>{@code
 * try (InProcessCluster cluster = InProcessCluster.builder().osds(3).start();
 *         Rados rados = cluster.connect()) {
 *     rados.createPool("data");
 *     rados.ioCtx("data").writeFull("greeting", "hello".getBytes(UTF_8));
 * }
 * }</pre>
 */
public final class InProcessCluster implements AutoCloseable {
    private static final int PORT_TRIES = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = 10_000_000;

    private final ClusterBlueprint blueprint;
    private final ClusterReactor thread;
    private final List<InProcessMonitor> monitors;
    private final List<InProcessOsd> osds = new ArrayList<>();
    private @Nullable Rados probe;
    private boolean closed;

    private InProcessCluster(ClusterBlueprint blueprint, ClusterReactor thread, List<InProcessMonitor> monitors) {
        this.blueprint = blueprint;
        this.thread = thread;
        this.monitors = monitors;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** What a cluster is to be like. */
    public static final class Builder {
        private final SortedMap<String, String> options = new TreeMap<>();
        private int monitors = 1;
        private int osds = 3;
        private String auth = "cephx";

        private Builder() {}

        /** 1, if nothing is said. */
        public Builder monitors(int count) {
            monitors = count;
            return this;
        }

        /** 3, if nothing is said. */
        public Builder osds(int count) {
            osds = count;
            return this;
        }

        /** {@code cephx}, if nothing is said, or {@code none}. */
        public Builder auth(String method) {
            auth = method;
            return this;
        }

        /** How many replicas pools have that are made without saying so: as many as there are OSDs, at most 3, if nothing is said. */
        public Builder poolSize(int size) {
            return option("osd pool default size", Integer.toString(size));
        }

        /** How many placement groups such pools have: 8, if nothing is said. */
        public Builder poolPlacementGroups(int count) {
            return option("osd pool default pg num", Integer.toString(count));
        }

        /** Any option of Ceph's configuration, for the daemons and the clients. */
        public Builder option(String name, String value) {
            options.put(name, value);
            return this;
        }

        /** Returns once the cluster is healthy. */
        public InProcessCluster start() {
            ClusterReactor thread = ClusterReactor.start();
            try {
                InProcessCluster cluster = startMonitors(thread);
                try {
                    cluster.startOsds(osds);
                    return cluster;
                } catch (RuntimeException e) {
                    cluster.close();
                    throw e;
                }
            } catch (RuntimeException e) {
                thread.close();
                throw e;
            }
        }

        /** A monitor's port is known to others before it listens, so it can be lost to somebody else in between. */
        private InProcessCluster startMonitors(ClusterReactor thread) {
            RandomGenerator random = new SecureRandom();
            UncheckedIOException trouble = new UncheckedIOException(new IOException("no free port"));
            for (int i = 0; i < PORT_TRIES; i++) {
                ClusterBlueprint blueprint = ClusterBlueprint.of(
                        osds,
                        auth,
                        addresses(),
                        options,
                        random,
                        thread.reactor().clock().now());
                List<InProcessMonitor> started = new ArrayList<>();
                try {
                    for (int rank = 0; rank < monitors; rank++) {
                        InProcessMonitor monitor = new InProcessMonitor(rank, blueprint, thread.reactor(), random);
                        thread.call(() -> {
                            monitor.start();
                            return true;
                        });
                        started.add(monitor);
                    }
                    return new InProcessCluster(blueprint, thread, List.copyOf(started));
                } catch (UncheckedIOException e) {
                    trouble = e;
                    thread.call(() -> {
                        started.forEach(InProcessMonitor::stop);
                        return true;
                    });
                }
            }
            throw trouble;
        }

        private List<EntityAddr> addresses() {
            int first = FreePorts.row(monitors);
            return IntStream.range(first, first + monitors)
                    .mapToObj(port -> EntityAddr.msgr2("127.0.0.1", port, 0))
                    .toList();
        }
    }

    private void startOsds(int count) {
        RandomGenerator random = new SecureRandom();
        for (int i = 0; i < count; i++) {
            int id = i;
            osds.add(thread.call(() -> {
                InProcessOsd osd = new InProcessOsd(id, blueprint, thread.reactor(), random);
                osd.start();
                return osd;
            }));
        }
        awaitHealthy();
    }

    // How to reach it.

    /** A new client as {@code client.admin}; the caller closes it. */
    public Rados connect() {
        return client().connect();
    }

    /** A client to be: as {@code client.admin}, unless it is given another name and key. */
    public RadosBuilder client() {
        return Rados.builder()
                .monHost(monHost())
                .key(adminKey())
                .option("auth_client_required", option("auth_client_required"))
                .option("auth_cluster_required", option("auth_cluster_required"))
                .option("auth_service_required", option("auth_service_required"));
    }

    private String option(String name) {
        return blueprint.config(EntityName.client("admin")).string(name, "cephx");
    }

    public Uuid fsid() {
        return blueprint.fsid();
    }

    /** The monitor's address as {@code mon_host} has it. */
    public String monHost() {
        return monHost(0);
    }

    /** The same of one of several monitors: who is given it alone knows no other until it is connected. */
    public String monHost(int rank) {
        return "v2:127.0.0.1:" + blueprint.monitorAddrs().get(rank).port();
    }

    /** The key of {@code client.admin} as keyrings have it. */
    public String adminKey() {
        CryptoKey key = blueprint.keyring().key(EntityName.client("admin"));
        if (key == null) {
            throw new IllegalStateException("the administrator has no key");
        }
        return key.toBase64();
    }

    /** The administrator's keyring. */
    public Keyring keyring() {
        return blueprint.keyringOf(EntityName.client("admin"));
    }

    /** Writes {@code ceph.conf} and {@code keyring} into a folder and returns the former: for {@code ceph -c}, {@code rados -c} and whatever else takes one. */
    public Path writeConf(Path folder) {
        Path keyring = folder.resolve("keyring");
        Path conf = folder.resolve("ceph.conf");
        try {
            Files.writeString(keyring, keyring().print());
            Files.writeString(conf, blueprint.conf() + "keyring = " + keyring + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return conf;
    }

    // What happens to it.

    public int monitors() {
        return monitors.size();
    }

    /** The rank of the monitor that leads; -1 while none does. */
    public int leader() {
        return thread.call(() -> {
            for (int rank = 0; rank < monitors.size(); rank++) {
                if (monitors.get(rank).isLeader()) {
                    return rank;
                }
            }
            return -1;
        });
    }

    /** Stops a monitor at once, as the death of its process would. Its store stays. */
    public void stopMonitor(int rank) {
        thread.call(() -> {
            monitors.get(rank).stop();
            return rank;
        });
    }

    /** Starts a stopped monitor on its store; returns once it is in the quorum. */
    public void startMonitor(int rank) {
        thread.call(() -> {
            monitors.get(rank).start();
            return rank;
        });
        await(
                "mon." + ClusterBlueprint.monitorName(rank) + " is in the quorum",
                () -> thread.call(monitors.get(rank)::isInQuorum),
                new String[] {""});
    }

    /** Removes a stopped monitor's store and makes a new one, which knows the other monitors and their key and nothing else. */
    public void remakeMonitor(int rank) {
        thread.call(() -> {
            monitors.get(rank).remake();
            return rank;
        });
    }

    public int osds() {
        return osds.size();
    }

    public boolean isRunning(int osd) {
        return thread.call(osds.get(osd)::isRunning);
    }

    /** Stops an OSD as SIGTERM would; returns once the cluster's map says so. Its disk stays. */
    public void stopOsd(int osd) {
        thread.await(done -> osds.get(osd).stop(() -> done.complete(osd)));
        awaitMap("osd." + osd + " is down", map -> !map.isUp(osd));
    }

    /** Starts a stopped OSD on its disk; returns once the cluster's map says so. */
    public void startOsd(int osd) {
        thread.call(() -> {
            if (!osds.get(osd).isRunning()) {
                osds.get(osd).start();
            }
            return osd;
        });
        awaitMap("osd." + osd + " is up", map -> map.isUp(osd));
    }

    /**
     * Returns once every OSD is up and in and the cluster has no complaint, but for pools that nobody has given an application. Throws IllegalStateException with the complaints after a minute.
     */
    public void awaitHealthy() {
        awaitMap("every OSD is up", map -> {
            for (int osd = 0; osd < osds.size(); osd++) {
                if (!map.isUp(osd) || !map.isIn(osd)) {
                    return false;
                }
            }
            return true;
        });
        String[] complaints = {""};
        await(
                "the cluster is healthy",
                () -> {
                    List<String> found = complaints();
                    complaints[0] = String.join(", ", found);
                    return found.isEmpty();
                },
                complaints);
    }

    private List<String> complaints() {
        Bytes health = probe().monCommand("{\"prefix\":\"health\",\"format\":\"json\"}")
                .orThrow()
                .output();
        try {
            List<String> found = new ArrayList<>();
            new ObjectMapper()
                    .readTree(health.utf8())
                    .path("checks")
                    .fieldNames()
                    .forEachRemaining(found::add);
            found.remove("POOL_APP_NOT_ENABLED");
            return found;
        } catch (IOException e) {
            throw new IllegalStateException("the monitor's health is no JSON: " + health.utf8(), e);
        }
    }

    private void awaitMap(String what, Predicate<OsdMap> condition) {
        await(what, () -> condition.test(probe().latestOsdMap()), new String[] {""});
    }

    interface Condition {
        boolean holds();
    }

    static void await(String what, Condition condition, String[] instead) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("after " + PATIENCE.toSeconds() + " s it is still not so that " + what
                        + (instead[0].isEmpty() ? "" : ": " + instead[0]));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private Rados probe() {
        Rados known = probe;
        if (known == null) {
            known = connect();
            probe = known;
        }
        return known;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (probe != null) {
            probe.close();
        }
        // OSDs that say goodbye wait for the monitor to agree: stopping it last lets them.
        for (InProcessOsd osd : osds) {
            thread.await(done -> osd.stop(() -> done.complete(osd)));
        }
        thread.call(() -> {
            monitors.forEach(InProcessMonitor::stop);
            return true;
        });
        thread.close();
    }
}

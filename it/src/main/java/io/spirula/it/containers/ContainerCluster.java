package io.spirula.it.containers;

import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.types.EntityName;
import io.spirula.it.cluster.ClusterBlueprint;
import io.spirula.librados.Rados;
import io.spirula.tools.vstart.ClusterHealth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A cluster of containers: monitors {@code mon.a}, {@code mon.b}, … and OSDs {@code osd.0}, {@code osd.1}, …, each with a fixed address on a Docker network of its own, from which it can be cut off, and each of which can be
 * paused, killed and started again with the data it had.
 *
 * <pre>{@code
 * try (ContainerCluster cluster = ContainerCluster.builder().monitors(3).osds(3).start();
 *         Rados rados = cluster.connect()) {
 *     cluster.cutOff("mon.a");
 *     ...
 *     cluster.rejoin("mon.a");
 *     cluster.awaitHealthy(Duration.ofMinutes(1));
 * }
 * }</pre>
 *
 * <p>The image is made from the distribution by {@code it/container/image}, or from {@code tools/Dockerfile}. Clients in this process and stock programs on this host reach the containers by their addresses, which takes a
 * Docker engine on this very host, on Linux; {@link #exec} works with any.
 */
public final class ContainerCluster implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);

    private final ClusterNetwork network;
    private final Map<String, DaemonContainer> daemons;
    private final Path folder;
    private final int osds;

    private ContainerCluster(ClusterNetwork network, Map<String, DaemonContainer> daemons, Path folder, int osds) {
        this.network = network;
        this.daemons = daemons;
        this.folder = folder;
        this.osds = osds;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** What a cluster shall be like. */
    public static final class Builder {
        private int monitors = 3;
        private int osds = 3;
        private String image = "spirula:latest";
        private String auth = "cephx";
        private final TreeMap<String, String> options = new TreeMap<>();

        private Builder() {}

        public Builder monitors(int count) {
            monitors = count;
            return this;
        }

        public Builder osds(int count) {
            osds = count;
            return this;
        }

        public Builder image(String name) {
            image = name;
            return this;
        }

        /** {@code cephx} or {@code none}. */
        public Builder auth(String method) {
            auth = method;
            return this;
        }

        /** Adds to every daemon's and client's ceph.conf. */
        public Builder option(String name, String value) {
            options.put(name, value);
            return this;
        }

        /** Starts the containers and returns once the cluster says that it is healthy. Throws IllegalStateException with the reason where it does not within two minutes. */
        public ContainerCluster start() {
            ContainerCluster cluster = create(ClusterNetwork.create());
            try {
                cluster.daemons.values().forEach(DaemonContainer::create);
                cluster.awaitHealthy(START);
                return cluster;
            } catch (RuntimeException e) {
                cluster.close();
                throw e;
            }
        }

        private ContainerCluster create(ClusterNetwork network) {
            options.putIfAbsent("osd objectstore", "rocks");
            ClusterBlueprint blueprint = ClusterBlueprint.of(
                    osds, auth, network.monitors(monitors), options, new SecureRandom(), Instant.now());
            try {
                Path folder = Files.createTempDirectory("spirula-containers");
                Path keyring = Files.writeString(
                        folder.resolve("keyring"), blueprint.keyring().print());
                Files.writeString(
                        folder.resolve("ceph.conf"),
                        blueprint.conf() + "keyring = " + keyring + System.lineSeparator());
                String inside = blueprint.conf() + "keyring = " + DaemonContainer.KEYRING + System.lineSeparator();
                Map<String, DaemonContainer> daemons = new LinkedHashMap<>();
                for (String name : names()) {
                    daemons.put(
                            name,
                            new DaemonContainer(
                                    name,
                                    image,
                                    network,
                                    network.address(name),
                                    inside,
                                    blueprint.keyring().print()));
                }
                return new ContainerCluster(network, daemons, folder, osds);
            } catch (IOException e) {
                network.close();
                throw new UncheckedIOException(e);
            }
        }

        private List<String> names() {
            List<String> names = new ArrayList<>();
            for (int i = 0; i < monitors; i++) {
                names.add("mon." + ClusterBlueprint.monitorName(i));
            }
            for (int i = 0; i < osds; i++) {
                names.add("osd." + i);
            }
            return names;
        }
    }

    /** The configuration for clients on this host, ours and stock ones; it names the admin's key. */
    public Path conf() {
        return folder.resolve("ceph.conf");
    }

    /** A client of this process, as {@code client.admin}. */
    public Rados connect() {
        return Rados.connect(Config.of(EntityName.client("admin"), CephConf.load(conf()))
                .with(Map.of("client_mount_timeout", "10")));
    }

    public List<String> daemons() {
        return List.copyOf(daemons.keySet());
    }

    /** A daemon's address on the cluster's network. */
    public String address(String daemon) {
        return network.address(daemon);
    }

    /** Takes a daemon's host off the network, as a pulled cable does: it hears nothing and nobody hears it, but those on the host itself. */
    public void cutOff(String daemon) {
        find(daemon).setLink("down");
    }

    /** Brings a daemon that was cut off back to the network, with the address it had. */
    public void rejoin(String daemon) {
        find(daemon).setLink("up");
    }

    /** Stops a daemon in its tracks, as a host does that hangs. */
    public void pause(String daemon) {
        find(daemon).pause();
    }

    public void unpause(String daemon) {
        find(daemon).unpause();
    }

    /** Kills a daemon with SIGKILL. */
    public void kill(String daemon) {
        find(daemon).kill();
    }

    /** Starts a daemon that was killed, with its data. */
    public void restart(String daemon) {
        find(daemon).restart();
    }

    /** Runs a program within a daemon's container, whether it is cut off or not. */
    public Result exec(String daemon, String... command) {
        return find(daemon).exec(command);
    }

    /** What a daemon has printed so far. */
    public String log(String daemon) {
        return find(daemon).log();
    }

    /** What a program left behind. */
    public record Result(int code, String out, String err) {}

    /** Returns once all OSDs are up, all placement groups are clean and no health check complains; throws IllegalStateException with what is missing where that takes longer than {@code most}. */
    public void awaitHealthy(Duration most) {
        String missing = ClusterHealth.await(this::connect, osds, most, this::requireRunning);
        if (missing != null) {
            throw new IllegalStateException("not healthy after " + most.toSeconds() + " s: " + missing);
        }
    }

    private void requireRunning() {
        for (DaemonContainer daemon : daemons.values()) {
            if (!daemon.isRunning()) {
                throw new IllegalStateException(daemon.name() + " has ended: " + daemon.log());
            }
        }
    }

    private DaemonContainer find(String daemon) {
        DaemonContainer found = daemons.get(daemon);
        if (found == null) {
            throw new IllegalArgumentException("no daemon " + daemon + " here; there are " + daemons.keySet());
        }
        return found;
    }

    /** Removes the containers with their data, and the network. */
    @Override
    public void close() {
        daemons.values().forEach(DaemonContainer::close);
        network.close();
        try {
            for (String file : List.of("ceph.conf", "keyring")) {
                Files.deleteIfExists(folder.resolve(file));
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

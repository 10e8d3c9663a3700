package io.spirula.it.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Capability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/** One daemon in its container. Whether it serves is for the cluster to say, not for its log. */
final class DaemonContainer {
    static final String KEYRING = "/etc/ceph/keyring";

    private static final int OWNER_ONLY = 0600;

    private final String name;
    private final GenericContainer<?> container;

    DaemonContainer(String name, String image, ClusterNetwork network, String address, String conf, String keyring) {
        this.name = name;
        String[] words = {name.substring(0, name.indexOf('.')), name.substring(name.indexOf('.') + 1)};
        container = new GenericContainer<>(DockerImageName.parse(image))
                .withImagePullPolicy(i -> false)
                .withCommand(words)
                .withCopyToContainer(Transferable.of(conf), "/etc/ceph/ceph.conf")
                .withCopyToContainer(Transferable.of(keyring, OWNER_ONLY), KEYRING)
                .withCreateContainerCmdModifier(create -> {
                    create.getHostConfig().withNetworkMode(network.id()).withCapAdd(Capability.NET_ADMIN);
                    create.withIpv4Address(address).withHostName(name.replace('.', '-'));
                })
                .waitingFor(new Started());
    }

    /** Nothing to wait for: the container runs. */
    private static final class Started extends org.testcontainers.containers.wait.strategy.AbstractWaitStrategy {
        @Override
        protected void waitUntilReady() {}
    }

    String name() {
        return name;
    }

    String id() {
        return container.getContainerId();
    }

    void create() {
        container.start();
    }

    private DockerClient docker() {
        return container.getDockerClient();
    }

    /** Sets the host's one link to the cluster's network {@code up} or {@code down}. */
    void setLink(String state) {
        ContainerCluster.Result result = exec("ip", "link", "set", "eth0", state);
        if (result.code() != 0) {
            throw new IllegalStateException(name + ": the link does not go " + state + ": " + result.err());
        }
    }

    void pause() {
        docker().pauseContainerCmd(id()).exec();
    }

    void unpause() {
        docker().unpauseContainerCmd(id()).exec();
    }

    void kill() {
        docker().killContainerCmd(id()).exec();
    }

    void restart() {
        try {
            docker().startContainerCmd(id()).exec();
        } catch (NotModifiedException e) {
            throw new IllegalStateException(name + " runs already", e);
        }
    }

    boolean isRunning() {
        return Boolean.TRUE.equals(
                docker().inspectContainerCmd(id()).exec().getState().getRunning());
    }

    ContainerCluster.Result exec(String... command) {
        try {
            Container.ExecResult result = container.execInContainer(StandardCharsets.UTF_8, command);
            return new ContainerCluster.Result(result.getExitCode(), result.getStdout(), result.getStderr());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    String log() {
        return container.getLogs();
    }

    void close() {
        container.stop();
    }
}

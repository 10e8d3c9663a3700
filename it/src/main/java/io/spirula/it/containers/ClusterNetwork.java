package io.spirula.it.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Network;
import io.spirula.common.types.EntityAddr;
import io.spirula.it.cluster.ClusterBlueprint;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.testcontainers.DockerClientFactory;

/** A Docker network with a subnet of its own, on which every daemon's address follows from its name. */
final class ClusterNetwork implements AutoCloseable {
    private static final int MONITOR_PORT = 3300;
    private static final int FIRST_MONITOR = 10;
    private static final int FIRST_OSD = 50;
    private static final int SUBNETS = 200;

    private final DockerClient docker;
    private final String id;
    private final String prefix;

    private ClusterNetwork(DockerClient docker, String id, String prefix) {
        this.docker = docker;
        this.id = id;
        this.prefix = prefix;
    }

    /** Takes the first subnet that no other network has. */
    static ClusterNetwork create() {
        DockerClient docker = DockerClientFactory.instance().client();
        DockerException last = null;
        for (int i = 0; i < SUBNETS; i++) {
            String prefix = "10.199." + i + ".";
            try {
                String id = docker.createNetworkCmd()
                        .withName("spirula-" + UUID.randomUUID())
                        .withDriver("bridge")
                        .withIpam(new Network.Ipam().withConfig(new Network.Ipam.Config().withSubnet(prefix + "0/24")))
                        .withLabels(DockerClientFactory.DEFAULT_LABELS)
                        .exec()
                        .getId();
                return new ClusterNetwork(docker, id, prefix);
            } catch (DockerException e) {
                last = e; // taken
            }
        }
        throw new IllegalStateException("no subnet for a cluster's network", last);
    }

    String id() {
        return id;
    }

    String address(String daemon) {
        String number = daemon.substring(daemon.indexOf('.') + 1);
        int host = daemon.startsWith("mon.")
                ? FIRST_MONITOR + number.charAt(0) - 'a'
                : FIRST_OSD + Integer.parseInt(number);
        return prefix + host;
    }

    /** Where monitors {@code a}, {@code b}, … listen. */
    List<EntityAddr> monitors(int count) {
        List<EntityAddr> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(EntityAddr.msgr2(address("mon." + ClusterBlueprint.monitorName(i)), MONITOR_PORT, 0));
        }
        return all;
    }

    @Override
    public void close() {
        docker.removeNetworkCmd(id).exec();
    }
}

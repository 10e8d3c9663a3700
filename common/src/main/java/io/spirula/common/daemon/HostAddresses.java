package io.spirula.common.daemon;

import io.spirula.common.config.Config;
import io.spirula.common.config.ConfigException;
import io.spirula.common.msgr.PortRange;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.IpNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which of this host's addresses a daemon takes where its configuration does not say: one within {@code public_network} and one within {@code cluster_network}, else the one by which it reaches the monitors; and at which ports. Ceph:
 * pick_addresses; a stock daemon learns the last from its monitor.
 */
public final class HostAddresses {
    private static final int LAST_PORT = 65_535;

    private HostAddresses() {}

    /** The configuration with {@code public_addr} and {@code cluster_addr}. Throws ConfigException where no address of this host is in the network that is asked for. */
    public static Config choose(Config config, List<EntityAddrs> monitors) {
        Map<String, String> chosen = new LinkedHashMap<>();
        String front = config.string("public_addr", "");
        if (front.isEmpty()) {
            String network = config.string("public_network", "");
            front = network.isEmpty() ? towards(monitors.getFirst().front()) : within("public_network", network, all());
            chosen.put("public_addr", front);
        }
        if (config.string("cluster_addr", "").isEmpty()) {
            String network = config.string("cluster_network", "");
            chosen.put(
                    "cluster_addr", network.isEmpty() ? withoutPort(front) : within("cluster_network", network, all()));
        }
        return config.with(chosen);
    }

    /** At which ports a daemon listens where its configuration names none. Throws ConfigException. */
    public static PortRange ports(Config config) {
        long first = config.integer("ms_bind_port_min", 6800);
        long last = config.integer("ms_bind_port_max", 7300);
        if (first < 0 || first > last || last > LAST_PORT) {
            throw new ConfigException("ms_bind_port_min = " + first + " and ms_bind_port_max = " + last
                    + " leave no port to listen at: the first must not be above the second, nor that above "
                    + LAST_PORT);
        }
        return new PortRange((int) first, (int) last);
    }

    /** The first of {@code addresses} in the first network of a list that has any. */
    static String within(String option, String networks, List<InetAddress> addresses) {
        for (String text : networks.strip().split("[,;\\s]+")) {
            IpNetwork network = IpNetwork.parse(text);
            if (network == null) {
                throw new ConfigException(option + " = '" + networks + "': '" + text + "' is not a network");
            }
            for (InetAddress address : addresses) {
                if (network.contains(address)) {
                    return literal(address);
                }
            }
        }
        throw new ConfigException("unable to find any IP address in networks '" + networks + "' (" + option + ")");
    }

    /** A port belongs to one socket: the cluster's side gets its own. */
    private static String withoutPort(String address) {
        boolean v6 = address.startsWith("[");
        int colon = v6
                ? address.indexOf("]:") + 1
                : address.indexOf(':') == address.lastIndexOf(':') ? address.indexOf(':') : 0;
        return colon > 0 ? address.substring(0, colon) : address;
    }

    private static List<InetAddress> all() {
        try {
            List<InetAddress> all = new ArrayList<>();
            NetworkInterface.networkInterfaces().forEach(i -> i.inetAddresses().forEach(all::add));
            return all;
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing is sent: connecting a datagram socket only asks the kernel for the route. */
    private static String towards(EntityAddr monitor) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(monitor.host(), monitor.port()));
            return literal(socket.getLocalAddress());
        } catch (IOException | UncheckedIOException e) {
            throw new ConfigException("no route to the monitor at " + monitor + ": " + e.getMessage(), e);
        }
    }

    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        String bare = scope < 0 ? text : text.substring(0, scope);
        return bare.indexOf(':') < 0 ? bare : "[" + bare + "]";
    }

    /** The name of the network interface that has an address; empty for that of the host itself, and where there is none. Ceph: pick_iface. */
    public static String interfaceOf(String address) {
        String bare = withoutPort(address).replaceAll("[\\[\\]]", "");
        try {
            NetworkInterface found =
                    bare.isEmpty() ? null : NetworkInterface.getByInetAddress(InetAddress.getByName(bare));
            return found == null || found.isLoopback() ? "" : found.getName();
        } catch (IOException e) {
            return "";
        }
    }
}

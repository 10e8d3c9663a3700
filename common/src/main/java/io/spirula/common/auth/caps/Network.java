package io.spirula.common.auth.caps;

import io.spirula.common.types.IpNetwork;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * From where a grant counts, such as {@code 10.0.0.0/8}. What is no network in this notation, a single address without its length too, contains nobody. Ceph: parse_network, network_contains.
 *
 * @param network null for what is no network
 */
record Network(String text, @Nullable IpNetwork network) {
    static Network parse(String text) {
        return new Network(text, IpNetwork.parse(text));
    }

    boolean contains(InetAddress address) {
        return network != null && network.contains(address);
    }

    /** Whether a grant with this network, or none, counts for somebody at this address; null where nothing is known of it. */
    static boolean admits(@Nullable Network network, @Nullable InetAddress from) {
        return network == null || from != null && network.contains(from);
    }

    static @Nullable Network read(CapText in) {
        String text = in.network();
        return text == null ? null : parse(text);
    }

    static String print(@Nullable Network network) {
        return network == null ? "" : " network " + network.text;
    }
}

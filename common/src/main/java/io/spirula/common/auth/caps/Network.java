package io.spirula.common.auth.caps;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * From where a grant counts, such as {@code 10.0.0.0/8}. What is no network in this notation, a single address without its length too, contains nobody. Ceph: parse_network, network_contains.
 *
 * @param base null for what is no network
 */
record Network(String text, @Nullable InetAddress base, int prefixBits) {
    private static final Pattern OCTETS =
            Pattern.compile("(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");

    static Network parse(String text) {
        int slash = text.indexOf('/');
        String bits = slash < 0 ? "" : text.substring(slash + 1);
        if (!bits.matches("\\d{1,9}")) {
            return new Network(text, null, 0);
        }
        return new Network(text, address(text.substring(0, slash)), Integer.parseInt(bits));
    }

    /** Only what is an address by itself: no name is ever looked up. */
    private static @Nullable InetAddress address(String literal) {
        boolean v6 = literal.indexOf(':') >= 0 && literal.indexOf('[') < 0 && literal.indexOf(']') < 0;
        if (!v6 && !OCTETS.matcher(literal).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    boolean contains(InetAddress address) {
        if (base == null) {
            return false;
        }
        byte[] mine = base.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < Math.min(prefixBits, mine.length * 8); bit++) {
            int mask = 0x80 >> (bit & 7);
            if (((mine[bit >> 3] ^ other[bit >> 3]) & mask) != 0) {
                return false;
            }
        }
        return true;
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

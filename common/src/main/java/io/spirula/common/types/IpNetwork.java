package io.spirula.common.types;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A network such as {@code 10.0.0.0/8} or {@code fd00::/8}. Names are never looked up. */
public record IpNetwork(InetAddress base, int prefixBits) {
    private static final Pattern OCTETS =
            Pattern.compile("(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");

    /** Null for what is no network in this notation; a single address without its length is none. */
    public static @Nullable IpNetwork parse(String text) {
        int slash = text.indexOf('/');
        String bits = slash < 0 ? "" : text.substring(slash + 1);
        if (!bits.matches("\\d{1,9}")) {
            return null;
        }
        InetAddress base = literal(text.substring(0, slash));
        return base == null ? null : new IpNetwork(base, Integer.parseInt(bits));
    }

    private static @Nullable InetAddress literal(String text) {
        boolean v6 = text.indexOf(':') >= 0 && text.indexOf('[') < 0 && text.indexOf(']') < 0;
        if (!v6 && !OCTETS.matcher(text).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** Whether an address lies within; one of the other family does not. */
    public boolean contains(InetAddress address) {
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
}

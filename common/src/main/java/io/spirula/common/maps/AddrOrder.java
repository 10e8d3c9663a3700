package io.spirula.common.maps;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EntityAddr;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The order of addresses in a blocklist: of entity_addr_t's bytes in memory, that is of its encoding without the lengths. */
final class AddrOrder implements Comparator<EntityAddr> {
    static final AddrOrder ORDER = new AddrOrder();
    /** Marker, struct header and type. */
    private static final int TYPE_AT = 7;

    private AddrOrder() {}

    static NavigableMap<EntityAddr, Instant> none() {
        return Collections.unmodifiableNavigableMap(new TreeMap<>(ORDER));
    }

    /** A copy in this order, which nobody changes any more. */
    static NavigableMap<EntityAddr, Instant> sorted(Map<EntityAddr, Instant> list) {
        TreeMap<EntityAddr, Instant> sorted = new TreeMap<>(ORDER);
        sorted.putAll(list);
        return Collections.unmodifiableNavigableMap(sorted);
    }

    static NavigableMap<EntityAddr, Instant> decode(Decoder in) {
        return Sorted.map(in, 19, new TreeMap<>(ORDER), d -> d.get(EntityAddr.CODEC), Decoder::time);
    }

    static void encode(NavigableMap<EntityAddr, Instant> map, Encoder out) {
        out.map(map, (a, o) -> o.put(EntityAddr.CODEC, a), (t, o) -> o.time(t));
    }

    /** Whether an address is in a network, whose nonce is how many leading bits its addresses have in common. */
    static boolean contains(EntityAddr network, EntityAddr addr) {
        byte[] prefix = network.toSocketAddress().getAddress().getAddress();
        byte[] ip = addr.toSocketAddress().getAddress().getAddress();
        int bits = network.nonce();
        if (prefix.length != ip.length || bits < 0 || bits > 8 * ip.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            if (((prefix[bit / 8] ^ ip[bit / 8]) & 0x80 >>> bit % 8) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int compare(EntityAddr a, EntityAddr b) {
        return Arrays.compareUnsigned(inMemory(a), inMemory(b));
    }

    private static byte[] inMemory(EntityAddr addr) {
        Bytes encoded = EntityAddr.CODEC.toBytes(addr);
        byte[] memory = new byte[8 + 28]; // type, nonce, and room for the larger kind of socket address
        encoded.slice(TYPE_AT - 1, 8).copyTo(memory, 0);
        int socketAt = TYPE_AT - 1 + 12;
        encoded.slice(socketAt, encoded.size() - socketAt).copyTo(memory, 8);
        return memory;
    }
}

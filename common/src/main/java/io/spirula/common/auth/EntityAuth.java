package io.spirula.common.auth;

import io.spirula.common.encoding.Bytes;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of one entity: its key, and by service ({@code mon}, {@code osd}, ...) what it may do there, as text. Ceph: EntityAuth.
 */
public record EntityAuth(CryptoKey key, SortedMap<String, String> caps) {
    public EntityAuth {
        caps = Collections.unmodifiableSortedMap(new TreeMap<>(caps));
    }

    public EntityAuth(CryptoKey key, Map<String, String> caps) {
        this(key, new TreeMap<>(caps));
    }

    /** The capability for one service in its encoded form: a string behind its length, or nothing. */
    public Bytes encodedCaps(String service) {
        String text = caps.get(service);
        return text == null ? Bytes.EMPTY : AuthCaps.encode(text);
    }
}

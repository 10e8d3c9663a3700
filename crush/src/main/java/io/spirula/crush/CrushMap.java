package io.spirula.crush;

/**
 * A finished CRUSH map: the hierarchy of buckets over devices, the rules, the names and the tunables. Immutable, safe to
 * share between threads. {@link CrushMapper} maps with it, {@link CrushEditor} makes changed ones.
 */
public final class CrushMap extends CrushContent {
    CrushMap(CrushContent content) {
        super(content, true);
    }

    /** A map without buckets, rules and names, with today's tunables. */
    public static CrushMap empty() {
        return new CrushMap(new CrushEditor(Tunables.defaults()));
    }

    /**
     * Reads Ceph's encoding, including the shorter ones of old releases.
     *
     * @throws MalformedCrushMap if the bytes are none
     */
    public static CrushMap decode(byte[] bytes) {
        return CrushMapDecoding.decode(bytes);
    }

    /** As Ceph encodes it for current clients. */
    public byte[] encode() {
        return encode(CrushFeatures.ALL);
    }

    /** As Ceph encodes it for a peer with these feature bits. */
    public byte[] encode(long features) {
        return new CrushMapEncoding(this, features).encode();
    }
}

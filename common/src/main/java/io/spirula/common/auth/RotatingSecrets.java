package io.spirula.common.auth;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One service's secrets by their id: the previous one, the current and the next. Ceph: RotatingSecrets.
 *
 * @param maxVersion the highest id ever given
 */
public record RotatingSecrets(SortedMap<Long, Secret> secrets, long maxVersion) {
    /** How many are kept: previous, current and next. Ceph: KEY_ROTATE_NUM. */
    static final int KEPT = 3;

    public static final RotatingSecrets EMPTY = new RotatingSecrets(new TreeMap<>(), 0);
    public static final Codec<RotatingSecrets> CODEC = Codec.of(RotatingSecrets::encode, RotatingSecrets::decode);

    /** A secret and when it ends. Ceph: ExpiringCryptoKey. */
    public record Secret(CryptoKey key, Instant expiration) {
        static final Codec<Secret> CODEC =
                Codec.of((s, out) -> out.u8(1).put(CryptoKey.CODEC, s.key).time(s.expiration), in -> {
                    in.u8();
                    return new Secret(in.get(CryptoKey.CODEC), in.time());
                });
    }

    public RotatingSecrets {
        secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
    }

    private void encode(Encoder out) {
        out.u8(1);
        out.map(secrets, (id, o) -> o.u64(id), (s, o) -> o.put(Secret.CODEC, s));
        out.u64(maxVersion);
    }

    private static RotatingSecrets decode(Decoder in) {
        in.u8();
        Map<Long, Secret> secrets = in.map(Decoder::u64, d -> d.get(Secret.CODEC));
        return new RotatingSecrets(new TreeMap<>(secrets), in.u64());
    }

    /** These and one more; the oldest go. */
    RotatingSecrets with(Secret next) {
        TreeMap<Long, Secret> more = new TreeMap<>(secrets);
        more.put(maxVersion + 1, next);
        while (more.size() > KEPT) {
            more.pollFirstEntry();
        }
        return new RotatingSecrets(more, maxVersion + 1);
    }

    /** Whether a further secret must be made now: there are not enough, or the second oldest has ended. Ceph: need_new_secrets. */
    boolean needsNext(Instant now) {
        Instant secondEnds = Instant.EPOCH;
        int index = 0;
        for (Secret secret : secrets.values()) {
            if (index++ == 1) {
                secondEnds = secret.expiration();
            }
        }
        return secrets.size() < KEPT || !secondEnds.isAfter(now);
    }

    /** How long each lives: from the end of one to the end of the next. Zero where there are not two. */
    Duration lifetime() {
        Duration last = Duration.ZERO;
        Instant before = null;
        for (Secret secret : secrets.values()) {
            last = before == null ? Duration.ZERO : Duration.between(before, secret.expiration());
            before = secret.expiration();
        }
        return last;
    }

    /** When the newest ends; long ago where there is none. */
    Instant lastExpiration() {
        Instant last = Instant.EPOCH;
        for (Secret secret : secrets.values()) {
            last = secret.expiration();
        }
        return last;
    }

    /** The secret to issue tickets with: the second oldest, or the one after it where that has ended. Throws IllegalStateException where there is none. */
    Map.Entry<Long, Secret> current(Instant now) {
        Map.Entry<Long, Secret> chosen = null;
        int index = 0;
        for (Map.Entry<Long, Secret> entry : secrets.entrySet()) {
            chosen = entry;
            boolean second = index++ > 0;
            if (second && !entry.getValue().expiration().isBefore(now)) {
                break;
            }
        }
        if (chosen == null) {
            throw new IllegalStateException("no rotating secrets yet");
        }
        return chosen;
    }
}

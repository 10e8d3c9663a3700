package io.spirula.common.auth;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EntityType;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The rotating secrets of all services: what the monitors agree on and persist. Immutable. */
public record RotatingKeys(SortedMap<EntityType, RotatingSecrets> services) {
    public static final RotatingKeys EMPTY = new RotatingKeys(new TreeMap<>());
    public static final Codec<RotatingKeys> CODEC = Codec.of(RotatingKeys::encode, RotatingKeys::decode);

    /** The services that tickets are given for. */
    static final List<EntityType> SERVICES =
            List.of(EntityType.AUTH, EntityType.MON, EntityType.OSD, EntityType.MDS, EntityType.MGR);

    public RotatingKeys {
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
    }

    private void encode(Encoder out) {
        out.map(services, (type, o) -> o.u32(type.code()), (s, o) -> o.put(RotatingSecrets.CODEC, s));
    }

    private static RotatingKeys decode(Decoder in) {
        Map<EntityType, RotatingSecrets> map = new EnumMap<>(EntityType.class);
        map.putAll(in.map(d -> EntityType.of(d.i32()), d -> d.get(RotatingSecrets.CODEC)));
        return new RotatingKeys(new TreeMap<>(map));
    }

    public RotatingSecrets of(EntityType service) {
        return services.getOrDefault(service, RotatingSecrets.EMPTY);
    }

    /** Null for a secret that is too old, or not there yet. */
    @Nullable
    CryptoKey serviceSecret(EntityType service, long secretId) {
        RotatingSecrets.Secret secret = of(service).secrets().get(secretId);
        return secret == null ? null : secret.key();
    }

    /**
     * These keys with every secret added that must exist now; the same object where nothing is due. Each secret lasts for a time to live beyond the one before it.
     *
     * @param monTtl auth_mon_ticket_ttl, for the monitors' own tickets
     * @param serviceTtl auth_service_ticket_ttl
     */
    public RotatingKeys rotated(Instant now, Duration monTtl, Duration serviceTtl, RandomGenerator random) {
        TreeMap<EntityType, RotatingSecrets> next = new TreeMap<>(services);
        boolean changed = false;
        for (EntityType service : SERVICES) {
            Duration ttl = service == EntityType.AUTH ? monTtl : serviceTtl;
            RotatingSecrets secrets = of(service);
            while (secrets.needsNext(now)) {
                Instant begin = secrets.secrets().isEmpty() ? now : later(now.plus(ttl), secrets.lastExpiration());
                secrets = secrets.with(new RotatingSecrets.Secret(CryptoKey.generate(random, now), begin.plus(ttl)));
                changed = true;
            }
            next.put(service, secrets);
        }
        return changed ? new RotatingKeys(next) : this;
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}

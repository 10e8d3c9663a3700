package io.spirula.common.auth;

import io.spirula.common.env.Clock;
import io.spirula.common.types.EntityType;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A daemon's copy of its own service's rotating secrets, as last fetched from a monitor. Ceph: RotatingKeyRing. */
public final class RotatingKeyRing implements ServiceKeys {
    /** How long after the current secret's end a newer set is asked for, at most: by then the monitors have made one. Short-lived secrets leave less time, a quarter of their lives. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final EntityType service;
    private final Clock clock;
    private RotatingSecrets secrets = RotatingSecrets.EMPTY;

    public RotatingKeyRing(EntityType service, Clock clock) {
        this.service = service;
        this.clock = clock;
    }

    public void set(RotatingSecrets fetched) {
        secrets = fetched;
    }

    public boolean isEmpty() {
        return secrets.secrets().isEmpty();
    }

    boolean needsNew() {
        Duration quarter = secrets.lifetime().dividedBy(4);
        Duration grace = quarter.compareTo(GRACE) < 0 ? quarter : GRACE;
        return isEmpty() || secrets.needsNext(clock.now().minus(grace));
    }

    @Override
    public Instant now() {
        return clock.now();
    }

    @Override
    public @Nullable CryptoKey serviceSecret(EntityType wanted, long secretId) {
        RotatingSecrets.Secret secret = wanted == service ? secrets.secrets().get(secretId) : null;
        return secret == null ? null : secret.key();
    }
}

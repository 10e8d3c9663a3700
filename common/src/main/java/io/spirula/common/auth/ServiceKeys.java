package io.spirula.common.auth;

import io.spirula.common.types.EntityType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** By what a service judges the tickets that clients show: its rotating secrets, and the time. Ceph: KeyStore. */
public interface ServiceKeys {
    /** Null for a secret that is too old, too new, or another service's. */
    @Nullable
    CryptoKey serviceSecret(EntityType service, long secretId);

    /** Tickets that ended before are worth nothing. */
    Instant now();
}

package io.spirula.common.auth;

import io.spirula.common.types.EntityType;
import org.jspecify.annotations.Nullable;

/** The rotating secrets by which a service reads the tickets that clients show. Ceph: KeyStore. */
public interface ServiceKeys {
    /** Null for a secret that is too old, too new, or another service's. */
    @Nullable
    CryptoKey serviceSecret(EntityType service, long secretId);
}

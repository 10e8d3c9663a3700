package io.spirula.common.auth;

import io.spirula.common.types.EntityName;
import org.jspecify.annotations.Nullable;

/** Where the monitors' key server finds entities: the committed auth database, with the monitors' own key as {@code mon.}. */
@FunctionalInterface
public interface SecretSource {
    /** Null for an unknown entity. */
    @Nullable
    EntityAuth find(EntityName name);
}

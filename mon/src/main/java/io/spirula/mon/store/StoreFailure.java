package io.spirula.mon.store;

import org.jspecify.annotations.Nullable;

/** A store that can't be used: its message is one line that says what to do. */
public final class StoreFailure extends RuntimeException {
    public StoreFailure(String message) {
        super(message);
    }

    public StoreFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

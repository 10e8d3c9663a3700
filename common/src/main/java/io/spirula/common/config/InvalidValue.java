package io.spirula.common.config;

import io.spirula.common.types.Errno;

/** A value that an option does not take, with what Ceph says of it. */
public final class InvalidValue extends RuntimeException {
    private final int errno;

    InvalidValue(String text) {
        this(Errno.EINVAL, text);
    }

    InvalidValue(int errno, String text) {
        super(text, null, false, false);
        this.errno = errno;
    }

    /** Positive. */
    public int errno() {
        return errno;
    }

    public String text() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}

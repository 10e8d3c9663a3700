package io.spirula.librados;

import io.spirula.common.types.Errno;

/** An operation that the cluster refused or that did not end in time, with the error number that Ceph gives it. */
public final class RadosException extends RuntimeException {
    private final int errno;

    public RadosException(int errno, String what) {
        this(errno, what, null);
    }

    public RadosException(int errno, String what, @org.jspecify.annotations.Nullable Throwable cause) {
        super(Errno.nameOf(errno) + ": " + Errno.textOf(errno) + (what.isEmpty() ? "" : ": " + what), cause);
        this.errno = errno;
    }

    /** The same error, thrown in another thread. */
    RadosException(RadosException original) {
        super(original.getMessage(), original);
        errno = original.errno;
    }

    /** Positive, as in errno.h: 2 for ENOENT. */
    public int errno() {
        return errno;
    }

    /** Whether it is this one of {@link Errno}. */
    public boolean is(int expected) {
        return errno == expected;
    }
}

package io.spirula.common.auth;

/** An authentication that cannot succeed, with the errno by which Ceph names the cause. */
public final class AuthException extends RuntimeException {

    private final int errno;

    public AuthException(int errno, String message) {
        super(message);
        this.errno = errno;
    }

    /** Positive. */
    public int errno() {
        return errno;
    }
}

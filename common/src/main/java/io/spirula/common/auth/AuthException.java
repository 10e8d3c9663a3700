package io.spirula.common.auth;

/** An authentication that cannot succeed, with the errno by which Ceph names the cause. */
public final class AuthException extends RuntimeException {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EIO = 5;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int EINVAL = 22;
    public static final int EOPNOTSUPP = 95;
    public static final int ETIMEDOUT = 110;

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

package io.spirula.common.monclient;

/** The monitors could not be reached in time, or they do not want us: with the errno a program would get from Ceph. */
public final class MonClientException extends Exception {
    private final int errno;

    public MonClientException(int errno, String message) {
        super(message);
        this.errno = errno;
    }

    /** Positive, as in errno.h: 110 for ETIMEDOUT, 13 for EACCES. */
    public int errno() {
        return errno;
    }
}

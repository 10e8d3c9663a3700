package io.spirula.osd.op;

/** The error numbers that an operation's result may carry, positive as in errno.h; results carry them negated. */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int EAGAIN = 11;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int EINVAL = 22;
    public static final int EFBIG = 27;
    public static final int ENOSPC = 28;
    public static final int ERANGE = 34;
    public static final int ENAMETOOLONG = 36;
    public static final int ENODATA = 61;
    public static final int EOVERFLOW = 75;
    public static final int EMSGSIZE = 90;
    public static final int EOPNOTSUPP = 95;
    public static final int ENOTCONN = 107;
    /** Ceph answers blocklisted clients with it (EBLOCKLISTED). */
    public static final int ESHUTDOWN = 108;

    public static final int ETIMEDOUT = 110;
    public static final int EDQUOT = 122;
    public static final int ECANCELED = 125;
    /** The highest error number; a failed extent comparison answers with what lies beyond it. */
    public static final int MAX_ERRNO = 4095;

    private Errno() {}
}

package io.spirula.common.types;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Linux's error numbers, which Ceph's answers carry, with strerror(3)'s words for them. Positive here; results carry them negated. */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int E2BIG = 7;
    public static final int ENOEXEC = 8;
    public static final int ECHILD = 10;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int ENOTDIR = 20;
    public static final int EISDIR = 21;
    public static final int EINVAL = 22;
    public static final int EFBIG = 27;
    public static final int ENOSPC = 28;
    public static final int EROFS = 30;
    public static final int EPIPE = 32;
    public static final int EDOM = 33;
    public static final int ERANGE = 34;
    public static final int ENAMETOOLONG = 36;
    public static final int ENOSYS = 38;
    public static final int ENOTEMPTY = 39;
    public static final int ELOOP = 40;
    public static final int ENODATA = 61;
    public static final int EOVERFLOW = 75;
    public static final int EILSEQ = 84;
    public static final int EMSGSIZE = 90;
    public static final int EOPNOTSUPP = 95;
    public static final int ENOTCONN = 107;
    /** Ceph calls it EBLOCKLISTED: what a blocklisted client is answered. */
    public static final int ESHUTDOWN = 108;

    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EALREADY = 114;
    public static final int ESTALE = 116;
    public static final int EDQUOT = 122;
    public static final int ECANCELED = 125;
    /** The highest error number; a failed extent comparison answers with what lies beyond it. */
    public static final int MAX_ERRNO = 4095;

    private record Named(int number, String name, String text) {}

    private static final Map<Integer, Named> NAMED = Stream.of(
                    new Named(EPERM, "EPERM", "Operation not permitted"),
                    new Named(ENOENT, "ENOENT", "No such file or directory"),
                    new Named(EINTR, "EINTR", "Interrupted system call"),
                    new Named(EIO, "EIO", "Input/output error"),
                    new Named(ENXIO, "ENXIO", "No such device or address"),
                    new Named(E2BIG, "E2BIG", "Argument list too long"),
                    new Named(ENOEXEC, "ENOEXEC", "Exec format error"),
                    new Named(ECHILD, "ECHILD", "No child processes"),
                    new Named(EAGAIN, "EAGAIN", "Resource temporarily unavailable"),
                    new Named(ENOMEM, "ENOMEM", "Cannot allocate memory"),
                    new Named(EACCES, "EACCES", "Permission denied"),
                    new Named(EBUSY, "EBUSY", "Device or resource busy"),
                    new Named(EEXIST, "EEXIST", "File exists"),
                    new Named(ENODEV, "ENODEV", "No such device"),
                    new Named(ENOTDIR, "ENOTDIR", "Not a directory"),
                    new Named(EISDIR, "EISDIR", "Is a directory"),
                    new Named(EINVAL, "EINVAL", "Invalid argument"),
                    new Named(EFBIG, "EFBIG", "File too large"),
                    new Named(ENOSPC, "ENOSPC", "No space left on device"),
                    new Named(EROFS, "EROFS", "Read-only file system"),
                    new Named(EPIPE, "EPIPE", "Broken pipe"),
                    new Named(EDOM, "EDOM", "Numerical argument out of domain"),
                    new Named(ERANGE, "ERANGE", "Numerical result out of range"),
                    new Named(ENAMETOOLONG, "ENAMETOOLONG", "File name too long"),
                    new Named(ENOSYS, "ENOSYS", "Function not implemented"),
                    new Named(ENOTEMPTY, "ENOTEMPTY", "Directory not empty"),
                    new Named(ELOOP, "ELOOP", "Too many levels of symbolic links"),
                    new Named(ENODATA, "ENODATA", "No data available"),
                    new Named(EOVERFLOW, "EOVERFLOW", "Value too large for defined data type"),
                    new Named(EILSEQ, "EILSEQ", "Invalid or incomplete multibyte or wide character"),
                    new Named(EMSGSIZE, "EMSGSIZE", "Message too long"),
                    new Named(EOPNOTSUPP, "ENOTSUP", "Operation not supported"),
                    new Named(ENOTCONN, "ENOTCONN", "Transport endpoint is not connected"),
                    new Named(ESHUTDOWN, "ESHUTDOWN", "Cannot send after transport endpoint shutdown"),
                    new Named(ETIMEDOUT, "ETIMEDOUT", "Connection timed out"),
                    new Named(ECONNREFUSED, "ECONNREFUSED", "Connection refused"),
                    new Named(EALREADY, "EALREADY", "Operation already in progress"),
                    new Named(ESTALE, "ESTALE", "Stale file handle"),
                    new Named(EDQUOT, "EDQUOT", "Disk quota exceeded"),
                    new Named(ECANCELED, "ECANCELED", "Operation canceled"))
            .collect(Collectors.toUnmodifiableMap(Named::number, Function.identity()));

    private Errno() {}

    /** {@code ENOENT} for 2; {@code E200} for a number without a name. */
    public static String nameOf(int number) {
        Named named = NAMED.get(number);
        return named == null ? "E" + number : named.name;
    }

    /** What strerror(3) says. */
    public static String textOf(int number) {
        Named named = NAMED.get(number);
        return named == null ? "Unknown error " + number : named.text;
    }
}

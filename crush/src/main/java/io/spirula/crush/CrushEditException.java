package io.spirula.crush;

/**
 * The refusal of a change to a CRUSH map, with the errno that Ceph's CrushWrapper answers in the same case. A refused
 * change may have been carried out in part: drop the editor, the map that it started from is untouched.
 */
public final class CrushEditException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Errno errno;

    public CrushEditException(Errno errno, String message) {
        super(message);
        this.errno = errno;
    }

    public Errno errno() {
        return errno;
    }

    /** The errors that an edit can end in, with Linux' numbers and glibc's texts. */
    public enum Errno {
        ENOENT(2, "No such file or directory"),
        ECHILD(10, "No child processes"),
        EBUSY(16, "Device or resource busy"),
        EEXIST(17, "File exists"),
        ENOTDIR(20, "Not a directory"),
        EINVAL(22, "Invalid argument"),
        ERANGE(34, "Numerical result out of range"),
        ENOTEMPTY(39, "Directory not empty"),
        ELOOP(40, "Too many levels of symbolic links"),
        EOVERFLOW(75, "Value too large for defined data type"),
        EALREADY(114, "Operation already in progress"),
        EBADF(9, "Bad file descriptor");

        private final int number;
        private final String text;

        Errno(int number, String text) {
            this.number = number;
            this.text = text;
        }

        /** The positive number. */
        public int number() {
            return number;
        }

        /** As Ceph prints it: {@code (2) No such file or directory}. */
        public String text() {
            return "(" + number + ") " + text;
        }
    }
}

package io.spirula.osd.daemon;

/** An OSD can't start or go on: one line that says why and what to do. */
public final class OsdException extends RuntimeException {
    public OsdException(String message) {
        super(message);
    }

    public OsdException(String message, Throwable cause) {
        super(message, cause);
    }
}

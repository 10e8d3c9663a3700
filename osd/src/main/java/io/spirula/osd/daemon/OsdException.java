package io.spirula.osd.daemon;

/** An OSD can't start or go on: one line that says why and what to do. */
public final class OsdException extends RuntimeException {
    private final boolean storeIsOld;

    public OsdException(String message) {
        super(message);
        storeIsOld = false;
    }

    public OsdException(String message, Throwable cause) {
        super(message, cause);
        storeIsOld = false;
    }

    private OsdException(String message, boolean storeIsOld) {
        super(message);
        this.storeIsOld = storeIsOld;
    }

    static OsdException ofOldStore(String message) {
        return new OsdException(message, true);
    }

    /** Whether the store was restored from a backup that lacks what was acknowledged since: a new one has to be made. */
    public boolean storeIsOld() {
        return storeIsOld;
    }
}

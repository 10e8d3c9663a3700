package io.spirula.osd.store;

/** A read that has no right answer, or a store that can't be opened or written: one line that says what is wrong. */
public final class StoreException extends RuntimeException {
    /** What kind of trouble, which decides what the OSD does about it. */
    public enum Kind {
        NO_SUCH_OBJECT,
        DAMAGED,
        NO_SPACE,
        IO,
        WRONG_VERSION,
        LOCKED,
        NOT_A_STORE
    }

    private final Kind kind;

    public StoreException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public StoreException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}

package io.spirula.common.auth.caps;

/** A text that is no capability. */
public final class CapsSyntaxException extends RuntimeException {
    private final String text;

    public CapsSyntaxException(String text) {
        super(text);
        this.text = text;
    }

    /** What Ceph's monitors answer. */
    public String text() {
        return text;
    }
}

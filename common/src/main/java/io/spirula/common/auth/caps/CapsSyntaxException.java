package io.spirula.common.auth.caps;

/** A text that is no capability. Its message is what Ceph's monitors answer. */
public final class CapsSyntaxException extends RuntimeException {
    public CapsSyntaxException(String message) {
        super(message);
    }
}

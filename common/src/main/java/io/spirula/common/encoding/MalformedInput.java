package io.spirula.common.encoding;

/** Input that is not what its format says: the only thing a decoder throws. Closes the connection, or fails the file, that it came from. */
public final class MalformedInput extends RuntimeException {
    public MalformedInput(String message) {
        super(message);
    }

    public MalformedInput(String message, Throwable cause) {
        super(message, cause);
    }
}

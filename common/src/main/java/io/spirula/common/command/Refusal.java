package io.spirula.common.command;

/** A command that is not carried out, with the errno and the line that its sender sees. */
public final class Refusal extends RuntimeException {
    private final int errno;

    /** @param errno positive */
    public Refusal(int errno, String text) {
        super(text);
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }

    public String text() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}

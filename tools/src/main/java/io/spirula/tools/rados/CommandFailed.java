package io.spirula.tools.rados;

/** A command that could not do its work: one line for the user, and exit code 1. */
final class CommandFailed extends RuntimeException {
    CommandFailed(String message) {
        super(message);
    }
}

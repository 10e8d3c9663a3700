package io.spirula.tools.rados;

/** A command line that means nothing: one line for the user, and exit code 1. */
final class UsageException extends RuntimeException {
    UsageException(String message) {
        super(message);
    }
}

package io.spirula.tools.vstart;

/** What keeps a cluster from doing what was asked: one line or a few for the user. */
final class VstartException extends RuntimeException {
    VstartException(String message) {
        super(message);
    }
}

package io.spirula.common.message;

/** Something that one party tells another. Immutable; sent and received by the messenger. */
public interface Message {
    int PRIO_LOW = 64;
    int PRIO_DEFAULT = 127;
    int PRIO_HIGH = 196;
    int PRIO_HIGHEST = 255;

    MessageType<?> type();

    /** The header's transaction id, by which a request's answer is known; 0 where there is none. */
    default long tid() {
        return 0;
    }

    default int priority() {
        return PRIO_DEFAULT;
    }
}

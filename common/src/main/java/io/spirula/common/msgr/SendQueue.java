package io.spirula.common.msgr;

import io.spirula.common.message.Payload;
import java.util.ArrayDeque;

/** What a session has to send, and what it has sent but must be ready to send again. Numbers messages from 1. */
final class SendQueue {
    /** Waiting to be written; those with a number are being sent again. */
    private final ArrayDeque<Outgoing> waiting = new ArrayDeque<>();
    /** Written and not yet acknowledged. */
    private final ArrayDeque<Outgoing> sent = new ArrayDeque<>();

    private long lastSeq;

    private record Outgoing(long seq, Payload payload) {}

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    /** The number of the message that {@link #next} gave last. */
    long lastSeq() {
        return lastSeq;
    }

    void add(Payload payload) {
        waiting.add(new Outgoing(0, payload));
    }

    /** The next message to write, which takes the next number. */
    Payload next(boolean keep) {
        Payload payload = waiting.remove().payload;
        lastSeq++;
        if (keep) {
            sent.add(new Outgoing(lastSeq, payload));
        }
        return payload;
    }

    /** The peer has everything up to {@code seq}. */
    void acknowledged(long seq) {
        while (!sent.isEmpty() && sent.peek().seq <= seq) {
            sent.remove();
        }
    }

    /** The link is gone: what it carried must go again, under the same numbers. */
    void requeueSent() {
        lastSeq -= sent.size();
        while (!sent.isEmpty()) {
            waiting.addFirst(sent.removeLast());
        }
    }

    /** Forgets what waits to be sent again but has arrived after all. */
    void discardUpTo(long seq) {
        while (!waiting.isEmpty() && waiting.peek().seq != 0 && waiting.peek().seq <= seq) {
            waiting.remove();
            lastSeq++;
        }
    }

    void clear() {
        waiting.clear();
        sent.clear();
    }

    /**
     * A new session begins, because the peer has forgotten the old one. What was written in that may have arrived and is dropped; what never was goes in the new one. Ceph drops all: its OSDs take new addresses instead where they were
     * thought to be down.
     */
    void reset() {
        requeueSent();
        waiting.removeIf(o -> o.seq != 0);
        lastSeq = 0;
    }
}

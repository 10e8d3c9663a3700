package io.spirula.librados;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.WatchNotify;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/** What somebody tells all who watch an object. */
public final class Notification {
    private final WatchNotify message;
    private final BiConsumer<Long, Bytes> answer;
    private final AtomicBoolean answered = new AtomicBoolean();
    private volatile boolean later;

    Notification(WatchNotify message, BiConsumer<Long, Bytes> answer) {
        this.message = message;
        this.answer = answer;
    }

    /** What was said. */
    public Bytes payload() {
        return message.payload();
    }

    /** Its number, which no other one has. */
    public long id() {
        return message.notifyId();
    }

    /** The watch that hears it. */
    public long cookie() {
        return message.cookie();
    }

    /** Who said it: that client's number. */
    public long notifier() {
        return message.notifierId();
    }

    /** Answers it, once; the notifier is given the reply. Does not wait. */
    public void acknowledge(Bytes reply) {
        if (answered.compareAndSet(false, true)) {
            answer.accept(message.notifyId(), reply);
        }
    }

    /** The notifier waits on after {@link WatchHandler#notified} has returned, until somebody calls {@link #acknowledge} or its patience ends. */
    public void answerLater() {
        later = true;
    }

    void handled() {
        if (!later) {
            acknowledge(Bytes.EMPTY);
        }
    }
}

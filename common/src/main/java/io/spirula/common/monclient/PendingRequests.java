package io.spirula.common.monclient;

import io.spirula.common.env.Reactor;
import io.spirula.common.message.Message;
import io.spirula.common.types.Errno;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Questions to the monitors that await their answers, in the order asked, each with its deadline. */
final class PendingRequests<T> {

    private record Pending<T>(String what, Message message, CompletableFuture<T> answer, Reactor.Timer deadline) {}

    private final Reactor reactor;
    private final Map<Long, Pending<T>> byTid = new LinkedHashMap<>();

    PendingRequests(Reactor reactor) {
        this.reactor = reactor;
    }

    /** @param what the question in words, for the error at the deadline */
    CompletableFuture<T> add(long tid, String what, Message message, Duration timeout) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Reactor.Timer deadline = reactor.schedule(timeout, () -> {
            if (byTid.remove(tid) != null) {
                answer.completeExceptionally(new MonClientException(
                        Errno.ETIMEDOUT, "no monitor answered within " + seconds(timeout) + " s: " + what));
            }
        });
        byTid.put(tid, new Pending<>(what, message, answer, deadline));
        return answer;
    }

    /** False for an answer that nobody waits for any more. */
    boolean complete(long tid, T value) {
        Pending<T> pending = remove(tid);
        if (pending == null) {
            return false;
        }
        pending.answer.complete(value);
        return true;
    }

    private @Nullable Pending<T> remove(long tid) {
        Pending<T> pending = byTid.remove(tid);
        if (pending != null) {
            pending.deadline.cancel();
        }
        return pending;
    }

    Collection<Message> messages() {
        List<Message> messages = new ArrayList<>();
        byTid.values().forEach(p -> messages.add(p.message));
        return messages;
    }

    void failAll(MonClientException error) {
        for (Long tid : List.copyOf(byTid.keySet())) {
            Pending<T> pending = remove(tid);
            if (pending != null) {
                pending.answer.completeExceptionally(error);
            }
        }
    }

    static String seconds(Duration span) {
        long tenths = span.toMillis() / 100;
        return tenths % 10 == 0 ? Long.toString(tenths / 10) : tenths / 10 + "." + tenths % 10;
    }
}

package io.spirula.osd.queue;

import io.spirula.common.command.Json;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Work that waits, and which of it is next. Reads no clock: it is told the time, in nanoseconds, which never goes back. */
interface WorkScheduler {
    void add(Work work, long nowNanos);

    /** Takes out what is next; null where there is nothing, or nothing that may be done yet. */
    @Nullable
    Work next(long nowNanos);

    /** When something may be done that waits for its time; only where there is something and {@link #next} gave nothing. */
    long nextNanos();

    int size();

    /** Shares are others now: they count for what is taken out from here on. */
    void configure(QueueSettings settings);

    void forEach(Consumer<Work> visitor);

    /** As dump_op_pq_state shows it. */
    Json dump();
}

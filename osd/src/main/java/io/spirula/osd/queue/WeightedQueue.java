package io.spirula.osd.queue;

import io.spirula.common.command.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Classes get bytes in proportion to their weights, owners within a class take turns. Each class has a clock that runs the slower the greater its weight is, and the class whose clock is behind is next; one that had nothing to do
 * does not save up. Unlike Ceph's, which draws lots, this shares out evenly over short times, too, and the same way each time.
 */
final class WeightedQueue implements WorkScheduler {
    /** What a piece of work costs beside its bytes. */
    private static final long BASE_COST = 4096;

    /** One class. */
    private static final class Level {
        private final WorkClass kind;
        private final Map<Long, ArrayDeque<Work>> byOwner = new LinkedHashMap<>();
        private final ArrayDeque<Long> turns = new ArrayDeque<>();
        private double clock;

        Level(WorkClass kind) {
            this.kind = kind;
        }

        boolean isEmpty() {
            return turns.isEmpty();
        }

        void add(Work work) {
            ArrayDeque<Work> theirs = byOwner.get(work.owner());
            if (theirs == null) {
                theirs = new ArrayDeque<>();
                byOwner.put(work.owner(), theirs);
                turns.addLast(work.owner());
            }
            theirs.addLast(work);
        }

        Work take() {
            long owner = turns.removeFirst();
            ArrayDeque<Work> theirs = java.util.Objects.requireNonNull(byOwner.get(owner));
            Work work = theirs.removeFirst();
            if (theirs.isEmpty()) {
                byOwner.remove(owner);
            } else {
                turns.addLast(owner);
            }
            return work;
        }
    }

    private final EnumMap<WorkClass, Level> levels = new EnumMap<>(WorkClass.class);
    private QueueSettings settings;
    private double now;
    private int size;

    WeightedQueue(QueueSettings settings) {
        this.settings = settings;
        for (WorkClass kind : WorkClass.values()) {
            levels.put(kind, new Level(kind));
        }
    }

    private Level level(WorkClass kind) {
        return java.util.Objects.requireNonNull(levels.get(kind));
    }

    @Override
    public void add(Work work, long nowNanos) {
        Level level = level(work.kind());
        if (level.isEmpty()) {
            level.clock = Math.max(level.clock, now);
        }
        level.add(work);
        size++;
    }

    @Override
    public @Nullable Work next(long nowNanos) {
        Level best = null;
        for (Level level : levels.values()) {
            if (!level.isEmpty() && (best == null || goesBefore(level, best))) {
                best = level;
            }
        }
        if (best == null) {
            return null;
        }
        Work work = best.take();
        size--;
        if (!isStrict(best)) {
            now = Math.max(now, best.clock);
            best.clock += (double) (BASE_COST + work.bytes()) / settings.weight(best.kind);
        }
        return work;
    }

    private boolean isStrict(Level level) {
        return settings.weight(level.kind) >= settings.strictFrom();
    }

    private boolean goesBefore(Level a, Level b) {
        if (isStrict(a) || isStrict(b)) {
            return settings.weight(a.kind) > settings.weight(b.kind);
        }
        return a.clock < b.clock || a.clock == b.clock && settings.weight(a.kind) > settings.weight(b.kind);
    }

    @Override
    public long nextNanos() {
        throw new IllegalStateException("nothing here waits for a time");
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void configure(QueueSettings changed) {
        settings = changed;
    }

    @Override
    public void forEach(Consumer<Work> visitor) {
        levels.values().forEach(level -> level.byOwner.values().forEach(theirs -> theirs.forEach(visitor)));
    }

    @Override
    public Json dump() {
        List<Object> strict = new ArrayList<>();
        List<Object> weighted = new ArrayList<>();
        for (Level level : levels.values()) {
            if (!level.isEmpty()) {
                int waiting = level.byOwner.values().stream()
                        .mapToInt(ArrayDeque::size)
                        .sum();
                (isStrict(level) ? strict : weighted)
                        .add(Json.object()
                                .put("class", level.kind.cephName())
                                .put("priority", settings.weight(level.kind))
                                .put("num_subqueues", level.byOwner.size())
                                .put("size", waiting));
            }
        }
        return Json.object().put("high_queues", strict).put("queues", weighted);
    }
}

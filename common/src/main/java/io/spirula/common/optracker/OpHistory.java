package io.spirula.common.optracker;

import io.spirula.common.command.Json;
import io.spirula.common.config.Config;
import io.spirula.common.env.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * The operations that took longest of those that were finished lately, and those that were slow. An operation that is faster than all that are kept costs one comparison. Ceph: OpHistory, OpTracker.
 */
public final class OpHistory {
    private static final double NANOS = 1e9;
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'+0000'").withZone(ZoneOffset.UTC);

    /** A finished operation. */
    private record Done(TrackedOp.About about, List<OpTimeline.Event> events, long nanos) {
        static Done of(TrackedOp op, long nanos) {
            return new Done(op.about(), op.timeline().events(), nanos);
        }

        long startedNanos() {
            return events.getFirst().nanos();
        }

        Instant started(Clock clock) {
            return clock.now().minusNanos(clock.nanoTime() - startedNanos());
        }
    }

    private final Config config;
    /** Of the options: {@code osd}, {@code mon}. */
    private final String daemon;

    private final Clock clock;
    private final PriorityQueue<Done> longest = new PriorityQueue<>(Comparator.comparingLong(Done::nanos));
    private final ArrayDeque<Done> slow = new ArrayDeque<>();
    private int size;
    private long keptNanos;
    private int slowSize;
    private long slowNanos;

    /** @param daemon what its options begin with: {@code osd}, {@code mon} */
    public OpHistory(Config config, String daemon, Clock clock) {
        this.config = config;
        this.daemon = daemon;
        this.clock = clock;
        configure();
        config.observe(
                Set.of(
                        daemon + "_op_history_size",
                        daemon + "_op_history_duration",
                        daemon + "_op_history_slow_op_size",
                        daemon + "_op_history_slow_op_threshold",
                        daemon + "_enable_op_tracker"),
                this::configure);
    }

    private void configure() {
        boolean enabled = config.bool(daemon + "_enable_op_tracker", true);
        size = enabled ? (int) config.integer(daemon + "_op_history_size", 20) : 0;
        keptNanos = config.span(daemon + "_op_history_duration", Duration.ofMinutes(10))
                .toNanos();
        slowSize = enabled ? (int) config.integer(daemon + "_op_history_slow_op_size", 20) : 0;
        slowNanos = (long) (config.real(daemon + "_op_history_slow_op_threshold", 10) * NANOS);
    }

    public void finished(TrackedOp op, long nanos) {
        if (size > 0 && (longest.size() < size || nanos > shortest())) {
            Done done = Done.of(op, nanos);
            longest.add(done);
            forget();
        }
        if (nanos >= slowNanos && slowSize > 0) {
            slow.addLast(Done.of(op, nanos));
            while (slow.size() > slowSize) {
                slow.removeFirst();
            }
        }
    }

    private long shortest() {
        Done done = longest.peek();
        return done == null ? -1 : done.nanos;
    }

    private void forget() {
        while (longest.size() > size) {
            longest.poll();
        }
        long now = clock.nanoTime();
        longest.removeIf(done -> now - done.startedNanos() > keptNanos);
        slow.removeIf(done -> now - done.startedNanos() > keptNanos);
    }

    /** Those that took longest, in the order in which they began. */
    public Json recent(List<String> filter) {
        forget();
        return Json.object()
                .put("size", size)
                .put("duration", keptNanos / 1_000_000_000)
                .put("ops", finished(longest, Comparator.comparingLong(Done::startedNanos), filter));
    }

    public Json byDuration(List<String> filter) {
        forget();
        return Json.object()
                .put("size", size)
                .put("duration", keptNanos / 1_000_000_000)
                .put(
                        "ops",
                        finished(longest, Comparator.comparingLong(Done::nanos).reversed(), filter));
    }

    public Json slow(List<String> filter) {
        forget();
        return Json.object()
                .put("num to keep", slowSize)
                .put("threshold to keep", (long) (slowNanos / NANOS))
                .put("Ops", finished(slow, Comparator.comparingLong(Done::nanos).reversed(), filter));
    }

    private List<Object> finished(Iterable<Done> ops, Comparator<Done> order, List<String> filter) {
        List<Done> sorted = new ArrayList<>();
        ops.forEach(op -> {
            if (passes(op.about, filter)) {
                sorted.add(op);
            }
        });
        sorted.sort(order);
        return Json.list(sorted, op -> json(op, true));
    }

    private static boolean passes(TrackedOp.About about, List<String> filter) {
        return filter.isEmpty() || filter.stream().anyMatch(f -> about.address().contains(f));
    }

    /** Operations that are on their way, the oldest first. */
    public Json inFlight(Iterable<? extends TrackedOp> ops, List<String> filter) {
        List<Object> list = listed(ops, 0, filter);
        return Json.object().put("ops", list).put("num_ops", list.size());
    }

    /** Operations that are on their way for longer than people like. */
    public Json blocked(Iterable<? extends TrackedOp> ops, List<String> filter) {
        Duration complaint = config.span(daemon + "_op_complaint_time", Duration.ofSeconds(30));
        List<Object> list = listed(ops, complaint.toNanos(), filter);
        return Json.object()
                .put("ops", list)
                .put("complaint_time", complaint.toSeconds())
                .put("num_blocked_ops", list.size());
    }

    private List<Object> listed(Iterable<? extends TrackedOp> ops, long atLeastNanos, List<String> filter) {
        List<Done> sorted = new ArrayList<>();
        long now = clock.nanoTime();
        ops.forEach(op -> {
            Done soFar = Done.of(op, now - op.timeline().startNanos());
            if (soFar.nanos >= atLeastNanos && passes(soFar.about, filter)) {
                sorted.add(soFar);
            }
        });
        sorted.sort(Comparator.comparingLong(Done::startedNanos));
        return Json.list(sorted, op -> json(op, false));
    }

    private Json json(Done op, boolean finished) {
        Instant started = op.started(clock);
        List<Object> events = new ArrayList<>();
        for (int i = 0; i < op.events.size(); i++) {
            OpTimeline.Event e = op.events.get(i);
            // How long until the next; the last has the whole. Source: TrackedOp::dump.
            long nanos = i + 1 < op.events.size() ? op.events.get(i + 1).nanos() - e.nanos() : op.nanos;
            events.add(event(e.name(), started.plusNanos(e.nanos() - op.startedNanos()), nanos / NANOS));
        }
        return Json.object()
                .put("description", op.about.description())
                .put("initiated_at", STAMP.format(started))
                .put("age", (clock.nanoTime() - op.startedNanos()) / NANOS)
                .put("duration", op.nanos / NANOS)
                .put("type_data", op.about.typeData(finished, events));
    }

    private static Json event(String name, Instant at, double duration) {
        return Json.object().put("event", name).put("time", STAMP.format(at)).put("duration", duration);
    }
}

package io.spirula.osd.queue;

import io.spirula.common.command.Json;
import io.spirula.osd.queue.QueueSettings.Share;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every owner in a class is a flow with three tags for its next piece of work: the time by which its reservation wants it done, the time before which its limit forbids it, and its place by weight among the others. Reservations
 * that are due go first; then, by weight, what no limit forbids, which does not count against the reservation. A flow that had nothing to do saves up nothing.
 *
 * <p>Source: the mClock paper; in Ceph the dmclock library, as osd/scheduler/mClockScheduler uses it.
 */
final class DmClock implements WorkScheduler {
    private static final double SECOND = 1e9;
    /** From that many flows on those are forgotten that would begin anew in the same way. */
    private static final int MANY = 64;

    private record Id(WorkClass kind, long owner) {}

    private record Queued(Work work, long arrivedNanos) {}

    private static final class Flow {
        private final WorkClass kind;
        private final ArrayDeque<Queued> queue = new ArrayDeque<>();
        /** Tags of what was done last, and of what is next. */
        private double lastReserved = Double.NEGATIVE_INFINITY;

        private double lastLimited = Double.NEGATIVE_INFINITY;
        private double lastPlace;
        private double reserved;
        private double limited;
        private double place;

        Flow(WorkClass kind) {
            this.kind = kind;
        }
    }

    private final Map<Id, Flow> flows = new LinkedHashMap<>();
    private QueueSettings settings;
    /** How far the sharing by weight has come. */
    private double place;

    private int size;

    DmClock(QueueSettings settings) {
        this.settings = settings;
    }

    @Override
    public void add(Work work, long nowNanos) {
        if (flows.size() >= MANY) {
            flows.values()
                    .removeIf(f -> f.queue.isEmpty()
                            && f.lastReserved <= nowNanos
                            && f.lastLimited <= nowNanos
                            && f.lastPlace <= place);
        }
        Flow flow = flows.computeIfAbsent(new Id(work.kind(), work.owner()), id -> new Flow(id.kind));
        flow.queue.addLast(new Queued(work, nowNanos));
        size++;
        if (flow.queue.size() == 1) {
            flow.lastPlace = Math.max(flow.lastPlace, place);
            tag(flow);
        }
    }

    /** Gives the flow's first piece of work its tags. */
    private void tag(Flow flow) {
        Queued head = flow.queue.getFirst();
        Share share = settings.share(flow.kind);
        double cost = settings.operations(head.work);
        flow.reserved = share.reservation() <= 0
                ? Double.POSITIVE_INFINITY
                : Math.max((double) head.arrivedNanos, flow.lastReserved + cost * SECOND / share.reservation());
        flow.limited = share.limit() <= 0
                ? Double.NEGATIVE_INFINITY
                : Math.max((double) head.arrivedNanos, flow.lastLimited + cost * SECOND / share.limit());
        flow.place = flow.lastPlace + cost / Math.max(share.weight(), 1e-9);
    }

    @Override
    public @Nullable Work next(long nowNanos) {
        Flow due = null;
        Flow first = null;
        for (Flow flow : flows.values()) {
            if (flow.queue.isEmpty()) {
                continue;
            }
            if (flow.reserved <= nowNanos && (due == null || flow.reserved < due.reserved)) {
                due = flow;
            }
            if (flow.limited <= nowNanos && (first == null || flow.place < first.place)) {
                first = flow;
            }
        }
        if (due != null) {
            due.lastReserved = due.reserved;
            return take(due);
        }
        return first == null ? null : take(first);
    }

    private Work take(Flow flow) {
        place = Math.max(place, flow.lastPlace);
        flow.lastPlace = flow.place;
        flow.lastLimited = flow.limited;
        Work work = flow.queue.removeFirst().work;
        size--;
        if (!flow.queue.isEmpty()) {
            tag(flow);
        }
        return work;
    }

    @Override
    public long nextNanos() {
        double soonest = Double.POSITIVE_INFINITY;
        for (Flow flow : flows.values()) {
            if (!flow.queue.isEmpty()) {
                soonest = Math.min(soonest, Math.min(flow.reserved, flow.limited));
            }
        }
        return (long) Math.ceil(soonest);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void configure(QueueSettings changed) {
        settings = changed;
        for (Flow flow : flows.values()) {
            if (!flow.queue.isEmpty()) {
                tag(flow);
            }
        }
    }

    @Override
    public void forEach(Consumer<Work> visitor) {
        flows.values().forEach(flow -> flow.queue.forEach(queued -> visitor.accept(queued.work)));
    }

    @Override
    public Json dump() {
        List<Object> all = new ArrayList<>();
        flows.forEach((id, flow) -> {
            if (!flow.queue.isEmpty()) {
                all.add(Json.object()
                        .put("class", id.kind.cephName())
                        .put("owner", id.owner)
                        .put("size", flow.queue.size()));
            }
        });
        return Json.object().put("immediate", 0).put("scheduler", all);
    }
}

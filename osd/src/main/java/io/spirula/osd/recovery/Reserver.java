package io.spirula.osd.recovery;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A few places that many want: given to the most urgent first, among equals to who came first, and taken from those less urgent, the least first, when a more urgent one comes. Ceph: AsyncReserver.
 *
 * @param <T> who wants a place; each at most one
 */
public final class Reserver<T extends Comparable<T>> {
    /** @param preempted what tells the holder that its place is gone; null where it may not be taken away */
    private record Reservation<T>(
            T item,
            int priority,
            Runnable granted,
            @Nullable Runnable preempted) {}

    private final Executor later;
    private final TreeMap<Integer, ArrayDeque<Reservation<T>>> queues = new TreeMap<>();
    private final TreeMap<T, Integer> queued = new TreeMap<>();
    private final TreeMap<T, Reservation<T>> held = new TreeMap<>();
    private int most;
    private int leastPriority;

    /**
     * @param later what the callbacks run on: never within a call of this
     * @param most how many places there are
     */
    public Reserver(Executor later, int most) {
        this.later = later;
        this.most = most;
    }

    /** How many places there are from now on. */
    public void most(int places) {
        most = places;
        settle();
    }

    /** Who is less urgent than this gets no place. */
    public void leastPriority(int priority) {
        leastPriority = priority;
        settle();
    }

    /** Gets in line. Throws IllegalStateException for one who is or has a place already. */
    public void request(T item, int priority, Runnable granted, @Nullable Runnable preempted) {
        if (queued.containsKey(item) || held.containsKey(item)) {
            throw new IllegalStateException(item + " has or waits for a place already");
        }
        enqueue(new Reservation<>(item, priority, granted, preempted));
        settle();
    }

    private void enqueue(Reservation<T> r) {
        queues.computeIfAbsent(r.priority, p -> new ArrayDeque<>()).addLast(r);
        queued.put(r.item, r.priority);
    }

    /** Who waits, or has a place, is more or less urgent now. Nothing for others. */
    public void update(T item, int priority) {
        Reservation<T> waiting = unqueue(item);
        Reservation<T> holder = held.get(item);
        if (waiting != null) {
            enqueue(new Reservation<>(item, priority, waiting.granted, waiting.preempted));
        } else if (holder != null) {
            held.put(item, new Reservation<>(item, priority, holder.granted, holder.preempted));
        }
        settle();
    }

    /** Gives a place back, or leaves the line: neither callback is run any more. */
    public void cancel(T item) {
        unqueue(item);
        held.remove(item);
        settle();
    }

    private @Nullable Reservation<T> unqueue(T item) {
        Integer priority = queued.remove(item);
        ArrayDeque<Reservation<T>> queue = priority == null ? null : queues.get(priority);
        if (queue == null) {
            return null;
        }
        for (Iterator<Reservation<T>> i = queue.iterator(); i.hasNext(); ) {
            Reservation<T> r = i.next();
            if (r.item.equals(item)) {
                i.remove();
                if (queue.isEmpty()) {
                    queues.remove(priority);
                }
                return r;
            }
        }
        throw new IllegalStateException(item + " is not in its line");
    }

    private void settle() {
        Reservation<T> least = leastOfHeld();
        while (least != null && (held.size() > most || least.priority < leastPriority)) {
            preempt(least);
            least = leastOfHeld();
        }
        while (!queues.isEmpty() && queues.lastKey() >= leastPriority) {
            least = leastOfHeld();
            if (held.size() >= most && least != null && least.priority < queues.lastKey()) {
                preempt(least);
            }
            if (held.size() >= most) {
                return;
            }
            Reservation<T> next = queues.lastEntry().getValue().getFirst();
            unqueue(next.item);
            held.put(next.item, next);
            Runnable granted = next.granted;
            later.execute(() -> {
                Reservation<T> now = held.get(next.item);
                if (now != null && now.granted == granted) {
                    granted.run();
                }
            });
        }
    }

    private @Nullable Reservation<T> leastOfHeld() {
        Reservation<T> least = null;
        for (Reservation<T> r : held.values()) {
            least = r.preempted != null && (least == null || r.priority < least.priority) ? r : least;
        }
        return least;
    }

    private void preempt(Reservation<T> r) {
        held.remove(r.item);
        if (r.preempted != null) {
            later.execute(r.preempted);
        }
    }

    /**
     * Who has a place or waits for one.
     *
     * @param preemptible whether the place may be taken away
     */
    public record Place<T>(T item, int priority, boolean preemptible) {
        private static <T> Place<T> of(Reservation<T> r) {
            return new Place<>(r.item, r.priority, r.preempted != null);
        }
    }

    public int most() {
        return most;
    }

    public int leastPriority() {
        return leastPriority;
    }

    /** Those with a place. */
    public List<Place<T>> held() {
        return held.values().stream().map(Place::of).toList();
    }

    /** Those in line, the first to get a place first. */
    public List<Place<T>> waiting() {
        List<Place<T>> all = new ArrayList<>();
        queues.descendingMap().values().forEach(q -> q.forEach(r -> all.add(Place.of(r))));
        return all;
    }
}

package io.spirula.osd.recovery;

import io.spirula.common.env.Reactor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How many objects an OSD recovers at a time, over all of its groups. Groups take turns; one that an operator wants first goes to the head of the line. Ceph: OSDService's recovery_ops_active, awaiting_throttle and
 * OSD::do_recovery.
 *
 * <p>While clients are served here, recovery takes about half of the time (as osd_recovery_pause_ratio says): it goes on in rounds of as many objects as one message holds, and rests after each round for as long as
 * that took. What the objects took is the whole way, through both OSDs' processors and disks, so the busier any of them is the longer are the rests.
 */
public final class RecoveryThrottle {
    /** A group that recovers. */
    public interface Work {
        /** Starts up to so many objects; returns how many bytes they have, about. */
        long start(int most);

        /** How many objects are under way. */
        int active();

        /** Whether it goes before others. */
        boolean isForced();
    }

    /** For so long after a request clients count as being served. */
    private static final Duration RECENTLY = Duration.ofSeconds(1);
    /** An object that takes longer than this does not hold up the next round. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** With so many bytes, or one object, a round is full. */
    private static final int ROUND_BYTES = 1 << 20;
    /** Large objects come in pieces of this, so that no client waits behind more: on each of the two reactors a piece takes as long as a few requests. */
    private static final int PIECE_BYTES = 512 << 10;

    private final Reactor reactor;
    private final RecoverySettings settings;
    private final ArrayDeque<Work> line = new ArrayDeque<>();
    private final IdentityHashMap<Work, Integer> counted = new IdentityHashMap<>();
    private int active;
    /** How many of those under way no round waits for any more. */
    private int overdue;

    private boolean scheduled;
    private Reactor.@Nullable Timer sleep;
    private long asleepNanos;
    private boolean clientsKnown;
    private long lastClientNanos;
    private @Nullable Round round;

    /** What is started together while clients are served. */
    private static final class Round {
        private final long beganNanos;
        private final Reactor.Timer patience;
        /** For how long of it there has been a rest already, with that rest. */
        private long settledNanos;

        private int objectsLeft;
        private long bytesLeft = ROUND_BYTES;

        Round(long beganNanos, int objectsLeft, Reactor.Timer patience) {
            this.beganNanos = beganNanos;
            this.objectsLeft = objectsLeft;
            this.patience = patience;
        }
    }

    RecoveryThrottle(Reactor reactor, RecoverySettings settings) {
        this.reactor = reactor;
        this.settings = settings;
    }

    /** A client's request has come, or a part of one that its primary sends here. */
    public void clientServed() {
        clientsKnown = true;
        lastClientNanos = reactor.clock().nanoTime();
    }

    /** The group has more to do: it is called when it is its turn. */
    public void wants(Work work) {
        if (!line.contains(work)) {
            if (work.isForced()) {
                line.addFirst(work);
            } else {
                line.addLast(work);
            }
        }
        schedule();
    }

    /** The group has more or fewer objects under way than before. */
    public void count(Work work) {
        int now = work.active();
        Integer before = now == 0 ? counted.remove(work) : counted.put(work, now);
        active += now - (before == null ? 0 : before);
        overdue = Math.min(overdue, active);
        if (active == overdue) {
            endRound();
        }
        schedule();
    }

    /** The group does not recover any more. */
    public void leave(Work work) {
        line.remove(work);
        count(work);
    }

    /** Another number of objects may be under way now, and who sleeps is to sleep for another time, counted from when it fell asleep. */
    void settingsChanged() {
        if (sleep != null) {
            sleep.cancel();
            sleep = null;
            sleepSince(asleepNanos, settings.sleep());
        }
        schedule();
    }

    /** How many bytes of an object go in one piece. */
    public int chunk() {
        return yields() ? Math.min(PIECE_BYTES, settings.maxChunk()) : settings.maxChunk();
    }

    /** Goes on with an object after a rest for the piece of it that was sent at {@code sinceNanos} and has arrived; at once where there are no rests. */
    public void goOn(long sinceNanos, Runnable task) {
        long took = reactor.clock().nanoTime() - sinceNanos;
        long rest = yields() ? (long) (took * settings.pauseRatio()) : 0;
        if (rest <= 0) {
            task.run();
            return;
        }
        Round now = round;
        if (now != null) {
            now.settledNanos += took + rest;
        }
        reactor.schedule(Duration.ofNanos(rest), task);
    }

    /** Whether there are rests for clients' sake. */
    private boolean yields() {
        return clientsKnown
                && settings.pauseRatio() > 0
                && !settings.sleep().isPositive()
                && reactor.clock().nanoTime() - lastClientNanos < RECENTLY.toNanos();
    }

    /** How many more objects may be started. */
    private int room() {
        int room = settings.maxActive() - active;
        Round now = round;
        if (now == null) {
            return room;
        }
        return now.bytesLeft > 0 ? Math.min(room, now.objectsLeft) : 0;
    }

    private void schedule() {
        if (!scheduled && sleep == null && !line.isEmpty() && room() > 0) {
            scheduled = true;
            reactor.execute(this::run);
        }
    }

    private void run() {
        scheduled = false;
        while (sleep == null && !line.isEmpty() && room() > 0) {
            Round now = yields() && round == null ? beginRound() : round;
            int before = active;
            Work next = line.removeFirst();
            long bytes = next.start(Math.min(room(), settings.maxSingleStart()));
            count(next);
            if (now != null) {
                now.objectsLeft -= active - before;
                now.bytesLeft -= bytes;
            }
            sleep(settings.sleep());
        }
    }

    private Round beginRound() {
        Reactor.Timer patience = reactor.schedule(PATIENCE, () -> {
            overdue = active;
            endRound();
            schedule();
        });
        Round now = new Round(reactor.clock().nanoTime(), settings.maxPushObjects(), patience);
        round = now;
        return now;
    }

    private void endRound() {
        Round over = round;
        if (over != null) {
            over.patience.cancel();
            round = null;
            if (yields()) {
                long took = reactor.clock().nanoTime() - over.beganNanos - over.settledNanos;
                sleep(Duration.ofNanos((long) (took * settings.pauseRatio())));
            }
        }
    }

    private void sleep(Duration span) {
        if (sleep == null) {
            sleepSince(reactor.clock().nanoTime(), span);
        }
    }

    private void sleepSince(long nanos, Duration span) {
        asleepNanos = nanos;
        Duration left = span.minusNanos(reactor.clock().nanoTime() - nanos);
        if (left.isPositive()) {
            sleep = reactor.schedule(left, () -> {
                sleep = null;
                schedule();
            });
        }
    }
}

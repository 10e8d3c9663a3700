package io.spirula.osd.recovery;

import io.spirula.common.env.Reactor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;

/**
 * How many objects an OSD recovers at a time, over all of its groups. Groups take turns; one that an operator wants first goes to the head of the line. Ceph: OSDService's recovery_ops_active, awaiting_throttle and
 * OSD::do_recovery.
 */
public final class RecoveryThrottle {
    /** A group that recovers. */
    public interface Work {
        /** Starts up to so many objects. */
        void start(int most);

        /** How many objects are under way. */
        int active();

        /** Whether it goes before others. */
        boolean isForced();
    }

    private final Reactor reactor;
    private final RecoverySettings settings;
    private final ArrayDeque<Work> line = new ArrayDeque<>();
    private final IdentityHashMap<Work, Integer> counted = new IdentityHashMap<>();
    private int active;
    private boolean scheduled;
    private boolean sleeping;

    RecoveryThrottle(Reactor reactor, RecoverySettings settings) {
        this.reactor = reactor;
        this.settings = settings;
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
        schedule();
    }

    /** The group does not recover any more. */
    public void leave(Work work) {
        line.remove(work);
        count(work);
    }

    /** Another number of objects may be under way now. */
    void settingsChanged() {
        schedule();
    }

    private void schedule() {
        if (!scheduled && !sleeping && !line.isEmpty() && active < settings.maxActive()) {
            scheduled = true;
            reactor.execute(this::run);
        }
    }

    private void run() {
        scheduled = false;
        while (!sleeping && !line.isEmpty() && active < settings.maxActive()) {
            Work next = line.removeFirst();
            next.start(Math.min(settings.maxActive() - active, settings.maxSingleStart()));
            count(next);
            Duration sleep = settings.sleep();
            if (sleep.isPositive()) {
                sleeping = true;
                reactor.schedule(sleep, () -> {
                    sleeping = false;
                    schedule();
                });
            }
        }
    }
}

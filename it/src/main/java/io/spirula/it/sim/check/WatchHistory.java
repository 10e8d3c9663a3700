package io.spirula.it.sim.check;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.WatchNotify;
import io.spirula.common.pg.ListWatchersResponse;
import io.spirula.common.pg.NotifyReplies;
import io.spirula.it.sim.Simulation;
import io.spirula.it.sim.SimulationFailure;
import io.spirula.librados.objecter.ObjectWatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who watches one object, and what must hold of it: a notification that is complete has reached everybody who watched from before it until after it, or names them; nobody hears the same one twice over one registration; nobody
 * loses a watch of whose life the OSD heard in time; and the object's list has those who watch, and not those who have ended it.
 */
public final class WatchHistory {
    private static final int LAST_EVENTS = 60;
    /** How long an OSD keeps a watch of whose client it hears nothing, where that does not say. */
    private static final int USUAL_SECONDS = 30;

    /** One process's watch. */
    public final class OneWatch {
        private final String process;
        private final LongSupplier client;
        private final int seconds;
        private final long begunNanos;
        private final Map<Long, Integer> heard = new LinkedHashMap<>();
        private final Set<Bytes> texts = new LinkedHashSet<>();
        private @Nullable ObjectWatch core;
        private boolean established;
        private boolean over;

        private OneWatch(String process, LongSupplier client, int seconds) {
            this.process = process;
            this.client = client;
            this.seconds = seconds == 0 ? USUAL_SECONDS : seconds;
            begunNanos = simulation.nowNanos();
        }

        public void is(ObjectWatch watch) {
            core = watch;
        }

        public ObjectWatch core() {
            return Objects.requireNonNull(core, "begun");
        }

        public boolean isEstablished() {
            return established && !over;
        }

        public boolean isOver() {
            return over;
        }

        public void established() {
            established = true;
            note(this + " is established");
        }

        /** It was refused; whether it may have been: only where it took so long that its time was over. */
        public void refused(int errno) {
            over = true;
            note(this + " is refused with " + errno);
            if (simulation.nowNanos() - begunNanos < seconds * 1_000_000_000L) {
                fail(this + " is refused with " + errno);
            }
        }

        public void heard(WatchNotify notification) {
            note(this + " hears " + notification.notifyId() + " " + notification.payload());
            if (over) {
                fail(this + " hears of a notification after its end");
            }
            Integer before = heard.put(notification.notifyId(), generation());
            if (before != null && established && before == generation()) {
                fail(this + " hears the same notification twice: " + notification);
            }
            texts.add(notification.payload());
        }

        /** While it is being registered the OSD may be asked anew, and tell anew. */
        private int generation() {
            return established ? core().generation() : -1;
        }

        public void lost(int errno, long ageMillis) {
            over = true;
            note(this + " is lost with " + errno + " after " + ageMillis + " ms");
            if (ageMillis < seconds * 1000L) {
                fail(this + " is lost with " + errno + ", and its OSD heard of it " + ageMillis + " ms ago");
            }
        }

        /** Its client ends it, or is gone. */
        public void ends() {
            over = true;
            note(this + " ends");
        }

        /** Whether its OSD can't have ended it yet. */
        private boolean isFresh() {
            return isEstablished() && core().ageMillis() < seconds * 1000L;
        }

        private boolean is(NotifyReplies.Watcher watcher) {
            return watcher.client() == client.getAsLong() && watcher.cookie() == core().cookie();
        }

        private boolean isIn(List<ListWatchersResponse.Watcher> list) {
            return list.stream()
                    .anyMatch(w -> w.client().number() == client.getAsLong() && w.cookie() == core().cookie());
        }

        @Override
        public String toString() {
            return "the watch of " + process + " on " + object + (core == null ? "" : " with cookie " + core.cookie());
        }
    }

    private final Simulation simulation;
    private final String object;
    private final List<OneWatch> watches = new ArrayList<>();
    private final ArrayDeque<String> log = new ArrayDeque<>();

    public WatchHistory(Simulation simulation, String object) {
        this.simulation = simulation;
        this.object = object;
    }

    /**
     * @param client its process's number, once that has one
     * @param seconds as it is asked for: 0 for what the OSD thinks right
     */
    public OneWatch begin(String process, LongSupplier client, int seconds) {
        OneWatch watch = new OneWatch(process, client, seconds);
        watches.add(watch);
        return watch;
    }

    /** Those who watch now. */
    public List<OneWatch> established() {
        return watches.stream().filter(OneWatch::isEstablished).toList();
    }

    /** A notification of {@code asked} has ended; {@code before} watched when it began. */
    public void completed(String process, Bytes asked, List<OneWatch> before, NotifyReplies replies) {
        note(process + "'s notification " + asked + " is complete: " + replies);
        for (NotifyReplies.Reply reply : replies.replies()) {
            if (!reply.payload().equals(asked)) {
                fail("a watcher answered " + reply.payload() + " to " + asked);
            }
        }
        for (OneWatch watch : before) {
            boolean answered = replies.replies().stream().anyMatch(r -> watch.is(r.watcher()));
            if (answered && !watch.texts.contains(asked)) {
                fail(watch + " answered " + asked + " and never heard it");
            }
            if (watch.isFresh() && !answered && replies.missed().stream().noneMatch(watch::is)) {
                fail("the notification " + asked + " of " + process + " ended without " + watch);
            }
        }
    }

    /** The object's list was asked for when {@code before} watched. */
    public void listed(List<OneWatch> before, List<ListWatchersResponse.Watcher> list) {
        note("listed: " + list);
        for (OneWatch watch : before) {
            if (watch.isFresh() && !watch.isIn(list)) {
                fail(watch + " is not in " + list);
            }
        }
    }

    /** The object's list after an OSD has said that the watch is ended. */
    public void listedAfterEnd(OneWatch ended, List<ListWatchersResponse.Watcher> list) {
        if (ended.isIn(list)) {
            fail(ended + " has been ended and is in " + list);
        }
    }

    /** Whether exactly those are listed who watch. */
    public boolean isExactly(List<ListWatchersResponse.Watcher> list) {
        List<OneWatch> now = established();
        return list.size() == now.size() && now.stream().allMatch(w -> w.isIn(list));
    }

    public void note(String event) {
        if (log.size() == LAST_EVENTS) {
            log.remove();
        }
        log.add(String.format(Locale.ROOT, "%.3f ", simulation.nowNanos() / 1e9) + event);
    }

    private void fail(String what) {
        throw new SimulationFailure(what + "\nLately with " + object + ":\n  " + String.join("\n  ", log));
    }
}

package io.spirula.osd.scrub;

import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.env.Reactor;
import io.spirula.common.message.Message;
import io.spirula.common.message.OsdRepScrub;
import io.spirula.common.message.OsdRepScrubMap;
import io.spirula.common.message.OsdScrubReserve;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.ScrubMap;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.ObjectStore;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One scrub of a group, on its primary: reserves the replicas, then goes through the objects range by range. While a range is looked at, nothing in it may change: a write to it waits until its copies have been compared, or,
 * as long as the scrub can be preempted, goes first, and the range is chosen anew and smaller. Ends by itself, or with the interval. Source: osd/scrub_machine.cc, osd/pg_scrubber.cc.
 */
public final class PrimaryScrub {
    private static final Logger LOG = LoggerFactory.getLogger(PrimaryScrub.class);
    /** How long replicas may take to say whether they have a place. */
    private static final Duration RESERVATION_TIMEOUT = Duration.ofMinutes(1);

    private static final int LEAST_OBJECTS = 3;

    /** What a scrub asks of its group. All on the group's reactor. */
    public interface Group {
        ShardPgId id();

        PgShard self();

        CollectionId collection();

        ObjectStore store();

        /** Runs a step of reading once it is scrubbing's turn, never before it returns. */
        Executor turns();

        /** All that should have the group's objects, this primary included. */
        SortedSet<PgShard> members();

        int epoch();

        int interval();

        EVersion lastUpdate();

        @Nullable
        PgLogEntry latest(ObjectId object);

        /** Whether objects are being copied. When that ends, {@link PrimaryScrub#recovered} is called. */
        boolean isRecovering();

        /** Runs the task once all writes up to this version are durable everywhere. */
        void whenDurable(EVersion version, Runnable task);

        void send(PgShard to, Message message);

        /** For how long to rest between two ranges. */
        Duration pause(ScrubPlan plan);

        /** The replicas are won: objects are looked at from now on. */
        void begun(PrimaryScrub scrub);

        /** A range was compared. Nobody writes to it before this returns. */
        void compared(PrimaryScrub scrub, Findings findings);

        /** Gives these objects' infos their digests, and runs {@code done} then. */
        void updateDigests(List<Findings.Digests> digests, Runnable done);

        /** The scrub is over: all was compared, or it could not be. */
        void ended(PrimaryScrub scrub, boolean complete);
    }

    private final Group group;
    private final ScrubPlan plan;
    private final ScrubSettings settings;
    private final Reactor reactor;
    private final TreeMap<Long, Runnable> waiting = new TreeMap<>();
    private final TreeSet<PgShard> reserved = new TreeSet<>();
    private ScrubState state = new ScrubState.Finished();
    private @Nullable MapBuilder builder;
    private int preemptionsLeft;
    private int divisor = 1;
    private boolean scrubbing;

    public PrimaryScrub(Group group, ScrubPlan plan, ScrubSettings settings, Reactor reactor) {
        this.group = group;
        this.plan = plan;
        this.settings = settings;
        this.reactor = reactor;
        preemptionsLeft = settings.maxPreemptions();
    }

    public ScrubPlan plan() {
        return plan;
    }

    public ScrubState state() {
        return state;
    }

    /** Whose answers are awaited. */
    public SortedSet<PgShard> awaited() {
        return switch (state) {
            case ScrubState.ReservingReplicas s -> s.awaited();
            case ScrubState.BuildMap s -> s.awaited();
            case ScrubState.WaitReplicas s -> s.awaited();
            case ScrubState.DrainReplMaps s -> s.awaited();
            case ScrubState.PendingTimer s -> new TreeSet<>();
            case ScrubState.WaitPushes s -> new TreeSet<>();
            case ScrubState.WaitLastUpdate s -> new TreeSet<>();
            case ScrubState.WaitDigestUpdate s -> new TreeSet<>();
            case ScrubState.Finished s -> new TreeSet<>();
        };
    }

    /** Whether the replicas have been won and objects are being looked at. */
    public boolean isScrubbing() {
        return scrubbing;
    }

    private void transition(ScrubState next) {
        if (!next.cephName().equals(state.cephName())) {
            LOG.debug("pg {} {}: {} -> {}", group.id(), plan.modeText(), state.cephName(), next.cephName());
        }
        state = next;
    }

    /** Runs the task, unless something else has happened by then. */
    private Runnable inThisState(Runnable task) {
        ScrubState then = state;
        return () -> {
            if (state == then) {
                task.run();
            }
        };
    }

    // Reservations

    /** Begins. This OSD's own place has been taken. */
    public void start() {
        TreeSet<PgShard> others = new TreeSet<>(group.members());
        others.remove(group.self());
        transition(new ScrubState.ReservingReplicas(others));
        if (others.isEmpty()) {
            begin();
            return;
        }
        reserved.addAll(others);
        reactor.schedule(RESERVATION_TIMEOUT, inThisState(this::giveUp));
        others.forEach(other -> reserve(other, OsdScrubReserve.REQUEST));
    }

    private void reserve(PgShard other, int kind) {
        group.send(other, new OsdScrubReserve(group.id(), group.epoch(), kind, group.self()));
    }

    /** A replica's answer. */
    public void answered(OsdScrubReserve message) {
        if (!(state instanceof ScrubState.ReservingReplicas s) || !s.awaited().contains(message.from())) {
            return;
        }
        if (message.kind() == OsdScrubReserve.REJECT) {
            reserved.remove(message.from());
            giveUp();
        } else if (message.kind() == OsdScrubReserve.GRANT) {
            s.awaited().remove(message.from());
            if (s.awaited().isEmpty()) {
                begin();
            }
        }
    }

    private void giveUp() {
        end(false);
    }

    // Ranges

    private void begin() {
        scrubbing = true;
        group.begun(this);
        sleep(ObjectId.MIN, Duration.ZERO);
    }

    private void sleep(ObjectId from, Duration time) {
        transition(new ScrubState.PendingTimer(from));
        Runnable next = inThisState(() -> newChunk(from));
        if (time.isZero()) {
            reactor.execute(next);
        } else {
            reactor.schedule(time, next);
        }
    }

    /** Ceph: PgScrubber::select_range. */
    private void newChunk(ObjectId from) {
        int least = Math.max(LEAST_OBJECTS, settings.chunkMin() / divisor);
        int most = Math.max(least, settings.chunkMax() / divisor);
        List<ObjectId> some = group.store().list(group.collection(), from, ObjectId.MAX, most + 1);
        ObjectId end = some.size() <= most ? ObjectId.MAX : some.getLast();
        ScrubRange range = new ScrubRange(from, end);
        transition(new ScrubState.WaitPushes(range));
        recovered();
    }

    /** Nothing is being recovered any more, perhaps. */
    public void recovered() {
        if (state instanceof ScrubState.WaitPushes s && !group.isRecovering()) {
            EVersion version = group.lastUpdate();
            transition(new ScrubState.WaitLastUpdate(s.range(), version));
            group.whenDurable(version, inThisState(() -> buildMap(s.range())));
        }
    }

    private void buildMap(ScrubRange range) {
        TreeSet<PgShard> others = new TreeSet<>(group.members());
        others.remove(group.self());
        EVersion version = group.lastUpdate();
        transition(new ScrubState.BuildMap(range, new TreeMap<>(), others));
        for (PgShard other : others) {
            group.send(
                    other,
                    new OsdRepScrub(
                            group.id(),
                            EVersion.ZERO,
                            version,
                            group.epoch(),
                            true,
                            range.start(),
                            range.end(),
                            plan.deep(),
                            group.interval(),
                            preemptionsLeft > 0,
                            0,
                            plan.required()));
        }
        builder = MapBuilder.start(
                group.store(),
                group.collection(),
                range,
                plan.deep(),
                settings.reading(),
                group.turns(),
                version,
                this::mapBuilt);
    }

    private void mapBuilt(ScrubMap map) {
        builder = null;
        if (state instanceof ScrubState.BuildMap s) {
            s.maps().put(group.self(), map);
            transition(new ScrubState.WaitReplicas(s.range(), s.maps(), s.awaited()));
            compareIfAllAreThere();
        }
    }

    /** A replica's map. Throws MalformedInput where it can't be read. */
    public void mapArrived(OsdRepScrubMap message) {
        switch (state) {
            case ScrubState.BuildMap s -> keep(message, s.maps(), s.awaited());
            case ScrubState.WaitReplicas s -> {
                keep(message, s.maps(), s.awaited());
                compareIfAllAreThere();
            }
            case ScrubState.DrainReplMaps s -> {
                s.awaited().remove(message.from());
                drained(s);
            }
            case ScrubState.ReservingReplicas s -> {}
            case ScrubState.PendingTimer s -> {}
            case ScrubState.WaitPushes s -> {}
            case ScrubState.WaitLastUpdate s -> {}
            case ScrubState.WaitDigestUpdate s -> {}
            case ScrubState.Finished s -> {}
        }
    }

    private static void keep(OsdRepScrubMap message, SortedMap<PgShard, ScrubMap> maps, SortedSet<PgShard> awaited) {
        if (awaited.contains(message.from())) {
            ScrubMap map = ScrubMap.CODEC.fromBytes(message.scrubMap());
            for (ObjectId object : map.objects().keySet()) {
                if (object.max() || object.name().isEmpty()) {
                    throw new MalformedInput("a scrub map with an object that is none: " + object);
                }
            }
            awaited.remove(message.from());
            maps.put(message.from(), map);
        }
    }

    private void compareIfAllAreThere() {
        if (!(state instanceof ScrubState.WaitReplicas s) || !s.awaited().isEmpty()) {
            return;
        }
        ScrubComparison comparison = new ScrubComparison(
                group.id(), group.self(), plan, settings.maxObjectSize(), settings.digestAge(), group::latest);
        Findings findings = comparison.compare(s.maps(), reactor.clock().now());
        ObjectId next = s.range().end();
        transition(new ScrubState.WaitDigestUpdate(next));
        divisor = 1;
        preemptionsLeft = settings.maxPreemptions();
        group.compared(this, findings);
        group.updateDigests(findings.digests(), inThisState(() -> nextOrEnd(next))); // before others write
        letGo();
    }

    private void nextOrEnd(ObjectId next) {
        if (next.max()) {
            end(true);
        } else {
            sleep(next, group.pause(plan));
        }
    }

    // What comes in between

    /** Whether a write to this object has to wait; then {@code again} is run when it has been compared, and after whoever has a place in front of {@code place}. */
    public boolean mustWait(ObjectId object, long place, Runnable again) {
        if (!(state instanceof ScrubState.WithRange s) || !s.range().contains(object)) {
            return false;
        }
        if (preemptionsLeft > 0) {
            preemptionsLeft--;
            divisor *= 2;
            startAnew(s);
            return false;
        }
        waiting.put(place, again);
        return true;
    }

    /** Whether the object is among those that are being compared. */
    public boolean holds(ObjectId object) {
        return state instanceof ScrubState.WithRange s && s.range().contains(object);
    }

    /** Objects are being recovered, and may be those that are looked at. */
    public void recovering() {
        if (state instanceof ScrubState.WithRange s && !(state instanceof ScrubState.WaitPushes)) {
            startAnew(s);
        }
    }

    private void startAnew(ScrubState.WithRange s) {
        drain(s, false);
    }

    private void drain(ScrubState current, boolean last) {
        if (builder != null) {
            builder.cancel();
            builder = null;
        }
        ScrubState.DrainReplMaps next = switch (current) {
            case ScrubState.BuildMap s -> new ScrubState.DrainReplMaps(s.range().start(), s.awaited(), last);
            case ScrubState.WaitReplicas s ->
                new ScrubState.DrainReplMaps(s.range().start(), s.awaited(), last);
            case ScrubState.WaitPushes s ->
                new ScrubState.DrainReplMaps(s.range().start(), new TreeSet<>(), last);
            case ScrubState.WaitLastUpdate s ->
                new ScrubState.DrainReplMaps(s.range().start(), new TreeSet<>(), last);
            case ScrubState.DrainReplMaps s -> new ScrubState.DrainReplMaps(s.from(), s.awaited(), last);
            case ScrubState.PendingTimer s -> new ScrubState.DrainReplMaps(s.from(), new TreeSet<>(), last);
            case ScrubState.WaitDigestUpdate s -> new ScrubState.DrainReplMaps(s.next(), new TreeSet<>(), last);
            case ScrubState.ReservingReplicas s -> new ScrubState.DrainReplMaps(ObjectId.MIN, new TreeSet<>(), last);
            case ScrubState.Finished s -> throw new IllegalStateException("the scrub is over");
        };
        transition(next);
        letGo();
        drained(next);
    }

    private void drained(ScrubState.DrainReplMaps s) {
        if (!s.awaited().isEmpty()) {
            return;
        }
        if (s.last()) {
            end(false);
        } else {
            sleep(s.from(), group.pause(plan));
        }
    }

    private void letGo() {
        List<Runnable> ready = List.copyOf(waiting.values());
        waiting.clear();
        ready.forEach(Runnable::run);
    }

    // The end

    /** It is not wanted any more, but the interval goes on: it ends as soon as nothing of it is on its way. */
    public void abort() {
        if (!(state instanceof ScrubState.Finished)) {
            drain(state, true);
        }
    }

    /** The interval is over: nothing that was sent will be answered. Who waited is dropped by whoever made it wait. */
    public void stop() {
        if (builder != null) {
            builder.cancel();
            builder = null;
        }
        waiting.clear();
        transition(new ScrubState.Finished());
    }

    private void end(boolean complete) {
        transition(new ScrubState.Finished());
        scrubbing = false;
        letGo();
        reserved.forEach(other -> reserve(other, OsdScrubReserve.RELEASE));
        group.ended(this, complete);
    }
}

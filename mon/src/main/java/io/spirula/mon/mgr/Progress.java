package io.spirula.mon.mgr;

import io.spirula.common.env.Clock;
import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.PgId;
import io.spirula.common.types.Uuid;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How far what moves in the cluster is: an event for each OSD that was marked out or in, and one for all groups that recover. Source of the semantics: the manager's module {@code progress}.
 *
 * <p>Unlike there, an event's progress is that of its objects: each group weighs what it lacked at most, so the time that is left is not guessed from the groups that happened to be small.
 */
public final class Progress {
    private static final int COMPLETED_KEPT = 50;
    private static final Duration BETWEEN_UPDATES = Duration.ofSeconds(5);
    private static final long MOVING =
            PgState.RECOVERING | PgState.RECOVERY_WAIT | PgState.BACKFILLING | PgState.BACKFILL_WAIT;

    /**
     * What happens, or has happened.
     *
     * @param osd whose going or coming it is about; null for all groups
     * @param done from 0 to 1
     */
    public record Event(
            String id, String message, @Nullable Integer osd, Instant startedAt, Instant finishedAt, double done) {
        /** Whether {@code ceph -s} shows it. */
        public boolean isInStatus() {
            return osd == null;
        }

        /** How long it will take still, if it goes on like this; null where that cannot be said. */
        public @Nullable Duration remaining(Instant now) {
            Duration elapsed = Duration.between(startedAt, now);
            return done == 0 ? null : Duration.ofSeconds((long) (elapsed.toMillis() / 1e3 * (1 - done) / done));
        }
    }

    /** The groups of an event that goes on, with what each lacked at most. */
    private static final class Tracked {
        private Event event;
        private final int startEpoch;
        private final TreeMap<PgId, Long> groups = new TreeMap<>();

        Tracked(Event event, int startEpoch) {
            this.event = event;
            this.startEpoch = startEpoch;
        }

        /** Takes over how far the groups are. */
        void update(Map<PgId, PgStats> now) {
            double whole = 0;
            double left = 0;
            for (Map.Entry<PgId, Long> e : groups.entrySet()) {
                PgStats stats = now.get(e.getKey());
                if (stats == null) {
                    whole += 1 + e.getValue(); // its pool is gone
                    continue;
                }
                boolean heard = Integer.compareUnsigned(stats.reportedEpoch(), startEpoch) >= 0;
                boolean clean = heard && isClean(stats);
                long lacking = clean || !heard ? 0 : lacking(stats);
                e.setValue(Math.max(e.getValue(), lacking));
                whole += 1 + e.getValue();
                left += clean ? 0 : 1 + (heard ? lacking : e.getValue());
            }
            Event e = event;
            event = new Event(
                    e.id(), e.message(), e.osd(), e.startedAt(), e.finishedAt(), whole == 0 ? 1 : 1 - left / whole);
        }
    }

    private final Clock clock;
    private final RandomGenerator random;
    private final BooleanSupplier enabled;
    private final LinkedHashMap<String, Tracked> events = new LinkedHashMap<>();
    private final ArrayDeque<Event> completed = new ArrayDeque<>();
    private @Nullable OsdMap followed;
    /** Whether what went on before this manager is found again, or there was none before. */
    private boolean resumed;

    private Instant updated = Instant.EPOCH;

    /** @param enabled the module's option of this name */
    public Progress(Clock clock, RandomGenerator random, BooleanSupplier enabled) {
        this.clock = clock;
        this.random = random;
        this.enabled = enabled;
    }

    public boolean isEnabled() {
        return enabled.getAsBoolean();
    }

    /** Forgets everything. */
    public void clear() {
        events.clear();
        completed.clear();
    }

    /** Another monitor's manager goes on: what it finds, this one finds when it comes back. */
    public void end() {
        clear();
        followed = null;
        resumed = false;
    }

    /** What goes on. */
    public List<Event> events() {
        return events.values().stream().map(t -> t.event).toList();
    }

    /** What has ended, the oldest first. */
    public Collection<Event> completed() {
        return Collections.unmodifiableCollection(completed);
    }

    /** Looks at the map and the groups every few seconds. */
    public void tick(OsdMap map, Map<PgId, PgStats> groups) {
        Instant now = clock.now();
        if (!isEnabled() || now.isBefore(updated.plus(BETWEEN_UPDATES))) {
            return;
        }
        updated = now;
        OsdMap before = followed;
        followed = map;
        if (before != null && before.epoch() != map.epoch()) {
            compare(before, map);
        }
        if (!resumed && groups.size() >= numGroups(map)) {
            resumed = true;
            resume(map, groups);
        }
        followAll(map, groups);
        for (Tracked t : List.copyOf(events.values())) {
            t.update(groups);
            if (t.event.done() >= 1) {
                complete(t);
            }
        }
    }

    private void complete(Tracked t) {
        events.remove(t.event.id());
        Event e = t.event;
        completed.add(new Event(e.id(), e.message(), e.osd(), e.startedAt(), clock.now(), 1));
        if (completed.size() > COMPLETED_KEPT) {
            completed.remove();
        }
    }

    private Tracked begin(String message, @Nullable Integer osd, int epoch) {
        Event event = new Event(Uuid.random(random).toString(), message, osd, clock.now(), Instant.EPOCH, 0);
        Tracked tracked = new Tracked(event, epoch);
        events.put(event.id(), tracked);
        return tracked;
    }

    private void compare(OsdMap before, OsdMap after) {
        for (int osd = 0; osd < after.osds().size(); osd++) {
            if (!before.exists(osd) || !after.exists(osd)) {
                continue;
            }
            double was = before.osd(osd).weight();
            double is = after.osd(osd).weight();
            if (is == 0 && was > 0) {
                moved(before, after, osd, "out");
            } else if (was == 0 && is >= Osd.IN) {
                moved(before, after, osd, "in");
            }
        }
    }

    private void moved(OsdMap before, OsdMap after, int osd, String marked) {
        if (marked.equals("in")) {
            for (Tracked t : List.copyOf(events.values())) {
                if (isOf(t.event, osd)) {
                    complete(t);
                }
            }
        }
        List<PgId> affected = affected(before, after, osd);
        if (!affected.isEmpty()) {
            begin(osd, marked, after.epoch(), affected);
        }
    }

    private void begin(int osd, String marked, int epoch, List<PgId> affected) {
        Tracked t = begin("Rebalancing after osd." + osd + " marked " + marked, osd, epoch);
        affected.forEach(pg -> t.groups.put(pg, 0L));
    }

    private static long numGroups(OsdMap map) {
        return map.pools().values().stream().mapToLong(p -> p.pgNum()).sum();
    }

    /** A new manager has seen nobody being marked out. An OSD is taken to have been if groups that would be its own, were it in, are not clean. */
    private void resume(OsdMap map, Map<PgId, PgStats> groups) {
        for (int osd = 0; osd < map.osds().size(); osd++) {
            int out = osd;
            if (!map.exists(osd) || map.isIn(osd) || events.values().stream().anyMatch(t -> isOf(t.event, out))) {
                continue;
            }
            List<Osd> rows = new ArrayList<>(map.osds());
            rows.set(osd, rows.get(osd).withWeight(Osd.IN));
            List<PgId> moving = affected(map.toBuilder().osds(rows).build(), map, osd).stream()
                    .filter(pg -> groups.containsKey(pg) && !isClean(groups.get(pg)))
                    .toList();
            if (!moving.isEmpty()) {
                begin(osd, "out", 0, moving);
            }
        }
    }

    private static boolean isOf(Event event, int osd) {
        return event.osd() != null && event.osd() == osd;
    }

    /** The groups that such an OSD has come to or left. */
    private static List<PgId> affected(OsdMap before, OsdMap after, int osd) {
        List<PgId> affected = new ArrayList<>();
        before.pools().forEach((pool, settings) -> {
            for (int seed = 0; seed < settings.pgNum() && after.pool(pool) != null; seed++) {
                PgId pg = new PgId(pool, seed);
                Set<Integer> old = new TreeSet<>(before.pgToUpActing(pg).acting());
                Set<Integer> now = new TreeSet<>(after.pgToUpActing(pg).acting());
                if (!old.equals(now) && (old.contains(osd) || now.contains(osd))) {
                    affected.add(pg);
                }
            }
        });
        return affected;
    }

    /** Begins the event of all groups when some recover, and takes in those that begin to later. */
    private void followAll(OsdMap map, Map<PgId, PgStats> groups) {
        Tracked all = events.values().stream()
                .filter(t -> t.event.osd() == null)
                .findFirst()
                .orElse(null);
        boolean moving = groups.values().stream().anyMatch(s -> (s.state() & MOVING) != 0);
        if (all == null && !moving) {
            return;
        }
        Tracked tracked = all == null ? begin("Global Recovery Event", null, map.epoch()) : all;
        groups.forEach((pg, stats) -> {
            if (!isClean(stats)) {
                tracked.groups.putIfAbsent(pg, 0L);
            }
        });
    }

    private static boolean isClean(PgStats stats) {
        long clean = PgState.ACTIVE | PgState.CLEAN;
        return (stats.state() & clean) == clean;
    }

    private static long lacking(PgStats stats) {
        return stats.stats().get(Counter.OBJECTS_DEGRADED) + stats.stats().get(Counter.OBJECTS_MISPLACED);
    }
}

package io.spirula.mon.health;

import io.spirula.common.format.Times;
import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapFlag;
import io.spirula.common.maps.OsdState;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.maps.UpActing;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.PgId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a placement group waits for and what would free it, in words for people: from its last report and the map, so that it can be said of a group whose primary does not answer, too. Ours alone. */
public final class PgExplanation {
    /** In acting sets: a hole. Ceph: CRUSH_ITEM_NONE. */
    private static final int NOBODY = 0x7fffffff;

    private final PgId pg;
    private final PgPool pool;
    private final PgStats stats;
    private final OsdMap map;
    private final Instant now;
    private final List<String> lines = new ArrayList<>();

    private PgExplanation(PgId pg, PgPool pool, PgStats stats, OsdMap map, Instant now) {
        this.pg = pg;
        this.pool = pool;
        this.stats = stats;
        this.map = map;
        this.now = now;
    }

    /** @param stats the last report; null where there was none */
    public static List<String> of(PgId pg, PgPool pool, @Nullable PgStats stats, OsdMap map, Instant now) {
        PgExplanation explanation = new PgExplanation(pg, pool, stats == null ? PgStats.EMPTY : stats, map, now);
        explanation.explain();
        return List.copyOf(explanation.lines);
    }

    private boolean is(long bit) {
        return (stats.state() & bit) != 0;
    }

    private void explain() {
        String since = stats.stamps().change().equals(Instant.EPOCH)
                ? ""
                : " for " + Times.span(Duration.between(stats.stamps().change(), now));
        lines.add(String.format(Locale.ROOT, "pg %s is %s%s", pg, PgState.names(stats.state()), since));
        if (stats.state() == 0) {
            unknown();
            return;
        }
        if (is(PgState.STALE)) {
            stale();
            return;
        }
        if (is(PgState.DOWN)) {
            down();
        } else if (is(PgState.INCOMPLETE)) {
            incomplete();
        } else if (is(PgState.PEERING)) {
            peering();
        } else if (is(PgState.ACTIVATING)) {
            lines.add(String.format(
                    Locale.ROOT,
                    "Its members are writing down what they agreed on; this ends by itself, unless a disk hangs."));
        } else if (is(PgState.PEERED)) {
            tooFew();
        }
        serving();
        copies();
        if (lines.size() == 1) {
            lines.add(String.format(Locale.ROOT, "It waits for nothing."));
        }
    }

    private void unknown() {
        UpActing members = map.pgToUpActing(pg);
        if (members.actingPrimary() < 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "No OSD serves it: CRUSH rule %d finds none that is up and in for this pool.%s",
                    pool.crushRule(),
                    downOsds()));
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "It is served as soon as an OSD that the rule may choose is up and in, or the pool gets another rule."));
        } else {
            lines.add(String.format(
                    Locale.ROOT,
                    "osd.%d is to serve it and has not reported it yet: if this lasts, see whether that OSD is well, or restart it.",
                    members.actingPrimary()));
        }
    }

    private void stale() {
        int primary = stats.mapping().actingPrimary();
        lines.add(String.format(
                Locale.ROOT,
                "Nobody has reported it for %s: osd.%d, its last primary, is %s.",
                Times.span(Duration.between(stats.stamps().fresh(), now)),
                primary,
                map.isUp(primary) ? "up but does not speak to the manager" : "down"));
        List<Integer> others = stats.mapping().acting().stream()
                .filter(osd -> osd >= 0 && osd != NOBODY && osd != primary)
                .toList();
        lines.add(String.format(
                Locale.ROOT,
                "Start osd.%d%s.",
                primary,
                others.isEmpty() ? "" : ", or another OSD that has a copy: " + osds(others)));
    }

    private void down() {
        List<Integer> blocking = stats.blockedBy();
        lines.add(String.format(
                Locale.ROOT,
                "It cannot serve because writes may be known only to OSDs that are down: %s.",
                blocking.isEmpty() ? "which ones its primary has not said" : osds(blocking)));
        lines.add(String.format(Locale.ROOT, "Start %s.", blocking.size() == 1 ? "it" : "one of them"));
        for (int osd : blocking) {
            lines.add(String.format(
                    Locale.ROOT,
                    "If osd.%1$d can never come back, 'ceph osd lost %1$d --yes-i-really-mean-it' gives up what only it has,"
                            + " and the group goes on without that.",
                    osd));
        }
    }

    private void incomplete() {
        lines.add(String.format(
                Locale.ROOT, "None of the OSDs that answer has a whole copy with all that was acknowledged."));
        if (stats.blockedBy().isEmpty()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "Start the OSDs that had it before; it looks again whenever one comes up.%s",
                    downOsds()));
        } else {
            lines.add(String.format(
                    Locale.ROOT,
                    "Start %s%s; it looks again whenever one comes up.",
                    stats.blockedBy().size() == 1 ? "" : "one of ",
                    osds(stats.blockedBy())));
        }
    }

    private void peering() {
        if (!stats.blockedBy().isEmpty()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "Its primary waits for an answer of %s; if this lasts, see whether they are well, or restart them.",
                    osds(stats.blockedBy())));
        } else {
            lines.add(String.format(
                    Locale.ROOT,
                    "Its primary, osd.%d, waits for the monitors: for a map that says it is alive in this interval (up_thru),"
                            + " or that lets other OSDs act. This ends by itself while there is a quorum.",
                    stats.mapping().actingPrimary()));
        }
    }

    private void tooFew() {
        lines.add(String.format(
                Locale.ROOT,
                "It has %d of the %d copies (min_size) that it takes to serve.%s",
                present(),
                pool.minSize(),
                downOsds()));
        lines.add(
                String.format(
                        Locale.ROOT,
                        "Start OSDs that have a copy, or let CRUSH find others; a lower min_size of the pool lets it serve now, with less safety."));
    }

    private void serving() {
        if (is(PgState.WAIT)) {
            lines.add(String.format(
                    Locale.ROOT,
                    "It does not serve yet: an OSD that served it before and was not heard since may still be answering reads."
                            + " This ends by itself within some seconds, or at once when that OSD is up again."));
        }
        if (is(PgState.LAGGY)) {
            lines.add(String.format(
                    Locale.ROOT,
                    "It does not serve: not all of its replicas (%s) have answered its primary lately. See whether they and the"
                            + " network between them are well.",
                    osds(stats.mapping().acting())));
        }
        if (map.has(OsdMapFlag.PAUSERD) || map.has(OsdMapFlag.PAUSEWR)) {
            lines.add("Clients are paused: 'ceph osd unpause' lets them go on.");
        }
        if (pool.has(PoolFlag.FULL_QUOTA)) {
            lines.add(String.format(
                    Locale.ROOT,
                    "Writes are refused because the pool has reached its quota: delete data, or raise the quota."));
        } else if (pool.has(PoolFlag.FULL)) {
            lines.add(String.format(
                    Locale.ROOT,
                    "Writes are refused because OSDs are full (%s): add OSDs, or delete data.",
                    full(OsdState.FULL)));
        }
    }

    private void copies() {
        long unfound = stats.stats().get(Counter.OBJECTS_UNFOUND);
        if (is(PgState.RECOVERY_UNFOUND | PgState.BACKFILL_UNFOUND) || unfound > 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%d of its objects nobody who is up has in their newest version; reads and writes of them wait.%s",
                    unfound,
                    downOsds()));
            lines.add(String.format(
                    Locale.ROOT,
                    "'ceph pg %1$s list_unfound' names them and who may have them: start those. Where they can never come back,"
                            + " declare them lost, and 'ceph pg %1$s mark_unfound_lost revert|delete' gives the objects up.",
                    pg));
        }
        if (is(PgState.BACKFILL_TOOFULL)) {
            lines.add(String.format(
                    Locale.ROOT,
                    "Objects are to be copied to OSDs that have no room for them (%s): add OSDs, delete data, or raise"
                            + " backfillfull_ratio.",
                    full(OsdState.BACKFILLFULL | OsdState.FULL)));
        }
        if (is(PgState.RECOVERY_TOOFULL)) {
            lines.add(String.format(
                    Locale.ROOT,
                    "Objects are missing on OSDs that are full (%s): add OSDs, or delete data.",
                    full(OsdState.FULL)));
        }
        heldUp().ifPresentOrElse(
                        flag -> lines.add(String.format(
                                Locale.ROOT,
                                "Nothing is copied while the flag %1$s is set: 'ceph osd unset %1$s' lets it go on.",
                                flag)),
                        this::copying);
        if (is(PgState.UNDERSIZED) && !is(PgState.PEERED)) {
            lines.add(String.format(
                    Locale.ROOT,
                    "It has %d of %d members: CRUSH finds no others. Start OSDs that are down, or add some where the rule"
                            + " allows.%s",
                    present(),
                    pool.size(),
                    downOsds()));
        }
        if (is(PgState.INCONSISTENT)) {
            lines.add(String.format(
                    Locale.ROOT,
                    "Copies differ: 'rados list-inconsistent-obj %1$s' tells where, 'ceph pg repair %1$s' mends it from a good"
                            + " copy.",
                    pg));
        }
    }

    /** The flag because of which the group's OSDs copy nothing now. */
    private Optional<String> heldUp() {
        if (is(PgState.RECOVERING | PgState.RECOVERY_WAIT) && map.has(OsdMapFlag.NORECOVER)) {
            return Optional.of("norecover");
        }
        if (!is(PgState.BACKFILLING | PgState.BACKFILL_WAIT)) {
            return Optional.empty();
        }
        if (map.has(OsdMapFlag.NOBACKFILL)) {
            return Optional.of("nobackfill");
        }
        return map.has(OsdMapFlag.NOREBALANCE) && !is(PgState.DEGRADED) ? Optional.of("norebalance") : Optional.empty();
    }

    private void copying() {
        if (is(PgState.RECOVERY_WAIT | PgState.BACKFILL_WAIT)) {
            lines.add(String.format(
                    Locale.ROOT,
                    "Copying waits for its turn: an OSD works on osd_max_backfills groups at a time. 'ceph pg %s %s' has it done"
                            + " first.",
                    is(PgState.BACKFILL_WAIT) ? "force-backfill" : "force-recovery",
                    pg));
        }
        if (is(PgState.RECOVERING | PgState.BACKFILLING)) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%d copies of objects are missing and are being made; this ends by itself.",
                    stats.stats().get(Counter.OBJECTS_DEGRADED) + stats.stats().get(Counter.OBJECTS_MISPLACED)));
        }
    }

    private int present() {
        return (int) stats.mapping().acting().stream()
                .filter(osd -> osd >= 0 && osd != NOBODY)
                .count();
    }

    private static String osds(Iterable<Integer> ids) {
        TreeSet<Integer> sorted = new TreeSet<>();
        ids.forEach(sorted::add);
        return sorted.stream()
                .filter(osd -> osd >= 0 && osd != NOBODY)
                .map(osd -> "osd." + osd)
                .collect(Collectors.joining(", "));
    }

    private String full(int bits) {
        TreeSet<Integer> full = new TreeSet<>(stats.mapping().acting());
        full.addAll(stats.mapping().up());
        full.removeIf(osd -> !map.exists(osd) || (map.osd(osd).state() & bits) == 0);
        return full.isEmpty() ? "none of its own any more" : osds(full);
    }

    private String downOsds() {
        TreeSet<Integer> down = new TreeSet<>();
        for (int osd = 0; osd < map.maxOsd(); osd++) {
            Osd row = map.osd(osd);
            if (map.exists(osd) && !row.isUp()) {
                down.add(osd);
            }
        }
        return down.isEmpty() ? "" : " Down are " + osds(down) + ".";
    }
}

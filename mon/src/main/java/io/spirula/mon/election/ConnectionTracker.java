package io.spirula.mon.election;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.format.Formatter;
import io.spirula.mon.election.ConnectionReport.Link;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;

/**
 * What a monitor knows of everybody's links: its own report and the newest that it has of each other monitor. Monitors send each other all of it, so those that are connected, directly or not, soon know the same. Ceph:
 * ConnectionTracker.
 *
 * <p>A link's score is an average that forgets: {@code t} seconds alive take it from {@code s} to {@code s (1 - x) + x}, dead to {@code s (1 - x) - x}, where {@code x} is {@code t} by twice the half-life.
 *
 * @param rank ours; -1 while we have none, and then we report nothing
 * @param version of our own report, within the epoch
 * @param halfLife in seconds. Ceph: mon_con_tracker_score_halflife
 * @param reports by who reports, ourselves included
 */
public record ConnectionTracker(
        int rank, int epoch, long version, double halfLife, SortedMap<Integer, ConnectionReport> reports) {
    public static final Codec<ConnectionTracker> CODEC = Codec.of(ConnectionTracker::encode, ConnectionTracker::decode);

    /**
     * How well a monitor is connected, as those see it who can tell.
     *
     * @param alive how many have a link to it
     * @param total the sum of those links' scores
     */
    record Score(int alive, double total) {}

    public ConnectionTracker {
        reports = Collections.unmodifiableSortedMap(new TreeMap<>(reports));
    }

    public static ConnectionTracker empty(int rank, double halfLife) {
        return new ConnectionTracker(rank, 0, 0, halfLife, Collections.emptySortedMap());
    }

    /** The same without any report. */
    ConnectionTracker forgetting(int ourRank) {
        return new ConnectionTracker(ourRank, epoch, version, halfLife, Collections.emptySortedMap());
    }

    ConnectionTracker withHalfLife(double newHalfLife) {
        return new ConnectionTracker(rank, epoch, version, newHalfLife, reports);
    }

    private ConnectionReport own() {
        return reports.getOrDefault(rank, ConnectionReport.none(rank));
    }

    private ConnectionTracker with(ConnectionReport own, int newEpoch, long newVersion) {
        TreeMap<Integer, ConnectionReport> all = new TreeMap<>(reports);
        all.put(rank, own);
        return new ConnectionTracker(rank, newEpoch, newVersion, halfLife, all);
    }

    /** What we say of our own links. */
    SortedMap<Integer, Link> ownLinks() {
        return own().links();
    }

    /** Our link to another monitor was alive for this long. The first that is heard of a link makes it a perfect one. */
    ConnectionTracker alive(int peer, Duration span) {
        double x = share(span);
        return reporting(peer, new Link(true, Math.min(1, score(peer) * (1 - x) + x)));
    }

    ConnectionTracker dead(int peer, Duration span) {
        double x = share(span);
        return reporting(peer, new Link(false, Math.max(0, score(peer) * (1 - x) - x)));
    }

    private double share(Duration span) {
        return span.toNanos() / 1e9 / (2 * halfLife);
    }

    private double score(int peer) {
        return own().links().getOrDefault(peer, Link.NEW).score();
    }

    private ConnectionTracker reporting(int peer, Link link) {
        if (rank < 0 || peer < 0 || peer == rank) {
            return this;
        }
        ConnectionReport own = own().with(peer, link);
        return with(own.at(own.epoch(), version + 1), epoch, version + 1);
    }

    /** Our report is one of a new election epoch, if that is later than the one it is of. */
    ConnectionTracker inEpoch(int newEpoch) {
        return newEpoch > epoch && rank >= 0 ? with(own().at(newEpoch, 0), newEpoch, 0) : this;
    }

    /** With what another monitor knows better; of ranks that there are, and never of ourselves. */
    ConnectionTracker learning(ConnectionTracker other, int monitors) {
        TreeMap<Integer, ConnectionReport> all = new TreeMap<>(reports);
        other.reports.forEach((reporter, report) -> {
            if (reporter != rank && reporter >= 0 && reporter < monitors) {
                all.merge(reporter, report, (ours, theirs) -> theirs.isNewerThan(ours) ? theirs : ours);
            }
        });
        return new ConnectionTracker(rank, epoch, version, halfLife, all);
    }

    /**
     * The same in a map where monitors have other ranks.
     *
     * @param newRank a monitor's new rank by its old one, -1 for one that is not there any more
     * @param ourRank ours, who may not have had one before
     */
    ConnectionTracker renumbered(IntUnaryOperator newRank, int ourRank) {
        TreeMap<Integer, ConnectionReport> all = new TreeMap<>();
        reports.forEach((reporter, report) -> {
            int now = newRank.applyAsInt(reporter);
            if (now >= 0) {
                all.put(now, report.renumbered(newRank));
            }
        });
        ConnectionTracker moved = new ConnectionTracker(ourRank, epoch, version, halfLife, all);
        return ourRank < 0 ? moved : moved.with(moved.own().at(moved.own().epoch(), version + 1), epoch, version + 1);
    }

    /** Whether this can be of a map with so many monitors, in which we have this rank. */
    boolean fits(int ourRank, int monitors) {
        return rank == ourRank && (reports.isEmpty() || reports.lastKey() < monitors);
    }

    /**
     * Those that are there: ourselves, whom we have a link to, whom those have one to, and so on. What others have reported last is not heeded: a monitor that is gone for long may have seen a candidate's last restart,
     * and would be held against it until it comes back. (In Ceph it is.)
     */
    private SortedSet<Integer> present() {
        TreeSet<Integer> found = new TreeSet<>();
        ArrayDeque<Integer> next = new ArrayDeque<>();
        found.add(rank);
        next.add(rank);
        for (Integer reporter = next.poll(); reporter != null; reporter = next.poll()) {
            ConnectionReport report = reports.get(reporter);
            if (report != null) {
                report.links().forEach((peer, link) -> {
                    if (link.alive() && found.add(peer)) {
                        next.add(peer);
                    }
                });
            }
        }
        return found;
    }

    /** How well a monitor is connected. */
    Score scoreOf(int candidate) {
        int alive = 0;
        double total = 0;
        for (int reporter : present()) {
            ConnectionReport report = reports.get(reporter);
            Link link = report == null || reporter == candidate
                    ? null
                    : report.links().get(candidate);
            if (link != null && link.alive()) {
                alive++;
                total += link.score();
            }
        }
        return new Score(alive, total);
    }

    /** Whether we have no link to a monitor and it says the same: whatever gets here from there, nothing gets back. */
    boolean isApart(int peer) {
        return isDead(rank, peer) && isDead(peer, rank);
    }

    private boolean isDead(int reporter, int peer) {
        ConnectionReport report = reports.get(reporter);
        Link link = report == null ? null : report.links().get(peer);
        return link != null && !link.alive();
    }

    /** {@code connection scores dump}. */
    public void dump(Formatter f, int persistInterval) {
        f.put("rank", rank).put("epoch", epoch).put("version", version).put("half_life", halfLife);
        f.put("persist_interval", persistInterval).openObject("reports");
        reports.values().forEach(report -> {
            f.openObject("report");
            report.dump(f);
            f.close();
        });
        f.close();
    }

    private void encode(Encoder out) {
        out.struct(1, 1, o -> {
            o.u32(rank).u32(epoch).u64(version).f64(halfLife);
            o.map(
                    reports,
                    (reporter, e) -> e.u32((int) reporter),
                    (report, e) -> e.put(ConnectionReport.CODEC, report));
        });
    }

    private static ConnectionTracker decode(Decoder in) {
        return in.struct(
                1,
                (d, v) -> new ConnectionTracker(
                        d.i32(),
                        d.i32(),
                        d.u64(),
                        d.f64(),
                        new TreeMap<>(d.map(Decoder::i32, e -> e.get(ConnectionReport.CODEC)))));
    }
}

package io.spirula.mon.election;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.format.Formatter;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;

/**
 * What one monitor says of its links to the others. Of two reports of one monitor the one of the later epoch is newer, and within an epoch that of the higher version. Ceph: ConnectionReport.
 *
 * @param rank who reports; -1 for nobody
 * @param epoch the election epoch that the reporter was in
 * @param links by the other monitor's rank
 */
record ConnectionReport(int rank, int epoch, long version, SortedMap<Integer, Link> links) {
    static final Codec<ConnectionReport> CODEC = Codec.of(ConnectionReport::encode, ConnectionReport::decode);

    /**
     * How a link is and was.
     *
     * @param score how much of the time it was alive, what is long ago counting less: 0 to 1
     */
    record Link(boolean alive, double score) {
        static final Link NEW = new Link(true, 1);
    }

    ConnectionReport {
        links = Collections.unmodifiableSortedMap(new TreeMap<>(links));
    }

    static ConnectionReport none(int rank) {
        return new ConnectionReport(rank, 0, 0, Collections.emptySortedMap());
    }

    boolean isNewerThan(ConnectionReport other) {
        return epoch != other.epoch ? epoch > other.epoch : version > other.version;
    }

    ConnectionReport at(int newEpoch, long newVersion) {
        return new ConnectionReport(rank, newEpoch, newVersion, links);
    }

    ConnectionReport with(int peer, Link link) {
        TreeMap<Integer, Link> changed = new TreeMap<>(links);
        changed.put(peer, link);
        return new ConnectionReport(rank, epoch, version, changed);
    }

    /** The same in a map where monitors have other ranks. */
    ConnectionReport renumbered(IntUnaryOperator newRank) {
        TreeMap<Integer, Link> moved = new TreeMap<>();
        links.forEach((peer, link) -> {
            int now = newRank.applyAsInt(peer);
            if (now >= 0) {
                moved.put(now, link);
            }
        });
        return new ConnectionReport(newRank.applyAsInt(rank), epoch, version, moved);
    }

    void dump(Formatter f) {
        f.put("rank", rank).put("epoch", epoch).put("version", version).openObject("peer_scores");
        links.forEach((peer, link) -> f.openObject("peer")
                .put("peer_rank", peer)
                .put("peer_score", link.score)
                .put("peer_alive", link.alive)
                .close());
        f.close();
    }

    private void encode(Encoder out) {
        out.struct(1, 1, o -> {
            o.u32(rank);
            o.map(links, (peer, e) -> e.u32((int) peer), (link, e) -> e.bool(link.alive));
            o.map(links, (peer, e) -> e.u32((int) peer), (link, e) -> e.f64(link.score));
            o.u32(epoch).u64(version);
        });
    }

    private static ConnectionReport decode(Decoder in) {
        return in.struct(1, (d, v) -> {
            int rank = d.i32();
            TreeMap<Integer, Boolean> alive = new TreeMap<>(d.map(Decoder::i32, Decoder::bool));
            TreeMap<Integer, Double> scores = new TreeMap<>(d.map(Decoder::i32, Decoder::f64));
            if (!alive.keySet().equals(scores.keySet())) {
                throw new MalformedInput("a report of the links " + alive.keySet() + " scores " + scores.keySet());
            }
            TreeMap<Integer, Link> links = new TreeMap<>();
            scores.forEach(
                    (peer, score) -> links.put(peer, new Link(Boolean.TRUE.equals(alive.get(peer)), checked(score))));
            return new ConnectionReport(rank, d.i32(), d.u64(), links);
        });
    }

    private static double checked(double score) {
        if (!(score >= 0 && score <= 1)) {
            throw new MalformedInput("a link's score is " + score);
        }
        return score;
    }
}

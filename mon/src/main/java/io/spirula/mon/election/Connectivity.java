package io.spirula.mon.election;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.maps.MonMap;
import io.spirula.mon.store.Committer;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.StoreTransaction;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A monitor's {@link ConnectionTracker}: kept in its store, and in step with the monitor map, in which ranks come and go. Lives on the monitor's reactor. */
public final class Connectivity {
    private static final Logger LOG = LoggerFactory.getLogger(Connectivity.class);
    /** In Ceph's store too. */
    static final String SCORES = "connectivity_scores";

    private final String name;
    private final Supplier<MonMap> map;
    private final Committer committer;
    private final Supplier<ConnectivitySettings> settings;
    private ConnectionTracker tracker;
    /** Whose the tracker's ranks are; empty until it was asked for the first time. */
    private List<String> ranks = List.of();

    public Connectivity(
            String name,
            Supplier<MonMap> map,
            KeyValueStore store,
            Committer committer,
            Supplier<ConnectivitySettings> settings) {
        this.name = name;
        this.map = map;
        this.committer = committer;
        this.settings = settings;
        tracker = stored(store);
    }

    private ConnectionTracker stored(KeyValueStore store) {
        Bytes bytes = store.get(Elector.PREFIX, SCORES);
        if (bytes != null) {
            try {
                return ConnectionTracker.CODEC.fromBytes(bytes);
            } catch (MalformedInput e) {
                LOG.warn("mon.{} forgets how its links were: {}", name, e.getMessage());
            }
        }
        return ConnectionTracker.empty(-1, settings.get().halfLifeSeconds());
    }

    /** As it is now, in the ranks of the current map. */
    public ConnectionTracker tracker() {
        MonMap now = map.get();
        if (!now.ranks().equals(ranks)) {
            int rank = now.rank(name);
            if (ranks.isEmpty()) {
                tracker = tracker.fits(rank, now.size()) ? tracker : tracker.forgetting(rank);
            } else {
                List<String> before = ranks;
                tracker = tracker.renumbered(r -> r >= 0 && r < before.size() ? now.rank(before.get(r)) : -1, rank);
            }
            ranks = now.ranks();
        }
        return tracker;
    }

    public int persistInterval() {
        return settings.get().persistInterval();
    }

    /** What an election has to heed. */
    public Electorate.Links links() {
        return new Electorate.Links(tracker(), settings.get().margin());
    }

    Bytes encoded() {
        return ConnectionTracker.CODEC.toBytes(tracker());
    }

    void alive(int peer, Duration span) {
        changed(t -> t.alive(peer, span));
    }

    void dead(int peer, Duration span) {
        changed(t -> t.dead(peer, span));
    }

    private void changed(UnaryOperator<ConnectionTracker> how) {
        tracker = how.apply(tracker().withHalfLife(settings.get().halfLifeSeconds()));
        if (tracker.version() % settings.get().persistInterval() == 0) {
            committer.commit(storedIn(new StoreTransaction()), () -> {});
        }
    }

    /** Another monitor has told what it knows; nothing where that is empty. */
    void learn(Bytes scores) {
        if (!scores.isEmpty()) {
            tracker = tracker()
                    .learning(
                            ConnectionTracker.CODEC.fromBytes(scores), map.get().size());
        }
    }

    void epochIs(int epoch) {
        tracker = tracker().inEpoch(epoch);
    }

    /** Writes it along with something else. */
    StoreTransaction storedIn(StoreTransaction transaction) {
        return transaction.put(Elector.PREFIX, SCORES, encoded());
    }

    /** {@code connection scores reset}: as if nothing had ever been heard of any link. */
    public void forget() {
        tracker = tracker().forgetting(tracker().rank());
    }
}

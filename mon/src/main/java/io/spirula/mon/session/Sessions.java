package io.spirula.mon.session;

import io.spirula.common.encoding.Bytes;
import io.spirula.mon.paxos.PaxosDriver;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** All sessions, in the order they came. */
public final class Sessions {
    private final Set<Session> all = new LinkedHashSet<>();

    private final NavigableMap<Integer, ConnectedFeatures> elsewhere = new TreeMap<>();
    private long added;

    public void add(Session session) {
        all.add(session);
        added++;
    }

    public void remove(Session session) {
        all.remove(session);
    }

    /** How many have come since the start. */
    public long added() {
        return added;
    }

    public List<Session> all() {
        return List.copyOf(all);
    }

    /** Of those who are connected here, and to the leader of those at the peons, too, as far as they have told. */
    public ConnectedFeatures features() {
        ConnectedFeatures sum = ConnectedFeatures.of(all);
        for (ConnectedFeatures others : elsewhere.values()) {
            sum = sum.plus(others);
        }
        return sum;
    }

    /** Another election: what was heard of other monitors counts no more. */
    public void forgetElsewhere() {
        elsewhere.clear();
    }

    /** How peons tell the leader who is connected to them. */
    public PaxosDriver.FeatureMaps told() {
        return new PaxosDriver.FeatureMaps() {
            @Override
            public Bytes own() {
                return ConnectedFeatures.CODEC.toBytes(ConnectedFeatures.of(all));
            }

            @Override
            public void heard(int rank, Bytes featureMap) {
                if (!featureMap.isEmpty()) {
                    elsewhere.put(rank, ConnectedFeatures.CODEC.fromBytes(featureMap));
                }
            }
        };
    }

    /** Calls for every session that subscribes to {@code what}. */
    public void subscribers(String what, BiConsumer<Session, Session.Subscription> action) {
        for (Session session : all()) {
            Session.Subscription s = session.subscriptions().get(what);
            if (s != null) {
                action.accept(session, s);
            }
        }
    }
}

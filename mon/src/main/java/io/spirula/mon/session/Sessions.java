package io.spirula.mon.session;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/** All sessions, in the order they came. */
public final class Sessions {
    private final Set<Session> all = new LinkedHashSet<>();

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

    public ConnectedFeatures features() {
        return ConnectedFeatures.of(all);
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

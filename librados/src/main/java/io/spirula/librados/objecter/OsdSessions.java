package io.spirula.librados.objecter;

import io.spirula.common.env.Reactor;
import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.types.EntityType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Our sessions with OSDs: opened where one is needed, opened again after a pause when it broke, gone when the map has the OSD down or elsewhere. */
final class OsdSessions {
    private static final Duration REOPEN_PAUSE_MAX = Duration.ofSeconds(2);

    /** Who sends through sessions. */
    interface User {
        /** Whether something of it goes through the session. */
        boolean needs(OsdSession session);

        /** A session that is needed broke; it will be opened again. */
        void broke(OsdSession session);

        /** It is open again: nothing that was sent before counts. */
        void reopened(OsdSession session);

        /** The map has no such OSD there: what went through the session needs another one. */
        void gone(OsdSession session);
    }

    private final Reactor reactor;
    private final Messenger messenger;
    private final User user;
    private final Map<Integer, OsdSession> byOsd = new TreeMap<>();

    OsdSessions(Reactor reactor, Messenger messenger, User user) {
        this.reactor = reactor;
        this.messenger = messenger;
        this.user = user;
    }

    /** Null where the map has no address for the OSD. */
    @Nullable
    OsdSession with(int osd, OsdMap map) {
        OsdSession known = byOsd.get(osd);
        if (known != null) {
            return known;
        }
        Osd row = map.osd(osd);
        if (!row.isUp() || row.client().isEmpty()) {
            return null;
        }
        OsdSession session = new OsdSession(osd, row.client());
        byOsd.put(osd, session);
        open(session);
        return session;
    }

    private void open(OsdSession session) {
        Connection connection = messenger.connect(EntityType.OSD, session.addrs);
        connection.attach(session);
        session.connection = connection;
    }

    void mapIs(OsdMap map) {
        for (OsdSession session : List.copyOf(byOsd.values())) {
            Osd row = map.osd(session.osd);
            if (!row.isUp() || !row.client().equals(session.addrs)) {
                byOsd.remove(session.osd);
                user.gone(session);
                if (session.connection != null) {
                    session.connection.close();
                }
            }
        }
    }

    /** True if the connection was one of these. */
    boolean connected(Connection connection) {
        if (connection.attachment() instanceof OsdSession session) {
            session.failures = 0;
            return true;
        }
        return false;
    }

    /** True if the connection was one of these. */
    boolean reset(Connection connection) {
        if (!(connection.attachment() instanceof OsdSession session)) {
            return false;
        }
        if (session.connection == connection) {
            session.connection = null;
            session.backoffs.clear();
            connection.close();
            if (user.needs(session)) {
                user.broke(session);
            }
            long pauseMs = session.failures++ == 0
                    ? 0
                    : Math.min(50L << Math.min(session.failures, 10), REOPEN_PAUSE_MAX.toMillis());
            reactor.schedule(Duration.ofMillis(pauseMs), () -> reopen(session));
        }
        return true;
    }

    private void reopen(OsdSession session) {
        if (byOsd.get(session.osd) != session || session.connection != null) {
            return;
        }
        if (!user.needs(session)) {
            byOsd.remove(session.osd); // opened again when somebody needs it
            return;
        }
        open(session);
        user.reopened(session);
    }

    void close() {
        for (OsdSession session : byOsd.values()) {
            if (session.connection != null) {
                session.connection.close();
            }
        }
        byOsd.clear();
    }
}

package io.spirula.osd.pg;

import io.spirula.common.env.Clock;
import io.spirula.common.message.OsdOp;
import io.spirula.common.msgr.Connection;
import io.spirula.common.optracker.OpTimeline;
import io.spirula.common.pg.ReqId;
import io.spirula.common.types.EntityAddr;
import io.spirula.osd.op.OpTraits;
import org.jspecify.annotations.Nullable;

/** One client's request on its way through this OSD: who asked, what for, and how far it has come. */
public final class ClientOp {
    /** How far it has come. Ceph: OpRequest's flag points. */
    public enum Stage {
        NONE("no flag points reached"),
        QUEUED_FOR_PG("queued for pg"),
        REACHED_PG("reached pg"),
        DELAYED("delayed"),
        STARTED("started"),
        SUB_OP_SENT("waiting for sub ops"),
        COMMIT_SENT("commit sent; apply or cleanup");

        private final String cephName;

        Stage(String cephName) {
            this.cephName = cephName;
        }

        public String cephName() {
            return cephName;
        }
    }

    private final Connection connection;
    private final OsdOp message;
    private final OpTimeline timeline;
    private final ReqId reqid;
    private Stage stage = Stage.NONE;

    @Nullable
    OpTraits traits;
    /** The interval is over in which this was being executed, or its client holds it back: whoever still works on it stops. */
    boolean dropped;

    private int heldBytes;
    private long place;

    /** A request that is being dispatched: its bytes are held until {@link #done}. */
    public ClientOp(Connection connection, OsdOp message, Clock clock) {
        this(connection, message, new OpTimeline(clock), connection.hold());
    }

    private ClientOp(Connection connection, OsdOp message, OpTimeline timeline, int heldBytes) {
        this.timeline = timeline;
        this.connection = connection;
        this.message = message;
        this.heldBytes = heldBytes;
        // A request without an id of its own has its sender's. Source: MOSDOp::get_reqid.
        reqid = message.reqId().name().number() != ReqId.NONE.name().number()
                        || message.reqId().tid() != 0
                ? message.reqId()
                : new ReqId(connection.peerId(), message.tid(), message.clientIncarnation());
    }

    /** When it came, by the reactor's clock. */
    public long sinceNanos() {
        return timeline.startNanos();
    }

    public OpTimeline timeline() {
        return timeline;
    }

    public Stage stage() {
        return stage;
    }

    /** Its place among those that its group has begun: whatever it waits for, and however often, it stays in front of those behind it. */
    long place() {
        return place;
    }

    void began(long newPlace) {
        place = newPlace;
    }

    /** It has come so far, and is now as {@code event} says. */
    void reached(Stage now, String event) {
        stage = now;
        timeline.mark(event);
    }

    /** Whoever works on it stops, and it will not be answered: its client sends it again. */
    void drop() {
        dropped = true;
        done();
    }

    /** The same request from its beginning, in the place of this one, which is dropped. */
    ClientOp again() {
        int bytes = heldBytes;
        heldBytes = 0;
        dropped = true;
        return new ClientOp(connection, message, timeline, bytes);
    }

    /** It is answered, or nobody will answer it: room for another. Once is enough, more often does nothing. */
    public void done() {
        int bytes = heldBytes;
        heldBytes = 0;
        connection.release(bytes);
    }

    /** Whether it came over a connection that is gone now: then it is done. */
    boolean isGone(Connection gone) {
        if (connection != gone) {
            return false;
        }
        done();
        return true;
    }

    public Connection connection() {
        return connection;
    }

    public OsdOp message() {
        return message;
    }

    public ReqId reqid() {
        return reqid;
    }

    public EntityAddr address() {
        return connection.peerAddrs().front();
    }

    /** Whether it has turned out to read, which an operation that was refused at once has not. */
    public boolean reads() {
        return traits != null && traits.reads();
    }

    public boolean writes() {
        return traits != null && traits.writes();
    }

    /** As lists of operations show it. */
    public String describe() {
        return "osd_op(" + reqid + " " + message.pg() + " " + message.object() + " " + message.ops() + " e"
                + message.epoch() + ")";
    }

    OpTraits traits() {
        OpTraits known = traits;
        if (known == null) {
            throw new IllegalStateException("not classified yet");
        }
        return known;
    }

    @Override
    public String toString() {
        return reqid + " " + message.pg() + " " + message.object() + " " + message.ops();
    }
}

package io.spirula.mon.service;

import io.spirula.common.auth.EntityAuth;
import io.spirula.common.auth.caps.OsdCaps;
import io.spirula.common.command.CommandCall;
import io.spirula.common.command.Outcome;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.message.GetPoolStats;
import io.spirula.common.message.GetPoolStatsReply;
import io.spirula.common.message.PoolOp;
import io.spirula.common.message.PoolOpReply;
import io.spirula.common.message.Statfs;
import io.spirula.common.message.StatfsReply;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.PoolStats;
import io.spirula.common.pg.StoreStatfs;
import io.spirula.common.types.Errno;
import io.spirula.mon.mgr.PgMap;
import io.spirula.mon.session.Session;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What clients ask about pools without the command line: how full things are, and snapshots. Ceph: MStatfs, MGetPoolStats, MPoolOp. */
public final class PoolRequests {
    private final OsdmapService osdmap;
    private final Proposals proposals;
    private final PgMap pgMap;
    private final PoolSnaps snaps;
    private final AuthService auth;
    private final BiConsumer<CommandCall, Consumer<Outcome>> commands;

    /** @param commands carries out a command for somebody whose capabilities have been checked */
    public PoolRequests(
            OsdmapService osdmap,
            Proposals proposals,
            PgMap pgMap,
            Clock clock,
            AuthService auth,
            BiConsumer<CommandCall, Consumer<Outcome>> commands) {
        this.osdmap = osdmap;
        this.proposals = proposals;
        this.pgMap = pgMap;
        this.snaps = new PoolSnaps(osdmap, clock);
        this.auth = auth;
        this.commands = commands;
    }

    public void statfs(Session session, Statfs m) {
        if (!session.caps().allows("pg", "r")) {
            session.finished();
            return;
        }
        StoreStatfs space = pgMap.space(osdmap.map());
        ObjectStats total = m.dataPool().isPresent() ? pgMap.pool(m.dataPool().getAsLong()) : pgMap.total();
        session.send(new StatfsReply(
                m.tid(),
                osdmap.map().fsid(),
                pgMap.version(),
                space.total() / 1024,
                (space.total() - space.available()) / 1024,
                space.available() / 1024,
                total.get(ObjectStats.Counter.OBJECTS)));
    }

    public void poolStats(Session session, GetPoolStats m) {
        if (!session.caps().allows("pg", "r")) {
            session.finished();
            return;
        }
        Map<String, PoolStats> stats = new TreeMap<>();
        boolean perPool = false;
        for (String name : m.pools()) {
            long id = osdmap.map().poolId(name);
            if (id >= 0) {
                StoreStatfs space = pgMap.poolSpace(id);
                perPool |= space != null;
                stats.put(
                        name,
                        new PoolStats(
                                pgMap.pool(id),
                                0,
                                0,
                                0,
                                0,
                                space == null ? StoreStatfs.ZERO : space,
                                space == null ? 0 : 1));
            }
        }
        session.send(
                new GetPoolStatsReply(m.tid(), pgMap.version(), osdmap.map().fsid(), stats, perPool));
    }

    public void poolOp(Session session, PoolOp m) {
        boolean aboutSnaps = m.op() == PoolOp.CREATE_UNMANAGED_SNAP || m.op() == PoolOp.DELETE_UNMANAGED_SNAP;
        boolean permitted =
                aboutSnaps ? mayManageSnaps(session, m) : session.caps().allows("osd", "w");
        if (!permitted) {
            reply(session, m, -Errno.EPERM, null);
            return;
        }
        switch (m.op()) {
            case PoolOp.CREATE -> runCommand(session, m, "osd pool create", Map.of("pool", m.name()));
            case PoolOp.DELETE -> {
                String name = osdmap.map().poolName(m.pool());
                runCommand(
                        session,
                        m,
                        "osd pool rm",
                        name == null
                                ? Map.of("pool", "")
                                : Map.of("pool", name, "pool2", name, "yes_i_really_really_mean_it", true));
            }
            default -> {
                if (!proposals.whenWriteable(() -> snapshot(session, m))) {
                    reply(session, m, -Errno.EAGAIN, null);
                }
            }
        }
    }

    /** Who may write to a pool may have snapshots of what is written, without being trusted with pools. Ceph: is_unmanaged_snap_op_permitted. */
    private boolean mayManageSnaps(Session session, PoolOp m) {
        String pool = osdmap.map().poolName(m.pool());
        Map<String, String> arguments = pool == null ? Map.of() : Map.of("poolname", pool);
        if (session.caps().allows("osd", "osd pool op unmanaged-snap", arguments, "w")) {
            return true;
        }
        EntityAuth known = auth.entities().get(session.name());
        String text = known == null ? null : known.caps().get("osd");
        return text != null && OsdCaps.writesWholePool(text, pool);
    }

    private void runCommand(Session session, PoolOp m, String prefix, Map<String, Object> arguments) {
        CommandCall call = new CommandCall(prefix, arguments, Bytes.EMPTY, session.caller(), List.of(prefix));
        commands.accept(call, outcome -> {
            boolean existed = outcome.result() == 0 && !outcome.afterCommit() && m.op() == PoolOp.CREATE;
            boolean missing = outcome.result() == 0 && !outcome.afterCommit() && m.op() == PoolOp.DELETE;
            int result = existed ? -Errno.EEXIST : missing ? -Errno.ENOENT : outcome.result();
            reply(session, m, result, null);
        });
    }

    private void reply(Session session, PoolOp m, int result, @Nullable Bytes response) {
        session.send(new PoolOpReply(
                m.tid(),
                osdmap.version(),
                osdmap.map().fsid(),
                result,
                osdmap.map().epoch(),
                response));
    }

    private void snapshot(Session session, PoolOp m) {
        OsdMap map = osdmap.pendingMap();
        PgPool pool = map.pool(m.pool());
        if (pool == null) {
            reply(session, m, -Errno.ENOENT, null);
            return;
        }
        switch (m.op()) {
            case PoolOp.CREATE_UNMANAGED_SNAP -> {
                if (pool.has(PoolFlag.POOL_SNAPS)) {
                    reply(session, m, -Errno.EINVAL, null);
                    return;
                }
                long id = pool.snapSeq() + 1;
                snaps.change(m.pool(), pool.toBuilder().snapSeq(id).flag(PoolFlag.SELFMANAGED_SNAPS, true));
                Bytes response = new Encoder(8).u64(id).toBytes();
                proposals.whenCommitted(() -> reply(session, m, 0, response));
            }
            case PoolOp.DELETE_UNMANAGED_SNAP -> {
                if (pool.has(PoolFlag.POOL_SNAPS)) {
                    reply(session, m, -Errno.EINVAL, null);
                    return;
                }
                if (Long.compareUnsigned(m.snap(), pool.snapSeq()) > 0) {
                    reply(session, m, -Errno.ENOENT, null);
                    return;
                }
                snaps.removeId(m.pool(), pool.toBuilder(), m.snap());
                proposals.whenCommitted(() -> reply(session, m, 0, null));
            }
            case PoolOp.CREATE_SNAP -> createPoolSnap(session, m, pool);
            case PoolOp.DELETE_SNAP -> deletePoolSnap(session, m, pool);
            default -> reply(session, m, -Errno.EINVAL, null);
        }
    }

    private void createPoolSnap(Session session, PoolOp m, PgPool pool) {
        if (pool.has(PoolFlag.SELFMANAGED_SNAPS)) {
            reply(session, m, -Errno.EINVAL, null);
        } else if (!snaps.create(m.pool(), pool, m.name())) {
            reply(session, m, -Errno.EEXIST, null);
        } else {
            proposals.whenCommitted(() -> reply(session, m, 0, null));
        }
    }

    private void deletePoolSnap(Session session, PoolOp m, PgPool pool) {
        if (!snaps.remove(m.pool(), pool, m.name())) {
            reply(session, m, -Errno.ENOENT, null);
        } else {
            proposals.whenCommitted(() -> reply(session, m, 0, null));
        }
    }
}

package io.spirula.librados;

import io.spirula.common.config.Config;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.message.GetPoolStats;
import io.spirula.common.message.GetPoolStatsReply;
import io.spirula.common.message.LogEntry;
import io.spirula.common.message.Message;
import io.spirula.common.message.PoolOp;
import io.spirula.common.message.PoolOpReply;
import io.spirula.common.message.Statfs;
import io.spirula.common.message.StatfsReply;
import io.spirula.common.types.Errno;
import io.spirula.common.types.PgId;
import io.spirula.common.types.Uuid;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A client of one cluster, connected. Safe to share among threads; one for a process is enough.
 *
 * <pre>{@code
 * try (Rados rados = Rados.builder().conf(Path.of("/etc/ceph/ceph.conf")).connect()) {
 *     IoCtx io = rados.ioCtx("data");
 *     io.writeFull("greeting", "hello".getBytes(UTF_8));
 * }
 * }</pre>
 */
public final class Rados implements AutoCloseable {
    private final RadosClient client;

    private Rados(RadosClient client) {
        this.client = client;
    }

    public static RadosBuilder builder() {
        return new RadosBuilder();
    }

    /** Connects as that configuration says. Throws RadosException, ConfigException. */
    public static Rados connect(Config config) {
        return connect(config, null);
    }

    static Rados connect(Config config, @Nullable Executor callbacks) {
        RadosClient client = new RadosClient(config, callbacks);
        try {
            client.connect();
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
        return new Rados(client);
    }

    /** The cluster's id. */
    public Uuid fsid() {
        return client.osdMap().fsid();
    }

    /** Our own number among the cluster's clients. */
    public long instanceId() {
        return monitor(client.call(
                () -> CompletableFuture.completedFuture(client.monClient().globalId())));
    }

    /** The newest OSD map that has arrived. */
    public OsdMap osdMap() {
        return client.osdMap();
    }

    /** Waits for a map as new as the monitors' newest now. */
    public OsdMap latestOsdMap() {
        return monitor(client.latestMap());
    }

    // Pools.

    /** The pool's objects. Fails with ENOENT where there is no such pool. */
    public IoCtx ioCtx(String pool) {
        return ioCtx(poolId(pool), pool);
    }

    public IoCtx ioCtx(long poolId) {
        String name = client.osdMap().poolName(poolId);
        if (name == null) {
            name = latestOsdMap().poolName(poolId);
        }
        if (name == null) {
            throw new RadosException(Errno.ENOENT, "pool " + poolId);
        }
        return ioCtx(poolId, name);
    }

    private IoCtx ioCtx(long id, String name) {
        return new IoCtx(new AsyncIoCtx(
                client,
                new AsyncIoCtx.PoolRef(id, name),
                Bytes.EMPTY,
                Bytes.EMPTY,
                client.settings.operationTimeout()));
    }

    /** The names of all pools, by their numbers' order. */
    public List<String> pools() {
        return List.copyOf(client.osdMap().poolNames().values());
    }

    /** Fails with ENOENT where there is no such pool. */
    public long poolId(String name) {
        long id = client.osdMap().poolId(name);
        if (id < 0) {
            id = latestOsdMap().poolId(name);
        }
        if (id < 0) {
            throw new RadosException(Errno.ENOENT, "pool '" + name + "'");
        }
        return id;
    }

    /** The pool's settings. */
    public PgPool pool(String name) {
        long id = poolId(name);
        PgPool pool = client.osdMap().pool(id);
        if (pool == null) {
            throw new RadosException(Errno.ENOENT, "pool '" + name + "'");
        }
        return pool;
    }

    /** Makes a replicated pool with the cluster's default settings. Fails with EEXIST. */
    public void createPool(String name) {
        if (client.osdMap().poolId(name) >= 0) {
            throw new RadosException(Errno.EEXIST, "pool '" + name + "'");
        }
        poolOp(PoolOp.CREATE, 0, name);
    }

    /** Removes a pool and all that is in it. Fails with EPERM where the cluster does not allow it (mon_allow_pool_delete). */
    public void deletePool(String name) {
        poolOp(PoolOp.DELETE, poolId(name), name);
    }

    private void poolOp(int op, long pool, String name) {
        int epoch = client.osdMap().epoch();
        Uuid fsid = fsid();
        PoolOpReply reply = ask(
                tid -> new PoolOp(tid, epoch, fsid, (int) pool, op, 0, 0, op == PoolOp.DELETE ? "delete" : name, -1),
                "a change of pool '" + name + "'",
                PoolOpReply.class);
        if (reply.result() < 0) {
            throw new RadosException(-reply.result(), "pool '" + name + "'");
        }
        monitor(client.mapAtLeast(reply.epoch()));
    }

    // The cluster.

    public ClusterStat clusterStat() {
        StatfsReply reply =
                ask(tid -> new Statfs(tid, 0, fsid(), OptionalLong.empty()), "the cluster's usage", StatfsReply.class);
        return new ClusterStat(reply.totalKib(), reply.usedKib(), reply.availableKib(), reply.objects());
    }

    /** Pools' statistics by name, as the OSDs last reported them. */
    public PoolUsage poolUsage(Collection<String> pools) {
        GetPoolStatsReply reply = ask(
                tid -> new GetPoolStats(tid, 0, fsid(), List.copyOf(pools)),
                "the pools' usage",
                GetPoolStatsReply.class);
        return new PoolUsage(reply.stats(), reply.perPool());
    }

    private <T> T ask(LongFunction<Message> question, String what, Class<T> answer) {
        return answer.cast(monitor(
                client.call(() -> client.monClient().request(question, what, client.settings.monitorTimeout()))));
    }

    /** Runs a command on the monitors: a JSON object {@code {"prefix": "osd stat"}}. The result may be an error: see {@link CommandResult#orThrow}. */
    public CommandResult monCommand(String json, Bytes input) {
        return command(() -> client.monClient().command(List.of(json), input, client.settings.monitorTimeout()));
    }

    public CommandResult monCommand(String json) {
        return monCommand(json, Bytes.EMPTY);
    }

    public CommandResult osdCommand(int osd, String json, Bytes input) {
        return command(
                () -> client.daemonCommands().osd(osd, List.of(json), input, client.settings.operationTimeout()));
    }

    /** Runs a command on a placement group's primary OSD. */
    public CommandResult pgCommand(PgId pg, String json, Bytes input) {
        return command(() -> client.mapWithPool(pg.pool())
                .thenCompose(map ->
                        client.daemonCommands().pg(pg, List.of(json), input, client.settings.operationTimeout())));
    }

    /** Runs a command on the active manager's modules. */
    public CommandResult mgrCommand(String json, Bytes input) {
        return command(() -> {
            client.wantManager();
            return client.daemonCommands().manager(List.of(json), input, false, client.settings.monitorTimeout());
        });
    }

    /**
     * Follows the cluster log for as long as this is connected.
     *
     * @param level the least that matters: debug, info, sec, warn, error
     * @param line takes each line on the client's own thread: it must not block
     */
    public void watchLog(String level, Consumer<LogEntry> line) {
        client.call(() -> {
            client.watchLog(level, line);
            return CompletableFuture.completedFuture(true);
        });
    }

    /** Runs a command of the active manager's process itself: {@code ceph tell mgr}. */
    public CommandResult tellManager(String json, Bytes input) {
        return command(() -> {
            client.wantManager();
            return client.daemonCommands().manager(List.of(json), input, true, client.settings.monitorTimeout());
        });
    }

    /** Runs a command of one monitor itself, named by its name or rank: {@code ceph tell mon.a}. */
    public CommandResult tellMonitor(String monitor, String json, Bytes input) {
        return command(() -> client.daemonCommands()
                .monitor(
                        Objects.requireNonNull(client.monClient().monMap(), "connected"),
                        monitor,
                        List.of(json),
                        input,
                        client.settings.monitorTimeout()));
    }

    private CommandResult command(
            java.util.function.Supplier<CompletableFuture<io.spirula.common.monclient.CommandOutcome>> start) {
        var outcome = monitor(client.call(start));
        return new CommandResult(outcome.code(), outcome.status(), outcome.output());
    }

    private <T> T monitor(CompletableFuture<T> future) {
        return client.await(future, client.settings.monitorTimeout());
    }

    /** Ends the client; what is still under way fails with ESHUTDOWN. */
    @Override
    public void close() {
        client.close();
    }
}

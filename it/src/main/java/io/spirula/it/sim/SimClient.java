package io.spirula.it.sim;

import io.spirula.common.auth.ClientAuth;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.SnapContext;
import io.spirula.common.message.Message;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.monclient.CommandOutcome;
import io.spirula.common.monclient.MapVersions;
import io.spirula.common.monclient.MonAuth;
import io.spirula.common.monclient.MonClient;
import io.spirula.common.monclient.MonClientListener;
import io.spirula.common.monclient.MonClientSettings;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Dispatcher;
import io.spirula.common.msgr.Features;
import io.spirula.common.msgr.MessengerOptions;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.it.cluster.ClusterBlueprint;
import io.spirula.librados.objecter.DaemonCommands;
import io.spirula.librados.objecter.MapSource;
import io.spirula.librados.objecter.ObjectNotify;
import io.spirula.librados.objecter.ObjectWatch;
import io.spirula.librados.objecter.Objecter;
import io.spirula.librados.objecter.Operation;
import io.spirula.librados.objecter.OperationTarget;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One client process: the monitor client and the objecter as a {@code Rados} wires them, on the simulated network. */
public final class SimClient implements Dispatcher, MonClientListener, MapSource {
    private static final EntityName NAME = EntityName.client("admin");
    /** Nobody gives up: what is not answered by then is a failure of the run. */
    private static final Duration FOR_EVER = Duration.ofDays(10);

    private final SimHost host;
    private final SimMessenger messenger;
    private final MonClient monitors;
    private final Objecter objecter;
    private final DaemonCommands daemonCommands;

    SimClient(SimHost host, ClusterBlueprint blueprint, SimNetwork network, RandomGenerator random) {
        this.host = host;
        MonAuth auth = new MonAuth(new ClientAuth(
                blueprint.authSettings(NAME),
                NAME,
                blueprint.keyringOf(NAME),
                ClientAuth.CLIENT_SERVICES,
                random,
                host));
        messenger = new SimMessenger(
                network, host, new EntityId(EntityType.CLIENT, -1), MessengerOptions.client(), auth, null);
        monitors = new MonClient(MonClientSettings.DEFAULTS, blueprint.monitors(), host, random, messenger, auth, this);
        objecter = new Objecter(host, messenger, this, Features.PACIFIC);
        daemonCommands = new DaemonCommands(host, messenger, objecter, monitors::fsid);
        messenger.setDispatcher(this);
        host.execute(() -> {
            monitors.start();
            objecter.start();
        });
    }

    /** Who hears of an operation's end. */
    public interface Done {
        void answered(io.spirula.common.message.OsdOpReply reply);
    }

    /** Sends steps on an object; not to be told of failures, because nothing may fail for good. */
    public void operate(long pool, Bytes object, List<ObjectOp> steps, int flags, Done done) {
        OperationTarget target = new OperationTarget.OfObject(pool, Bytes.EMPTY, Bytes.EMPTY, object);
        Operation operation = new Operation(
                target, steps, flags, SnapContext.EMPTY, ObjectId.HEAD, host.now(), FOR_EVER, new Operation.Listener() {
                    @Override
                    public void answered(io.spirula.common.message.OsdOpReply reply) {
                        done.answered(reply);
                    }

                    @Override
                    public void failed(int errno, String reason) {
                        host.simulation()
                                .fail(new SimulationFailure(
                                        "an operation on " + target + " fails with " + errno + ": " + reason));
                    }
                });
        host.execute(() -> objecter.submit(operation));
    }

    /** Our own number among the cluster's clients; 0 before there is one. */
    public long globalId() {
        return monitors.globalId();
    }

    /** Watches an object; called within the host's tasks. */
    public ObjectWatch watch(long pool, Bytes object, int seconds, ObjectWatch.Listener listener) {
        return objecter.lingers()
                .watch(
                        new OperationTarget.OfObject(pool, Bytes.EMPTY, Bytes.EMPTY, object),
                        seconds,
                        FOR_EVER,
                        listener);
    }

    /** Notifies an object's watchers, who have {@code seconds} to answer. */
    public void notify(long pool, Bytes object, Bytes payload, int seconds, ObjectNotify.Listener listener) {
        ObjectNotify.Question question = new ObjectNotify.Question(payload, seconds, FOR_EVER);
        host.execute(() -> objecter.lingers()
                .notify(new OperationTarget.OfObject(pool, Bytes.EMPTY, Bytes.EMPTY, object), question, listener));
    }

    public void command(String json, Consumer<CommandOutcome> done) {
        host.execute(() -> monitors.command(List.of(json), Bytes.EMPTY, FOR_EVER)
                .whenComplete((CommandOutcome outcome, Throwable failure) -> {
                    if (failure == null) {
                        done.accept(outcome);
                    } else {
                        host.simulation().fail(new SimulationFailure("the command " + json + " fails", failure));
                    }
                }));
    }

    /** A command for a group's primary; {@code done} hears in words what came of it, also where no answer came in time. */
    public void groupCommand(PgId pg, String json, Duration most, Consumer<String> done) {
        host.execute(() -> daemonCommands
                .pg(pg, List.of(json), Bytes.EMPTY, most)
                .whenComplete((CommandOutcome outcome, Throwable failure) ->
                        done.accept(failure == null ? outcome.code() + ": " + outcome.status() : failure.toString())));
    }

    public @Nullable OsdMap map() {
        return objecter.map();
    }

    public void wantNewerMap() {
        host.execute(objecter::requestNewerMap);
    }

    // As a Rados does it.

    @Override
    public void request(int epoch, boolean lasting) {
        if (lasting) {
            monitors.subscribe("osdmap", epoch);
        } else {
            monitors.subscribeOnce("osdmap", epoch);
        }
    }

    @Override
    public void got(int epoch) {
        monitors.got("osdmap", epoch);
    }

    @Override
    public void newestEpoch(LongConsumer answer) {
        monitors.versions("osdmap", FOR_EVER).whenComplete((MapVersions v, Throwable e) -> {
            if (v != null) {
                answer.accept(v.newest());
            }
        });
    }

    @Override
    public void sessionOpened(long globalId) {
        messenger.setSelf(new EntityId(EntityType.CLIENT, globalId));
    }

    @Override
    public void dispatch(Connection connection, Message message) {
        if (!monitors.dispatch(connection, message) && !daemonCommands.dispatch(message)) {
            objecter.dispatch(connection, message);
        }
    }

    @Override
    public void connected(Connection connection) {
        if (!monitors.connected(connection)) {
            objecter.connected(connection);
        }
    }

    @Override
    public void reset(Connection connection) {
        lost(connection);
    }

    @Override
    public void refused(Connection connection) {
        lost(connection);
    }

    private void lost(Connection connection) {
        if (!daemonCommands.reset(connection) && !monitors.reset(connection)) {
            objecter.reset(connection);
        }
    }
}

package io.spirula.librados.objecter;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Reactor;
import io.spirula.common.maps.MgrMap;
import io.spirula.common.maps.MonMap;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.message.Command;
import io.spirula.common.message.CommandReply;
import io.spirula.common.message.Message;
import io.spirula.common.message.MgrCommand;
import io.spirula.common.message.MgrCommandReply;
import io.spirula.common.monclient.CommandOutcome;
import io.spirula.common.monclient.MonClientException;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import io.spirula.common.types.PgId;
import io.spirula.common.types.Uuid;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Commands for OSDs, for placement groups (their primary OSD), for the active manager and for single monitors: sent when their daemon can be reached, and again when the session broke. */
public final class DaemonCommands {
    private static final Duration RETRY = Duration.ofMillis(250);

    private sealed interface Target {
        record OfOsd(int osd) implements Target {}

        record OfPg(PgId pg) implements Target {}

        record Manager(boolean tell) implements Target {}

        record Monitor(String name, EntityAddrs addrs) implements Target {}
    }

    private static final class Pending {
        final Target target;
        final Message message;
        final CompletableFuture<CommandOutcome> answer = new CompletableFuture<>();
        Reactor.@Nullable Timer deadline;

        @Nullable
        Connection sentOn;

        Pending(Target target, Message message) {
            this.target = target;
            this.message = message;
        }
    }

    private final Reactor reactor;
    private final Messenger messenger;
    private final Objecter objecter;
    private final Supplier<Uuid> fsid;
    private final Map<Long, Pending> pending = new TreeMap<>();
    private EntityAddrs managerAddrs = EntityAddrs.NONE;
    private @Nullable Connection manager;
    private long lastTid;
    private boolean retrying;

    public DaemonCommands(Reactor reactor, Messenger messenger, Objecter objecter, Supplier<Uuid> fsid) {
        this.reactor = reactor;
        this.messenger = messenger;
        this.objecter = objecter;
        this.fsid = fsid;
    }

    public CompletableFuture<CommandOutcome> osd(int osd, List<String> json, Bytes input, Duration timeout) {
        OsdMap map = objecter.map();
        if (map != null && !map.exists(osd)) {
            return failed(Errno.ENOENT, "osd." + osd + " does not exist");
        }
        if (map != null && !map.isUp(osd)) {
            return failed(Errno.ENXIO, "osd." + osd + " is down");
        }
        return submit(new Target.OfOsd(osd), json, input, timeout);
    }

    public CompletableFuture<CommandOutcome> pg(PgId pg, List<String> json, Bytes input, Duration timeout) {
        OsdMap map = objecter.map();
        if (map != null && map.pool(pg.pool()) == null) {
            return failed(Errno.ENOENT, "placement group " + pg + " does not exist");
        }
        return submit(new Target.OfPg(pg), json, input, timeout);
    }

    /** @param tell whether it is for the manager's process ({@code ceph tell mgr}) instead of its modules. Source: mgr/MgrClient.cc */
    public CompletableFuture<CommandOutcome> manager(List<String> json, Bytes input, boolean tell, Duration timeout) {
        return submit(new Target.Manager(tell), json, input, timeout);
    }

    /** For one monitor itself, by its name or rank. */
    public CompletableFuture<CommandOutcome> monitor(
            MonMap map, String nameOrRank, List<String> json, Bytes input, Duration timeout) {
        String name = nameOrRank;
        if (map.rank(name) < 0 && name.matches("\\d{1,4}") && Integer.parseInt(name) < map.size()) {
            name = map.ranks().get(Integer.parseInt(name));
        }
        EntityAddrs addrs = map.addrs(name);
        return addrs == null
                ? failed(Errno.ENOENT, "there is no monitor " + nameOrRank)
                : submit(new Target.Monitor(name, addrs), json, input, timeout);
    }

    private static CompletableFuture<CommandOutcome> failed(int errno, String what) {
        return CompletableFuture.failedFuture(new MonClientException(errno, what));
    }

    private CompletableFuture<CommandOutcome> submit(Target target, List<String> json, Bytes input, Duration timeout) {
        long tid = ++lastTid;
        Message message = target instanceof Target.Manager m && !m.tell
                ? new MgrCommand(tid, fsid.get(), json, input)
                : new Command(tid, fsid.get(), json, input);
        Pending command = new Pending(target, message);
        pending.put(tid, command);
        command.deadline = reactor.schedule(timeout, () -> {
            if (pending.remove(tid) != null) {
                command.answer.completeExceptionally(new MonClientException(
                        Errno.ETIMEDOUT,
                        "no answer within " + timeout.toMillis() / 1000.0 + " s " + waitingFor(target)
                                + " to the command " + String.join(" ", json)));
            }
        });
        sendWhatCanBeSent();
        return command.answer;
    }

    private String waitingFor(Target target) {
        return switch (target) {
            case Target.OfOsd o -> "from osd." + o.osd;
            case Target.OfPg p -> "from the primary OSD of placement group " + p.pg;
            case Target.Monitor m -> "from mon." + m.name + " at " + m.addrs;
            case Target.Manager m ->
                managerAddrs.isEmpty() ? "because there is no active manager" : "from the manager at " + managerAddrs;
        };
    }

    private void sendWhatCanBeSent() {
        boolean waiting = false;
        for (Pending command : pending.values()) {
            Connection connection = connection(command.target);
            if (connection != null && connection != command.sentOn) {
                command.sentOn = connection;
                connection.send(command.message);
            }
            waiting |= command.sentOn == null;
        }
        if (waiting && !retrying) {
            retrying = true;
            reactor.schedule(RETRY, () -> {
                retrying = false;
                sendWhatCanBeSent();
            });
        }
    }

    private @Nullable Connection connection(Target target) {
        return switch (target) {
            case Target.OfOsd o -> objecter.connectionTo(o.osd);
            case Target.OfPg p -> objecter.connectionTo(p.pg);
            case Target.Monitor m -> messenger.connect(EntityType.MON, m.addrs);
            case Target.Manager m -> managerConnection();
        };
    }

    private @Nullable Connection managerConnection() {
        if (manager == null && !managerAddrs.isEmpty()) {
            manager = messenger.connect(EntityType.MGR, managerAddrs);
        }
        return manager;
    }

    public void managerIs(MgrMap map) {
        EntityAddrs addrs = map.available() ? map.activeAddrs() : EntityAddrs.NONE;
        if (!addrs.equals(managerAddrs)) {
            managerAddrs = addrs;
            if (manager != null) {
                Connection old = manager;
                manager = null;
                old.close();
                forget(old);
            }
            sendWhatCanBeSent();
        }
    }

    /** True if the message was for us. */
    public boolean dispatch(Message message) {
        switch (message) {
            case CommandReply r -> complete(r.tid(), new CommandOutcome(r.result(), r.text(), r.output()));
            case MgrCommandReply r -> complete(r.tid(), new CommandOutcome(r.result(), r.text(), r.output()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private void complete(long tid, CommandOutcome outcome) {
        Pending command = pending.remove(tid);
        if (command != null) {
            if (command.deadline != null) {
                command.deadline.cancel();
            }
            command.answer.complete(outcome);
        }
    }

    /** True if the connection was the manager's; those to OSDs are the objecter's, though commands go over them. */
    public boolean reset(Connection connection) {
        boolean managers = connection == manager;
        if (managers) {
            manager = null;
        }
        forget(connection);
        return managers;
    }

    /** What was sent on the connection is sent again, after a pause. */
    private void forget(Connection connection) {
        boolean any = false;
        for (Pending command : pending.values()) {
            if (command.sentOn == connection) {
                command.sentOn = null;
                any = true;
            }
        }
        if (any && !retrying) {
            retrying = true;
            reactor.schedule(RETRY, () -> {
                retrying = false;
                sendWhatCanBeSent();
            });
        }
    }

    public void close() {
        for (Pending command : List.copyOf(pending.values())) {
            command.answer.completeExceptionally(new MonClientException(Errno.ESHUTDOWN, "the client is closed"));
        }
        pending.clear();
        if (manager != null) {
            manager.close();
        }
    }
}

package io.spirula.common.admin;

import io.spirula.common.command.CommandTable;
import io.spirula.common.config.Config;
import io.spirula.common.env.Reactor;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a daemon's program does for its administrator: the log as the options have it, and the admin socket while the daemon runs. */
public final class AdminDesk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminDesk.class);

    private final @Nullable AdminSocket socket;

    private AdminDesk(@Nullable AdminSocket socket) {
        this.socket = socket;
    }

    /** Called on the reactor. A socket that can't be made is no reason not to serve: that is logged. */
    public static AdminDesk open(Config config, CommandTable commands, Reactor reactor, DaemonLog log) {
        LogCommands logging = new LogCommands(log);
        logging.register(commands);
        logging.follow(config);
        String path = config.string("admin_socket", "$run_dir/$cluster-$name.asok")
                .replace("$run_dir", "/var/run/ceph"); // a name that nobody has set stays as it is
        if (path.isBlank()) {
            return new AdminDesk(null);
        }
        try {
            return new AdminDesk(new AdminSocket(Path.of(path), commands, reactor));
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("no admin socket at {}: {}", path, e.toString());
            return new AdminDesk(null);
        }
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.close();
        }
    }
}

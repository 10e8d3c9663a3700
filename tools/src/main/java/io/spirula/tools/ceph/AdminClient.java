package io.spirula.tools.ceph;

import io.spirula.common.config.CommonOptions;
import io.spirula.common.config.Config;
import io.spirula.common.config.ConfigException;
import io.spirula.common.types.EntityName;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Asks a daemon of this machine at its admin socket. The protocol is that of Ceph's pybind/ceph_daemon.py. */
final class AdminClient {
    private final Path socket;

    AdminClient(Path socket) {
        this.socket = socket;
    }

    /** Where the daemon of a name has its socket: a path is taken as it is. Throws ConfigException for a name that is none. */
    static AdminClient of(String nameOrPath, Config config) {
        if (nameOrPath.indexOf('/') >= 0) {
            return new AdminClient(Path.of(nameOrPath));
        }
        EntityName name;
        try {
            name = EntityName.parse(nameOrPath);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("Can't get admin socket path: " + e.getMessage(), e);
        }
        return new AdminClient(
                Path.of(config.as(name).string(CommonOptions.ADMIN_SOCKET, "/var/run/ceph/$cluster-$name.asok")));
    }

    /** The daemon's answer to a command. */
    byte[] ask(Map<String, Object> command) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            ByteBuffer request = ByteBuffer.wrap((CommandJson.write(command) + "\0").getBytes(StandardCharsets.UTF_8));
            while (request.hasRemaining()) {
                channel.write(request);
            }
            DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
            int length = in.readInt();
            if (length < 0) {
                throw new IOException("an answer of " + length + " bytes");
            }
            return in.readNBytes(length);
        }
    }
}

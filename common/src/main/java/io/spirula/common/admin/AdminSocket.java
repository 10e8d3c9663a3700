package io.spirula.common.admin;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.EscapedUtf8;
import io.spirula.common.env.Reactor;
import io.spirula.common.types.Errno;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket in the file system where whoever may open it gives this daemon commands, one a connection: a JSON object ended by a zero byte or a line's end, answered by a length in four bytes, the highest first, and the output. One
 * thread takes them one after the other; they are carried out on the daemon's reactor. Ceph: AdminSocket.
 */
public final class AdminSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminSocket.class);
    private static final int MAX_COMMAND = 1 << 16;
    private static final int SECONDS = 30;

    private final Path path;
    private final CommandTable commands;
    private final Reactor reactor;
    private final ServerSocketChannel server;
    private final Thread thread;

    /** Throws IOException where the socket can't be made. */
    public AdminSocket(Path path, CommandTable commands, Reactor reactor) throws IOException {
        this.path = path;
        this.commands = commands;
        this.reactor = reactor;
        Files.deleteIfExists(path); // of a daemon that did not end well
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        thread = new Thread(this::serve, "admin_socket");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        while (server.isOpen()) {
            try (SocketChannel client = server.accept()) {
                converse(client);
            } catch (IOException e) {
                LOG.debug("the admin socket: {}", e.toString());
            }
        }
    }

    /** A client that is slow keeps the others waiting, but not for long. */
    private void converse(SocketChannel client) throws IOException {
        Thread.Builder.OfVirtual guard = Thread.ofVirtual();
        Thread watch = guard.start(() -> {
            try {
                TimeUnit.SECONDS.sleep(SECONDS);
                client.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // answered in time
            } catch (IOException e) {
                LOG.debug("closing a client of the admin socket: {}", e.toString());
            }
        });
        try {
            String command = read(client);
            if (command != null) {
                byte[] output = answer(command).toArray();
                ByteBuffer reply = ByteBuffer.allocate(4 + output.length)
                        .putInt(output.length)
                        .put(output)
                        .flip();
                while (reply.hasRemaining()) {
                    client.write(reply);
                }
            }
        } finally {
            watch.interrupt();
        }
    }

    private static @org.jspecify.annotations.Nullable String read(SocketChannel client) throws IOException {
        ByteArrayOutputStream command = new ByteArrayOutputStream();
        var in = Channels.newInputStream(client);
        while (command.size() < MAX_COMMAND) {
            int c = in.read();
            if (c < 0) {
                return null;
            }
            if (c == 0 && command.size() == 0) {
                // The oldest form: a number in four bytes.
                in.readNBytes(2);
                return switch (in.read()) {
                    case 0 -> "{\"prefix\":\"0\"}";
                    case 1 -> "{\"prefix\":\"perf dump\"}";
                    case 2 -> "{\"prefix\":\"perf schema\"}";
                    default -> "{\"prefix\":\"unknown\"}";
                };
            }
            if (c == 0 || c == '\n') {
                return EscapedUtf8.decode(Bytes.wrap(command.toByteArray()));
            }
            command.write(c);
        }
        return null;
    }

    private Bytes answer(String text) {
        // A command may be its bare words, too.
        String json = text.stripLeading().startsWith("{") ? text : "{\"prefix\":\"" + text.strip() + "\"}";
        CompletableFuture<Outcome> result = new CompletableFuture<>();
        reactor.execute(() -> {
            try {
                commands.run(
                        CommandCall.parse(List.of(json), Bytes.EMPTY, CommandCall.Caller.NOBODY), result::complete);
            } catch (Refusal e) {
                result.complete(Outcome.refused(e.errno(), e.text()));
            }
        });
        Outcome outcome;
        try {
            outcome = result.get(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outcome = Outcome.refused(Errno.EINTR, "the daemon is stopping");
        } catch (ExecutionException | TimeoutException e) {
            outcome = Outcome.refused(Errno.ETIMEDOUT, "the daemon does not answer");
        }
        if (outcome.result() >= 0) {
            return outcome.output();
        }
        // The protocol has no place for an error: it goes in front of the output.
        String error =
                "ERROR: (" + -outcome.result() + ") " + Errno.textOf(-outcome.result()) + "\n" + outcome.text() + "\n";
        return Bytes.concat(List.of(Bytes.of(error), outcome.output()));
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.info("the admin socket {} is left behind: {}", path, e.toString());
        }
        thread.interrupt();
    }
}

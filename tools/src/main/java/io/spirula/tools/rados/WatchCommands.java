package io.spirula.tools.rados;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.ListWatchersResponse;
import io.spirula.common.pg.NotifyReplies;
import io.spirula.common.types.Errno;
import io.spirula.librados.Notification;
import io.spirula.librados.RadosException;
import io.spirula.librados.Watch;
import io.spirula.librados.WatchHandler;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** Commands on those who watch an object. */
final class WatchCommands {
    /** How long watchers may take to answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private WatchCommands() {}

    static boolean watch(Session s) {
        PrintStream out = s.console().out();
        Bytes object = s.object();
        Watch watch;
        try {
            watch = s.io().watch(object, new Shown(out));
        } catch (RadosException e) {
            throw failed("watch", e.errno());
        }
        synchronized (out) {
            out.println("press enter to exit...");
            out.flush();
        }
        try {
            int c = s.console().in().read();
            while (c >= 0 && c != '\n') {
                c = s.console().in().read();
            }
        } catch (IOException e) {
            throw new CommandFailed("error reading input: " + e.getMessage());
        } finally {
            watch.close();
        }
        return true;
    }

    /** Prints what it hears, and answers with what it was told. */
    private record Shown(PrintStream out) implements WatchHandler {
        @Override
        public void notified(Notification notification) {
            synchronized (out) {
                out.println("NOTIFY cookie " + Long.toUnsignedString(notification.cookie()) + " notify_id "
                        + Long.toUnsignedString(notification.id()) + " from "
                        + Long.toUnsignedString(notification.notifier()));
                out.print(Texts.hexdump(notification.payload()));
                out.flush();
            }
            notification.acknowledge(notification.payload());
        }

        @Override
        public void lost(long cookie, RadosException why) {
            synchronized (out) {
                out.println("ERROR cookie " + Long.toUnsignedString(cookie) + " err " + Texts.error(why));
                out.flush();
            }
        }
    }

    static boolean notifyWatchers(Session s) {
        String message = s.words(2).get(1);
        NotifyReplies replies;
        try {
            replies = s.io().notify(
                            s.object(), new Encoder().bytes(Bytes.of(message)).toBytes(), PATIENCE);
        } catch (RadosException e) {
            throw failed("notify", e.errno());
        }
        PrintStream out = s.console().out();
        for (NotifyReplies.Reply reply : replies.replies()) {
            out.println(
                    "reply " + who(reply.watcher()) + " : " + reply.payload().size() + " bytes");
            out.print(Texts.hexdump(reply.payload()));
        }
        for (NotifyReplies.Watcher missed : replies.missed()) {
            out.println("timeout " + who(missed));
        }
        if (!replies.missed().isEmpty()) {
            throw failed("notify", Errno.ETIMEDOUT);
        }
        return true;
    }

    private static CommandFailed failed(String call, int errno) {
        String error = Texts.error(errno);
        return new CommandFailed("error calling " + call + ": " + error + "\nerror " + errno + ": " + error);
    }

    private static String who(NotifyReplies.Watcher watcher) {
        return "client." + watcher.client() + " cookie " + Long.toUnsignedString(watcher.cookie());
    }

    static boolean listWatchers(Session s) {
        List<ListWatchersResponse.Watcher> watchers;
        try {
            watchers = s.io().listWatchers(s.object());
        } catch (RadosException e) {
            throw new CommandFailed("error listing watchers " + s.path(s.object()) + ": " + Texts.error(e));
        }
        for (ListWatchersResponse.Watcher w : watchers) {
            s.console()
                    .out()
                    .println("watcher=" + w.addr().hostPortNonce() + " client."
                            + w.client().number() + " cookie=" + Long.toUnsignedString(w.cookie()));
        }
        return true;
    }
}

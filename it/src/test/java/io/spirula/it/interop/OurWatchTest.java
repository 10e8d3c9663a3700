package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.NotifyReplies;
import io.spirula.common.types.Errno;
import io.spirula.librados.IoCtx;
import io.spirula.librados.Notification;
import io.spirula.librados.Rados;
import io.spirula.librados.RadosException;
import io.spirula.librados.Watch;
import io.spirula.librados.WatchHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Our client watches and notifies together with stock's rados, on our OSDs and on stock's, also when the primary dies. */
@Execution(ExecutionMode.CONCURRENT) // waits for OSDs to be noticed dead, most of its time
class OurWatchTest {
    private static final String RADOS = VstartCluster.BIN.resolve("rados").toString();
    private static final long PATIENCE_SECONDS = 90;

    /** Takes everything down, and answers with its name. */
    private static final class Listener implements WatchHandler {
        final BlockingQueue<Bytes> heard = new LinkedBlockingQueue<>();
        final BlockingQueue<RadosException> lost = new LinkedBlockingQueue<>();

        @Override
        public void notified(Notification notification) {
            heard.add(notification.payload());
            notification.acknowledge(Bytes.of("ours"));
        }

        @Override
        public void lost(long cookie, RadosException why) {
            lost.add(why);
        }
    }

    private interface Killer {
        void kill(String daemon) throws IOException;
    }

    @Test
    void onOurOsds() throws Exception {
        StockCeph.require();
        try (VstartCluster cluster = VstartCluster.start("--osds", "3")) {
            run(cluster.shell(), cluster.conf(), cluster::kill);
        }
    }

    @Test
    void onStockOsds() throws Exception {
        StockCeph.require();
        try (StockCluster cluster = StockCluster.start()) {
            run(cluster.shell(), cluster.conf(), cluster::kill);
        }
    }

    private static void run(Shell shell, Path conf, Killer killer) throws Exception {
        shell.run("ceph", "osd", "pool", "create", "P", "4", "4").ok();
        try (Rados rados = Rados.builder().conf(conf).connect()) {
            IoCtx io = rados.ioCtx("P");
            io.writeFull("o", new byte[] {1});
            Listener listener = new Listener();
            Watch watch = io.watch("o", listener);
            String who = "client." + rados.instanceId() + " cookie";
            assertThat(shell.run("rados", "-p", "P", "listwatchers", "o").ok().out())
                    .contains(who + "=" + watch.cookie())
                    .isEqualTo(shell.run(RADOS, "-p", "P", "listwatchers", "o")
                            .ok()
                            .out());
            hears(shell, "rados", who, listener);
            hears(shell, RADOS, who, listener);
            stockHears(conf, io);
            listener.heard.clear();
            primaryDies(shell, killer);
            hears(shell, "rados", who, listener);
            assertThat(watch.check()).isLessThan(java.time.Duration.ofSeconds(PATIENCE_SECONDS));
            watch.close();
            assertThat(shell.run("rados", "-p", "P", "listwatchers", "o").ok().out())
                    .isEmpty();
            Watch second = io.watch("o", listener);
            shell.run("rados", "-p", "P", "rm", "o").ok();
            RadosException lost = listener.lost.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(lost).isNotNull();
            assertThat(lost.is(Errno.ENOTCONN)).isTrue();
            assertThatThrownBy(second::check).hasMessageStartingWith("ENOTCONN");
            second.close();
            assertThat(listener.heard).isEmpty();
        }
    }

    private static void hears(Shell shell, String program, String who, Listener listener) throws Exception {
        assertThat(shell.run(program, "-p", "P", "notify", "o", "hello").ok().out())
                .contains("reply " + who, " : 4 bytes", "|ours|");
        assertThat(listener.heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(string("hello"));
        listener.heard.clear(); // where a primary changed meanwhile it is told again
    }

    /** As stock's rados sends what it is given. */
    private static Bytes string(String text) {
        return new Encoder().bytes(Bytes.of(text)).toBytes();
    }

    /** Both programs watch, and what they hear and answer looks the same. */
    private static void stockHears(Path conf, IoCtx io) throws Exception {
        for (String program : List.of("rados", RADOS)) {
            Process watcher = new ProcessBuilder(program, "-c", conf.toString(), "-p", "P", "watch", "o")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .execute(watcher::destroyForcibly);
            try (BufferedReader out = watcher.inputReader()) {
                assertThat(out.readLine()).isEqualTo("press enter to exit...");
                NotifyReplies replies = io.notify(Bytes.of("o"), Bytes.of("from us"));
                assertThat(replies.missed()).isEmpty();
                assertThat(replies.replies())
                        .extracting(NotifyReplies.Reply::payload)
                        .containsExactlyInAnyOrder(Bytes.of("ours"), Bytes.of("from us"));
                assertThat(out.readLine()).matches("NOTIFY cookie [0-9]+ notify_id [0-9]+ from [0-9]+");
                watcher.getOutputStream().write('\n');
                watcher.getOutputStream().flush();
                assertThat(out.readLine()).endsWith("|from us|"); // which stock's keeps until its end
                assertThat(watcher.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
                assertThat(watcher.exitValue()).isZero();
            } finally {
                watcher.destroyForcibly();
            }
        }
    }

    private static void primaryDies(Shell shell, Killer killer) throws IOException {
        int primary = primary(shell.run("ceph", "osd", "map", "P", "o").ok().out());
        killer.kill("osd." + primary);
        Await.that(
                "another is primary",
                () -> shell.run("ceph", "osd", "map", "P", "o").ok().out(),
                out -> primary(out) != primary);
    }

    private static int primary(String map) {
        Matcher acting =
                Pattern.compile("acting \\(\\[[0-9,]*\\], p([0-9]+)\\)").matcher(map);
        return acting.find() ? Integer.parseInt(acting.group(1)) : -1;
    }
}

package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.librados.IoCtx;
import io.spirula.librados.Rados;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A pool that lacks an OSD and has more requests waiting than an OSD holds (osd_client_message_cap, 256) is not in the way of another pool on the same OSDs, and is served in order once it is whole again. */
class BackoffTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int OBJECTS = 100;
    private static final String STOCK_RADOS = "/usr/bin/rados";

    private static void createPools(Shell shell, String ceph) {
        for (String[] pool : new String[][] {{"stuck", "3", "3"}, {"fine", "2", "1"}}) {
            shell.run(ceph, "osd", "pool", "create", pool[0], "4", "4").ok();
            shell.run(ceph, "osd", "pool", "set", pool[0], "size", pool[1]).ok();
            shell.run(ceph, "osd", "pool", "set", pool[0], "min_size", pool[2]).ok();
        }
        await(shell, ceph, "active\\+clean", "peering|undersized|creating");
    }

    /** Waits until the groups' states have what {@code wanted} matches, and nothing of what {@code unwanted} does. */
    private static void await(Shell shell, String ceph, String wanted, String unwanted) {
        Instant deadline = Instant.now().plus(PATIENCE);
        String out = "";
        while (Instant.now().isBefore(deadline)) {
            out = shell.run(ceph, "pg", "stat").ok().out();
            if (has(out, wanted) && !has(out, unwanted)) {
                return;
            }
        }
        throw new AssertionError("not " + wanted + " after " + PATIENCE + ": " + out);
    }

    private static boolean has(String text, String pattern) {
        return Pattern.compile(pattern).matcher(text).find();
    }

    private static void awaitStuck(Shell shell, String ceph) {
        await(shell, ceph, "undersized(\\+degraded)?\\+peered", "peering");
    }

    @Test
    void stockClientsGoOnWithWhatOurOsdsCanServe() throws Exception {
        StockCeph.require();
        try (VstartCluster cluster = VstartCluster.start("--osds", "3")) {
            String ceph = VstartCluster.BIN.resolve("ceph").toString();
            Shell shell = cluster.shell();
            createPools(shell, ceph);
            cluster.kill("osd.2");
            awaitStuck(shell, ceph);
            Path program = Path.of("src/test/resources/interop/backoff.py").toAbsolutePath();
            List<String> command = new ArrayList<>(List.of(
                    "/usr/bin/python3", program.toString(), cluster.conf().toString(), "stuck", "fine", "sh", "-c"));
            // Others can write, too, while all of it waits.
            command.add(STOCK_RADOS + " -p fine put other " + program + " && " + VstartCluster.BIN.resolve("vstart")
                    + " start osd.2 --dir " + cluster.folder());
            assertThat(shell.run(command).ok().out()).isEqualTo("served\nhealed\n");
        }
    }

    @Test
    void ourClientHoldsBackWhatStockOsdsAskItTo() throws Exception {
        StockCeph.require();
        try (StockCluster cluster = StockCluster.start(3, "")) {
            Shell shell = cluster.shell();
            createPools(shell, "ceph");
            cluster.kill("osd.2");
            shell.run("ceph", "osd", "down", "osd.2").ok();
            awaitStuck(shell, "ceph");
            holdBackAndGoOn(
                    cluster.conf(),
                    () -> shell.run("ceph-osd", "-i", "2", "-c", cluster.conf().toString())
                            .ok());
        }
    }

    @Test
    void ourClientHoldsBackWhatOurOsdsAskItTo() throws Exception {
        try (VstartCluster cluster = VstartCluster.start("--osds", "3")) {
            String ceph = VstartCluster.BIN.resolve("ceph").toString();
            createPools(cluster.shell(), ceph);
            cluster.kill("osd.2");
            awaitStuck(cluster.shell(), ceph);
            holdBackAndGoOn(cluster.conf(), () -> cluster.vstart("start", "osd.2"));
        }
    }

    private static void holdBackAndGoOn(Path conf, Runnable heal) throws Exception {
        try (Rados rados = Rados.builder().conf(conf).connect()) {
            IoCtx stuck = rados.ioCtx("stuck").withTimeout(PATIENCE.multipliedBy(2));
            IoCtx fine = rados.ioCtx("fine").withTimeout(PATIENCE);
            List<CompletableFuture<?>> waiting = new ArrayList<>();
            for (String part : List.of("0", "1", "2")) {
                for (int o = 0; o < OBJECTS; o++) {
                    waiting.add(stuck.async().append(Bytes.of("object" + o), Bytes.of(part)));
                }
            }
            for (int o = 0; o < OBJECTS; o++) {
                fine.writeFull("object" + o, new byte[4096]);
            }
            assertThat(waiting).noneMatch(CompletableFuture::isDone);
            heal.run();
            CompletableFuture.allOf(waiting.toArray(CompletableFuture[]::new))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            for (int o = 0; o < OBJECTS; o++) {
                assertThat(new String(stuck.read("object" + o), java.nio.charset.StandardCharsets.UTF_8))
                        .isEqualTo("012");
            }
        }
    }
}

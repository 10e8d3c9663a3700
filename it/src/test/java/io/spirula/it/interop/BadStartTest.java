package io.spirula.it.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.types.EntityName;
import io.spirula.it.cluster.FreePorts;
import io.spirula.librados.IoCtx;
import io.spirula.librados.Rados;
import io.spirula.mon.store.RocksKeyValueStore;
import io.spirula.mon.store.StoreTransaction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is set up wrongly is told in one line, with the exit code of stock's programs, and nobody else suffers: of this cluster osd.0 is stopped, and the rest serves. */
class BadStartTest {
    private static final String ANOTHER_KEY = "AQDRxVxnAAAAABAAmJ8sCz4dJ4Wkqg1xtlpXGg==";
    private static final String ANOTHER_FSID = "11111111-1111-1111-1111-111111111111";
    private static final String OUR_CEPH = VstartCluster.BIN.resolve("ceph").toString();
    private static final String OUR_RADOS = VstartCluster.BIN.resolve("rados").toString();

    private static VstartCluster cluster;
    private static Rados rados;

    @TempDir
    Path temp;

    @BeforeAll
    static void start() throws IOException {
        cluster = VstartCluster.start("--auth", "cephx");
        cluster.vstart("stop", "osd.0");
        rados = Rados.connect(Config.of(EntityName.client("admin"), CephConf.load(cluster.conf())));
        rados.createPool("P");
    }

    @AfterAll
    static void stop() {
        if (rados != null) {
            rados.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @AfterEach
    void theRestServes() {
        IoCtx io = rados.ioCtx("P");
        byte[] contents = Long.toString(System.nanoTime()).getBytes(UTF_8);
        io.writeFull("object", contents);
        assertThat(io.read("object")).isEqualTo(contents);
    }

    @Test
    void aWrongKey() throws Exception {
        Path keys = temp.resolve("keys");
        Files.writeString(keys, "[client.admin]\n\tkey = %1$s\n[osd.0]\n\tkey = %1$s\n".formatted(ANOTHER_KEY));
        String k = keys.toString();
        tells(cluster.shell().run(OUR_CEPH, "-k", k, "-s"), 13, "not accept the key of client.admin", "keyring");
        tells(cluster.shell().run(OUR_RADOS, "-k", k, "lspools"), 1, "not accept the key of client.admin", "keyring");
        tells(cluster.shell().run(OUR_CEPH, "-k", k, "-n", "client.nobody", "-s"), 13, "no key for client.nobody");
        exits(osd("-k", k), 1, "not accept the key of osd.0", "keyring");
    }

    @Test
    void aWrongKeyOfStockClients() throws Exception {
        StockCeph.require();
        Path keys = temp.resolve("keys");
        Files.writeString(keys, "[client.admin]\n\tkey = " + ANOTHER_KEY + "\n");
        for (String name : new String[] {"client.admin", "client.nobody"}) {
            Shell.Result refused = cluster.shell().run("/usr/bin/ceph", "-k", keys.toString(), "-n", name, "-s");
            assertThat(refused.code()).as(refused.toString()).isEqualTo(13);
            assertThat(refused.err()).contains("permission denied");
        }
    }

    @Test
    void anAbsentConfiguration() throws Exception {
        Shell shell = new Shell(Map.of());
        String[] line = {"no configuration file /nowhere", "-c"};
        tells(shell.run(OUR_CEPH, "-c", "/nowhere", "-s"), 1, line);
        tells(shell.run(OUR_RADOS, "-c", "/nowhere", "lspools"), 1, line);
        for (String mode : new String[] {"-f", "--mkfs"}) {
            exits(DaemonRun.start("ceph-mon", "-i", "a", "-c", "/nowhere", mode), 1, line);
            exits(DaemonRun.start("ceph-osd", "-i", "0", "-c", "/nowhere", mode), 1, line);
        }
    }

    @Test
    void aTakenPort() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            exits(
                    osd("--public_addr", address),
                    1,
                    "cannot listen on " + address,
                    "in use",
                    "configure another address");
            Path conf = monitorConf("[v2:" + address + "]");
            exits(monitor(conf, "--mkfs"), 0);
            exits(monitor(conf), 1, "cannot listen on " + address, "in use", "configure another address");
        }
    }

    @Test
    void nobodysAndOthersStores() throws Exception {
        exits(osd("--osd-data", temp.resolve("none").toString()), 1, "there is no OSD in", "--mkfs");
        Files.createDirectories(temp.resolve("empty"));
        exits(osd("--osd-data", temp.resolve("empty").toString()), 1, "no object store", "--mkfs");
        exits(osd("--osd-data", cluster.folder().resolve("osd.1").toString()), 1, "in use by another process");
        exits(
                DaemonRun.start(
                        "ceph-osd", "-i", "5", "-c", cluster.conf().toString(), "-f", "--osd-data", folderOfOsd0()),
                1,
                "the store is osd.0's and not osd.5's");
        exits(osd("--fsid", ANOTHER_FSID), 1, "the store belongs to cluster", "and not to " + ANOTHER_FSID);
        exits(
                DaemonRun.start("ceph-mon", "-i", "a", "-c", cluster.conf().toString(), "-f"),
                1,
                "locked",
                "another monitor process");
        exits(
                DaemonRun.start("ceph-mon", "-i", "z", "-c", cluster.conf().toString(), "-f"),
                1,
                "does not exist",
                "mkfs");
    }

    @Test
    void anOsdOfAnotherCluster() throws Exception {
        Path stranger = temp.resolve("stranger");
        try (DaemonRun mkfs = osd("--mkfs", "--fsid", ANOTHER_FSID, "--osd-data", stranger.toString())) {
            assertThat(mkfs.runsUntil(() -> false)).isFalse();
            assertThat(mkfs.exitCode()).as(mkfs.toString()).isZero();
        }
        Path conf = temp.resolve("without-fsid.conf");
        Files.writeString(conf, Files.readString(cluster.conf()).replaceFirst("fsid = .*", ""));
        exits(
                DaemonRun.start("ceph-osd", "-i", "0", "-c", conf.toString(), "-f", "--osd-data", stranger.toString()),
                1,
                "the store belongs to cluster " + ANOTHER_FSID,
                "the monitors");
    }

    @Test
    void aStoreOfAnotherVersion() throws Exception {
        Path copy = temp.resolve("osd.0");
        new Shell(Map.of()).run("cp", "-r", folderOfOsd0(), copy.toString()).ok();
        Path format = copy.resolve("store/format");
        Files.writeString(format, Files.readString(format).replaceFirst("\\d+", "77"));
        exits(osd("--osd-data", copy.toString()), 1, "has format 77", "this program");
        Path conf = monitorConf("[v2:127.0.0.1:" + FreePorts.one() + "]");
        exits(monitor(conf, "--mkfs"), 0);
        try (RocksKeyValueStore store = RocksKeyValueStore.open(temp.resolve("mon.a/store.db"))) {
            store.apply(new StoreTransaction().put("spirula_mon_store", "format", 77));
        }
        exits(monitor(conf), 1, "has format 77", "use the program that wrote it");
    }

    @Test
    void aMonitorsMkfs() throws Exception {
        Path conf = monitorConf("[v2:127.0.0.1:" + FreePorts.one() + "]");
        Files.writeString(conf, Files.readString(conf).replaceFirst("fsid = .*", ""));
        exits(monitor(conf, "--mkfs"), 10, "no fsid; use '--fsid'");
        exits(
                monitor(conf, "--mkfs", "--fsid", ANOTHER_FSID, "-k", "/nowhere"),
                1,
                "unable to find a keyring on /nowhere");
        exits(monitor(conf, "--mkfs", "--fsid", ANOTHER_FSID, "--monmap", "/nowhere"), 1, "error reading /nowhere");
        exits(monitor(conf, "--mkfs", "--fsid", ANOTHER_FSID, "--monmap", conf.toString()), 1, "error decoding monmap");
        exits(monitor(conf, "--mkfs", "--fsid", ANOTHER_FSID), 0);
        exits(monitor(conf, "--mkfs", "--fsid", ANOTHER_FSID), 0, "already exists and is not empty");
        exits(monitor(conf, "--nonsense"), 1, "unknown option '--nonsense'");
    }

    private static void exits(DaemonRun run, int code, String... words) throws Exception {
        try (run) {
            run.ends(code, words);
        }
    }

    private static void tells(Shell.Result result, int code, String... words) {
        assertThat(result.code()).as(result.toString()).isEqualTo(code);
        assertThat(result.err().strip().lines()).as(result.toString()).hasSize(1);
        assertThat(result.err()).contains(words);
        assertThat(result.out()).isEmpty();
    }

    private static String folderOfOsd0() {
        return cluster.folder().resolve("osd.0").toString();
    }

    private static DaemonRun osd(String... words) throws IOException {
        String[] all = java.util.Arrays.copyOf(
                new String[] {"-i", "0", "-c", cluster.conf().toString(), "-f"}, 5 + words.length);
        System.arraycopy(words, 0, all, 5, words.length);
        return DaemonRun.start("ceph-osd", all);
    }

    /** A monitor of its own beside the cluster. */
    private Path monitorConf(String address) throws IOException {
        Path conf = temp.resolve("monitor.conf");
        Files.writeString(conf, """
            [global]
            fsid = %s
            mon host = %s
            mon data = %s/$name
            keyring = %s/keyring
            """.formatted(ANOTHER_FSID, address, temp, cluster.folder()));
        return conf;
    }

    private static DaemonRun monitor(Path conf, String... words) throws IOException {
        String[] all = java.util.Arrays.copyOf(new String[] {"-i", "a", "-c", conf.toString(), "-f"}, 5 + words.length);
        System.arraycopy(words, 0, all, 5, words.length);
        return DaemonRun.start("ceph-mon", all);
    }
}

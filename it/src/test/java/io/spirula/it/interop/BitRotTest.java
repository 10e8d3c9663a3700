package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.tools.objectstore.ObjectstoreTool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stores that are damaged under a running cluster, or while an OSD is stopped: stock programs read what was written, hear of the damage, and have it repaired. What they say of damages of all kinds is what they say on a stock
 * cluster: that was recorded with {@code -Dspirula.record=inconsistencies}, which starts one, damages it and writes {@code inconsistencies.txt} instead of comparing.
 */
class BitRotTest {
    private static final int SIZE = 1 << 20;
    private static final Path RECORDED = Path.of("src/test/resources/interop/inconsistencies.txt");
    private static final boolean RECORD =
            System.getProperty("spirula.record", "").equals("inconsistencies");

    @TempDir
    Path temp;

    private Shell shell = new Shell(java.util.Map.of());

    @BeforeAll
    static void stock() {
        StockCeph.require();
    }

    @Test
    void damageIsFoundReportedAndMended() throws Exception {
        if (RECORD) {
            try (StockCluster cluster = StockCluster.start(3, "osd pool default size = 3")) {
                Inconsistencies made = new Inconsistencies(new OnStock(cluster), temp);
                made.make();
                Files.writeString(RECORDED, made.said());
            }
            return;
        }
        try (VstartCluster cluster = VstartCluster.start("--auth", "none")) {
            shell = cluster.shell();
            damagesOfAllKindsAreListedAsStocks(cluster);
            run("ceph", "osd", "pool", "create", "P", "1");
            run("ceph", "osd", "pool", "application", "enable", "P", "test");
            for (int i = 0; i < 4; i++) {
                run("rados", "-p", "P", "put", "object" + i, contents(i).toString());
            }
            String pg = await("ceph pg ls-by-pool P", s -> s.contains("active+clean"))
                    .lines()
                    .skip(1)
                    .findFirst()
                    .orElseThrow()
                    .split(" ")[0];
            int primary = primaryOf(pg);
            aReadOnTheWay(cluster, primary);
            aReplica(cluster, pg, (primary + 1) % 3);
            objectsGoneAndComeOutOfNowhere(cluster, pg, (primary + 1) % 3);
        }
    }

    private void damagesOfAllKindsAreListedAsStocks(VstartCluster cluster) throws IOException {
        Inconsistencies made = new Inconsistencies(new OnOurs(cluster), temp);
        made.make();
        assertThat(made.said()).isEqualTo(Files.readString(RECORDED));
        Shell.Result get = shell.run("rados", "-p", Inconsistencies.POOL, "get", "all-bad", "/dev/null");
        assertThat(get.err()).as(get.toString()).contains("(5) Input/output error");
        assertThat(run("ceph", "osd", "stat")).contains("3 up");
        made.remove();
        await("ceph health detail", s -> !s.contains("SCRUB_ERRORS") && !s.contains("REPAIRS"));
    }

    private record OnStock(StockCluster cluster) implements Inconsistencies.Cluster {
        @Override
        public Shell shell() {
            return cluster.shell();
        }

        @Override
        public Path conf() {
            return cluster.conf();
        }

        @Override
        public void stop() {
            try {
                cluster.stopOsd(0);
                cluster.stopOsd(1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void start() {
            cluster.startOsd(0);
            cluster.startOsd(1);
        }

        @Override
        public String tool(int osd, String... words) {
            List<String> command = new ArrayList<>(List.of("ceph-objectstore-tool", "--data-path"));
            command.add(cluster.folder().resolve("osd." + osd).toString());
            command.addAll(List.of(words));
            return shell().run(command).ok().out();
        }

        @Override
        public Path blocks(int osd) {
            return cluster.folder().resolve("osd." + osd + "/block");
        }
    }

    private record OnOurs(VstartCluster cluster) implements Inconsistencies.Cluster {
        @Override
        public Shell shell() {
            return cluster.shell();
        }

        @Override
        public Path conf() {
            return cluster.conf();
        }

        @Override
        public void stop() {
            cluster.vstart("stop", "osd.0", "osd.1");
        }

        @Override
        public void start() {
            cluster.vstart("start", "osd.0", "osd.1");
        }

        /** Within this process, which spares starting thirty more. */
        @Override
        public String tool(int osd, String... words) {
            List<String> all = new ArrayList<>(List.of("--data-path"));
            all.add(cluster.folder().resolve("osd." + osd).toString());
            all.addAll(List.of(words));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
            int code = ObjectstoreTool.run(all, InputStream.nullInputStream(), print, print);
            assertThat(code).as(all + "\n" + out).isZero();
            return out.toString(StandardCharsets.UTF_8);
        }

        @Override
        public Path blocks(int osd) {
            return cluster.folder().resolve("osd." + osd + "/store/block");
        }
    }

    private void aReadOnTheWay(VstartCluster cluster, int primary) throws IOException {
        flip(cluster, primary, 0);
        assertReadsRight(0);
        await("ceph log last 100 debug cluster", s -> s.contains("missing primary copy of"));
        await("ceph pg ls-by-pool P", s -> s.contains("active+clean"));
    }

    private void aReplica(VstartCluster cluster, String pg, int osd) throws IOException {
        flip(cluster, osd, 1);
        deepScrub(pg);
        await(
                "ceph health detail",
                s -> s.contains("OSD_SCRUB_ERRORS") && s.contains("pg " + pg + " is active+clean+inconsistent"));
        assertThat(run("rados", "list-inconsistent-pg", "P")).contains(pg);
        assertThat(run("rados", "list-inconsistent-obj", pg, "--format=json-pretty"))
                .contains("\"object1\"", "\"read_error\"", "\"selected_object_info\"");
        repair(pg);
        assertReadsRight(1);
    }

    private void objectsGoneAndComeOutOfNowhere(VstartCluster cluster, String pg, int osd) throws IOException {
        cluster.vstart("stop", "osd." + osd);
        Path data = cluster.folder().resolve("osd." + osd);
        String tool = VstartCluster.BIN.resolve("ceph-objectstore-tool").toString();
        run(tool, "--data-path", data.toString(), "object2", "remove");
        String spec = run(tool, "--data-path", data.toString(), "--op", "list", "object3")
                .strip()
                .replace("object3", "nobodys");
        run(tool, "--data-path", data.toString(), spec, "set-bytes", contents(9).toString());
        cluster.vstart("start", "osd." + osd);
        await("ceph pg ls-by-pool P", s -> s.contains("active+clean"));
        deepScrub(pg);
        await("ceph health detail", s -> s.contains("OSD_SCRUB_ERRORS"));
        repair(pg);
        assertReadsRight(2);
        assertThat(run("rados", "-p", "P", "ls").lines().sorted())
                .containsExactly("object0", "object1", "object2", "object3");
    }

    private void repair(String pg) {
        run("ceph", "pg", "repair", pg);
        await("ceph health detail", s -> !s.contains("SCRUB_ERRORS") && !s.contains("PG_DAMAGED"));
        await("ceph pg ls-by-pool P", s -> s.contains("active+clean ") && !s.contains("scrubbing"));
        deepScrub(pg);
        assertThat(run("ceph", "health", "detail")).doesNotContain("SCRUB_ERRORS", "PG_DAMAGED");
    }

    /** Returns when it is over. */
    private void deepScrub(String pg) {
        String query = "ceph pg dump pgs --format=json";
        String before = run(query.split(" "));
        String stamp = stamp(before);
        run("ceph", "pg", "deep-scrub", pg);
        await(query, s -> !stamp(s).equals(stamp) && !s.contains("scrubbing"));
    }

    private static String stamp(String dump) {
        int at = dump.indexOf("\"last_deep_scrub_stamp\"");
        return dump.substring(at, dump.indexOf(',', at));
    }

    private int primaryOf(String pg) {
        String map = run("ceph", "pg", "map", pg);
        int at = map.indexOf("acting [") + "acting [".length();
        return Integer.parseInt(map.substring(at, map.indexOf(',', at)));
    }

    private Path contents(int object) throws IOException {
        Path file = temp.resolve("contents" + object);
        byte[] bytes = new byte[SIZE];
        new Random(object).nextBytes(bytes);
        return Files.write(file, bytes);
    }

    private void assertReadsRight(int object) throws IOException {
        Path got = temp.resolve("got");
        run("rados", "-p", "P", "get", "object" + object, got.toString());
        assertThat(Files.mismatch(got, contents(object))).isEqualTo(-1);
    }

    /** Changes one byte of an object's data in a running OSD's block file. */
    private void flip(VstartCluster cluster, int osd, int object) throws IOException {
        byte[] pattern = Arrays.copyOfRange(Files.readAllBytes(contents(object)), 0, 64);
        Path file = cluster.folder().resolve("osd." + osd + "/store/block");
        int slot = 64 << 10;
        try (FileChannel block = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer head = ByteBuffer.allocate(pattern.length);
            for (long at = 0; at < block.size(); at += slot) {
                head.clear();
                block.read(head, at);
                if (Arrays.equals(head.array(), pattern)) {
                    block.write(ByteBuffer.wrap(new byte[] {(byte) ~pattern[5]}), at + 5);
                    block.force(true);
                    return;
                }
            }
        }
        throw new AssertionError("object" + object + " is not in " + file);
    }

    private String run(String... command) {
        return shell.run(command).ok().out();
    }

    private String await(String command, Predicate<String> wanted) {
        return Await.that("what is wanted of '" + command + "'", () -> run(command.split(" ")), wanted);
    }
}

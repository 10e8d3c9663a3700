package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bytes that change in the database of a running OSD, which has small objects, attributes and pairs, and the log of all writes: stock programs read what was written, hear of the damage and have it repaired. A store that
 * cannot go on is refused with one line, and the OSD made anew.
 */
class DatabaseRotTest {
    /** Contents by name: some lie beside others in a block of a file, some by themselves in a file of values. */
    private static final Map<String, Integer> SIZES =
            Map.of("tiny", 300, "small", 3000, "eight", 8192, "replica-small", 2000, "replica-eight", 8000, "one", 1);

    private static final String PAIR = "a pair's value that is long enough to be found in a file";
    private static final String ANOTHER_ATTRIBUTE = "the value of another attribute, far from those of the first";
    private static final String ATTRIBUTE = "an attribute's value that is long enough to be found in a file";

    @TempDir
    Path temp;

    private Shell shell = new Shell(Map.of());
    private String pg = "";

    @BeforeAll
    static void stock() {
        StockCeph.require();
    }

    @Test
    void damageIsFoundReportedAndMended() throws Exception {
        try (VstartCluster cluster = VstartCluster.start("--auth", "none")) {
            shell = cluster.shell();
            run("ceph", "osd", "pool", "create", "P", "1");
            run("ceph", "osd", "pool", "application", "enable", "P", "test");
            for (String object : SIZES.keySet()) {
                run("rados", "-p", "P", "put", object, contents(object).toString());
            }
            run("rados", "-p", "P", "create", "omap");
            run("rados", "-p", "P", "setomapval", "omap", "key", PAIR);
            run("rados", "-p", "P", "setxattr", "omap", "color", ATTRIBUTE);
            run("rados bench -p P 60 write -b 300 -t 8 --max-objects 60 --no-cleanup".split(" "));
            List<String> others = run("rados", "-p", "P", "ls")
                    .lines()
                    .filter(o -> o.startsWith("benchmark_data_"))
                    .toList();
            String last = others.getLast(); // far from what the OSD itself needs, in the order of records
            run("rados", "-p", "P", "setxattr", last, "color", ANOTHER_ATTRIBUTE);
            cluster.vstart("restart"); // so that all of it lies in files, and little of it in memory
            awaitClean();
            pg = run("ceph", "pg", "ls-by-pool", "P")
                    .lines()
                    .skip(1)
                    .findFirst()
                    .orElseThrow()
                    .split(" ")[0];
            String acting = run("ceph", "pg", "map", pg).replaceAll("(?s).*acting \\[(.*)].*", "$1");
            List<Integer> osds =
                    Stream.of(acting.split(",")).map(Integer::parseInt).toList();

            readsOnTheirWay(database(cluster, osds.get(0)));
            deepScrubAndRepair(database(cluster, osds.get(1)));
            aLog(cluster, osds.get(1));
            aRecord(cluster, osds.get(2), last);
            aName(cluster, osds.get(2), others.get(others.size() / 2));
        }
    }

    private static Path database(VstartCluster cluster, int osd) {
        return cluster.folder().resolve("osd." + osd + "/store/db");
    }

    /** Of the primary. */
    private void readsOnTheirWay(Path database) throws IOException {
        flip(database, ".sst", Files.readAllBytes(contents("tiny")));
        flip(database, ".blob", Files.readAllBytes(contents("small")));
        flip(database, ".blob", Files.readAllBytes(contents("eight")));
        flip(database, ".sst", PAIR.getBytes(StandardCharsets.US_ASCII));
        assertReadsRight();
        await(
                "ceph log last 100 debug cluster",
                log -> Stream.of("tiny", "small", "eight")
                        .allMatch(o -> log.contains(":::" + o + ":head, will try copies on")));
        assertThat(run("ceph", "osd", "stat")).contains("3 up");
        awaitClean();
    }

    /** Of a replica. */
    private void deepScrubAndRepair(Path database) throws IOException {
        flip(database, ".blob", Files.readAllBytes(contents("replica-small")));
        flip(database, ".blob", Files.readAllBytes(contents("replica-eight")));
        deepScrub();
        await("ceph health detail", s -> s.contains("OSD_SCRUB_ERRORS"));
        assertThat(run("rados", "list-inconsistent-obj", pg))
                .contains("replica-small", "replica-eight", "\"read_error\"");
        run("ceph", "pg", "repair", pg);
        await("ceph health detail", s -> !s.contains("SCRUB_ERRORS") && !s.contains("PG_DAMAGED"));
        awaitClean();
        deepScrub();
        assertThat(run("ceph", "health", "detail")).doesNotContain("SCRUB_ERRORS", "PG_DAMAGED");
        assertReadsRight();
    }

    /** What was acknowledged and is not in the log any more is not taken for never written. */
    private void aLog(VstartCluster cluster, int osd) throws Exception {
        Path latest = contents("latest");
        run("rados", "-p", "P", "put", "latest", latest.toString());
        flip(database(cluster, osd), ".log", Files.readAllBytes(latest));
        cluster.vstart("stop", "osd." + osd);
        assertRefusedAndMadeAnew(cluster, osd, "the log of the store in");
        run("rados", "-p", "P", "rm", "latest");
    }

    /** What is beside it in the file cannot be read either; that all of it is there is known. */
    private void aRecord(VstartCluster cluster, int osd, String object) throws Exception {
        cluster.vstart("stop", "osd." + osd);
        flip(database(cluster, osd), ".sst", ANOTHER_ATTRIBUTE.getBytes(StandardCharsets.US_ASCII));
        cluster.vstart("start", "osd." + osd);
        awaitClean();
        deepScrub();
        await("ceph health detail", s -> s.contains("OSD_SCRUB_ERRORS"));
        assertThat(run("rados", "list-inconsistent-obj", pg)).contains(object, "\"stat_error\"");
        run("ceph", "pg", "repair", pg);
        await("ceph health detail", s -> !s.contains("SCRUB_ERRORS") && !s.contains("PG_DAMAGED"));
        awaitClean();
        deepScrub();
        assertThat(run("ceph", "health", "detail")).doesNotContain("SCRUB_ERRORS", "PG_DAMAGED");
        assertThat(run("ceph", "osd", "stat")).contains("3 up");
    }

    private void aName(VstartCluster cluster, int osd, String object) throws Exception {
        cluster.vstart("stop", "osd." + osd);
        flip(database(cluster, osd), ".sst", object.getBytes(StandardCharsets.US_ASCII));
        assertRefusedAndMadeAnew(cluster, osd, "checksum mismatch");
    }

    private void assertRefusedAndMadeAnew(VstartCluster cluster, int osd, String why) throws Exception {
        String number = Integer.toString(osd);
        String conf = cluster.conf().toString();
        try (DaemonRun damaged = DaemonRun.start("ceph-osd", "-i", number, "-c", conf, "-f")) {
            damaged.endsSaying("ceph-osd: the store in", "is damaged", "--mkfs", why);
        }
        assertReadsRight();
        await("ceph osd stat", s -> s.contains("2 up"));
        run("ceph", "osd", "destroy", number, "--yes-i-really-mean-it");
        run("rm", "-rf", cluster.folder().resolve("osd." + osd + "/store").toString());
        run(VstartCluster.BIN.resolve("ceph-osd").toString(), "-i", number, "-c", conf, "--mkfs");
        cluster.vstart("start", "osd." + osd);
        awaitClean();
        deepScrub();
        assertThat(run("ceph", "health", "detail")).doesNotContain("SCRUB_ERRORS", "PG_DAMAGED");
        assertReadsRight();
    }

    private void awaitClean() {
        await(
                "ceph -s",
                s -> s.contains("3 up")
                        && s.contains("active+clean")
                        && !s.contains("degraded")
                        && !s.contains("recover"));
    }

    /** Returns when it is over. */
    private void deepScrub() {
        String query = "ceph pg dump pgs --format=json";
        String stamp = stamp(run(query.split(" ")));
        run("ceph", "pg", "deep-scrub", pg);
        await(query, s -> !stamp(s).equals(stamp) && !s.contains("scrubbing"));
    }

    private static String stamp(String dump) {
        int at = dump.indexOf("\"last_deep_scrub_stamp\"");
        return dump.substring(at, dump.indexOf(',', at));
    }

    private Path contents(String object) throws IOException {
        byte[] bytes = new byte[SIZES.getOrDefault(object, 5000)];
        new Random(object.hashCode()).nextBytes(bytes);
        return Files.write(temp.resolve(object), bytes);
    }

    private void assertReadsRight() throws IOException {
        for (String object : SIZES.keySet()) {
            Path got = temp.resolve("got");
            run("rados", "-p", "P", "get", object, got.toString());
            assertThat(Files.mismatch(got, contents(object))).as(object).isEqualTo(-1);
        }
        Path value = temp.resolve("value");
        run("rados", "-p", "P", "getomapval", "omap", "key", value.toString());
        assertThat(value).hasContent(PAIR);
        assertThat(run("rados", "-p", "P", "getxattr", "omap", "color").strip()).isEqualTo(ATTRIBUTE);
    }

    /** Changes a byte near the beginning of this in the files that have it; the log may have the rest in pieces. */
    private static void flip(Path database, String ending, byte[] wanted) throws IOException {
        String pattern = new String(wanted, 0, Math.min(wanted.length, 50), StandardCharsets.ISO_8859_1);
        boolean found = false;
        try (Stream<Path> files = Files.list(database)) {
            for (Path file : files.filter(f -> f.toString().endsWith(ending)).toList()) {
                String all = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                for (int at = all.indexOf(pattern); at >= 0; at = all.indexOf(pattern, at + 1)) {
                    flip(file, at + pattern.length() / 2);
                    found = true;
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        assertThat(found).as("a file " + ending + " in " + database + " has it").isTrue();
    }

    private static void flip(Path file, long position) throws IOException {
        try (FileChannel open = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            open.read(one, position);
            open.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 4)}), position);
            open.force(true);
        }
    }

    private String run(String... command) {
        return shell.run(command).ok().out();
    }

    private String await(String command, Predicate<String> wanted) {
        return Await.that("what is wanted of '" + command + "'", () -> run(command.split(" ")), wanted);
    }
}

package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.types.EntityName;
import io.spirula.it.cluster.FreePorts;
import io.spirula.librados.IoCtx;
import io.spirula.librados.Rados;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon whose store's files are cut short, overwritten or gone either says so in one line and ends with 1, or runs and gives nothing wrong away. */
class DamagedStoreTest {
    private static final int OSD_ROUNDS = 9;
    private static final int OBJECTS = 60;

    /** Files that tell a store's own story and nothing of its contents. */
    private static final String UNIMPORTANT = "LOG.*|LOCK|OPTIONS.*";

    enum Damage {
        GONE,
        CUT,
        FLIPPED
    }

    @TempDir
    Path temp;

    @Test
    void ofAMonitor() throws Exception {
        Path conf = temp.resolve("ceph.conf");
        int port = FreePorts.one();
        Files.writeString(conf, """
            [global]
            fsid = 11111111-1111-1111-1111-111111111111
            mon host = [v2:127.0.0.1:%d]
            mon data = %s/$name
            auth cluster required = none
            auth service required = none
            auth client required = none
            """.formatted(port, temp));
        monitor(conf, "--mkfs");
        monitor(conf, "-f"); // its files are those of a store that has been in use
        Path sound = temp.resolve("sound");
        Files.move(temp.resolve("mon.a"), sound);
        for (Path file : importantFiles(sound)) {
            for (Damage damage : Damage.values()) {
                Path copy = copy(sound, temp.resolve("mon.a"));
                apply(damage, copy.resolve(sound.relativize(file)), new Random(file.hashCode()));
                List<String> said = monitor(conf, "-f");
                assertThat(said.size()).as(damage + " " + file + ": " + said).isLessThanOrEqualTo(1);
                boolean isKnownByItself = file.endsWith("IDENTITY") || file.endsWith("synced");
                if (damage == Damage.FLIPPED && !isKnownByItself
                        || file.endsWith("CURRENT")
                        || file.toString().endsWith(".log")) {
                    assertThat(said).as(damage + " " + file).hasSize(1);
                    assertThat(said.getFirst()).contains("the store at", "damaged", "restore it from a backup");
                }
            }
        }
    }

    /** Runs until it ends or serves; returns what it says for people. */
    private static List<String> monitor(Path conf, String mode) throws IOException, InterruptedException {
        try (DaemonRun run = DaemonRun.start("ceph-mon", "-i", "a", "-c", conf.toString(), mode)) {
            boolean serves = run.runsUntil(() -> run.hasSaid("serves at"));
            if (!serves) {
                assertThat(run.exitCode())
                        .as(run.toString())
                        .isEqualTo(run.lines().isEmpty() ? 0 : 1);
            }
            return run.lines();
        }
    }

    @Test
    void ofAnOsd() throws Exception {
        long seed = Long.getLong("spirula.seed", System.nanoTime());
        System.out.println("damages from -Dspirula.seed=" + seed);
        Random random = new Random(seed);
        try (VstartCluster cluster = VstartCluster.start("--auth", "none");
                Rados rados = Rados.connect(Config.of(EntityName.client("admin"), CephConf.load(cluster.conf())))) {
            rados.createPool("P");
            IoCtx io = rados.ioCtx("P");
            for (int i = 0; i < OBJECTS; i++) {
                io.writeFull("object" + i, contents(i));
            }
            cluster.vstart("restart", "osd.0"); // so that some of it lies in other files than the log
            cluster.vstart("stop", "osd.0");
            Path osd = cluster.folder().resolve("osd.0");
            Path sound = temp.resolve("sound");
            copy(osd, sound);
            List<Path> files = importantFiles(sound);
            for (int round = 0; round < OSD_ROUNDS; round++) {
                Path file = files.get(random.nextInt(files.size()));
                Damage damage = Damage.values()[round % Damage.values().length];
                copy(sound, osd);
                apply(damage, osd.resolve(sound.relativize(file)), random);
                runDamaged(cluster, damage + " " + sound.relativize(file));
                for (int i = 0; i < OBJECTS; i++) {
                    assertThat(io.read("object" + i)).as(damage + " " + file).isEqualTo(contents(i));
                }
            }
            // Where it came up in spite of a damage, what was sound is an old backup by now.
            copy(sound, osd);
            assertThat(runDamaged(cluster, "sound")).allMatch(line -> line.contains("restored from an old backup"));
            for (int i = 0; i < OBJECTS; i++) {
                assertThat(io.read("object" + i)).isEqualTo(contents(i));
            }
        }
    }

    /** Runs until it is up or ends; returns what it says for people. */
    private static List<String> runDamaged(VstartCluster cluster, String what)
            throws IOException, InterruptedException {
        try (DaemonRun run =
                DaemonRun.start("ceph-osd", "-i", "0", "-c", cluster.conf().toString(), "-f")) {
            boolean up = run.runsUntil(() -> run.hasSaid("osd.0 is up in epoch"));
            if (up) {
                assertThat(run.lines()).as(what + "\n" + run).isEmpty();
            } else {
                assertThat(run.exitCode()).as(what + "\n" + run).isEqualTo(1);
                assertThat(run.lines()).as(what + "\n" + run).hasSize(1);
                assertThat(run.lines().getFirst()).startsWith("ceph-osd: ");
            }
            return run.lines();
        }
    }

    private static void apply(Damage damage, Path file, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        switch (damage) {
            case GONE -> Files.delete(file);
            case CUT -> Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
            case FLIPPED -> {
                int at = bytes.length / 3;
                for (int i = at; i < Math.min(bytes.length, at + 64); i++) {
                    bytes[i] ^= (byte) (1 + random.nextInt(255));
                }
                Files.write(file, bytes);
            }
        }
    }

    private static List<Path> importantFiles(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(f -> !f.getFileName().toString().matches(UNIMPORTANT))
                    .filter(f -> {
                        try {
                            return Files.size(f) > 0;
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .sorted()
                    .toList();
        }
    }

    private static Path copy(Path from, Path to) {
        Shell shell = new Shell(Map.of());
        shell.run("rm", "-rf", to.toString()).ok();
        shell.run("cp", "-r", "--sparse=always", from.toString(), to.toString()).ok();
        return to;
    }

    private static byte[] contents(int i) {
        Random random = new Random(i);
        byte[] bytes = new byte[1 + random.nextInt(60_000)];
        random.nextBytes(bytes);
        return bytes;
    }
}

package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.EntityName;
import io.spirula.librados.IoCtx;
import io.spirula.librados.Rados;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real files, some thousands and a large one, go in by stock's programs and come out by our client, and the other way round; and are there after every daemon was killed while more were written. */
class TreeOfFilesTest {
    private static final int LARGE_BYTES = 100_000_000;
    private static final int MAX_SMALL_BYTES = 100_000;
    private static final int FILES = 2_000;
    private static final int BY_RADOS = 24;
    private static final int BEFORE_THE_CUT = 400;
    private static final String[] EVERY_DAEMON = {"mon.a", "osd.0", "osd.1", "osd.2"};

    @TempDir
    Path temp;

    private final SortedMap<String, String> sums = new TreeMap<>();

    @BeforeAll
    static void stock() {
        StockCeph.require();
    }

    @Test
    void comesBackAsItWas() throws Exception {
        Path tree = temp.resolve("tree");
        plant(tree);
        try (VstartCluster cluster = VstartCluster.start("--auth", "cephx")) {
            Config config = Config.of(EntityName.client("admin"), CephConf.load(cluster.conf()));
            List<String> names = List.copyOf(sums.keySet());
            try (Rados rados = Rados.connect(config)) {
                rados.createPool("stock");
                rados.createPool("ours");
                putByStock(cluster, tree, names);
                IoCtx byStock = rados.ioCtx("stock");
                for (String name : names) {
                    assertThat(sumByUs(byStock, name)).as(name).isEqualTo(sums.get(name));
                }
            }
            List<String> acknowledged = putByUsUntilTheCut(cluster, config, tree, names);
            cluster.vstart("start");
            assertThat(sumsByStock(cluster, "ours", acknowledged)).isEqualTo(expected(acknowledged));
            assertThat(sumsByStock(cluster, "stock", names)).isEqualTo(expected(names));
        }
    }

    /** Files of this JDK and of this checkout, and a large one. */
    private void plant(Path tree) throws IOException {
        Path jdk = Path.of(System.getProperty("java.home"));
        List<Path> files = new ArrayList<>();
        for (Path root : List.of(jdk, Path.of("..").toAbsolutePath().normalize())) {
            try (Stream<Path> all = Files.walk(root)) {
                all.filter(f -> Files.isRegularFile(f) && Files.isReadable(f))
                        .filter(f -> f.toFile().length() <= MAX_SMALL_BYTES)
                        .filter(f -> !f.toString().contains("/.git"))
                        .limit(FILES / 2)
                        .forEach(files::add);
            }
        }
        for (Path file : files) {
            add(tree, file.toString().substring(1).replaceAll("[^\\x21-\\x7e]", "_"), Files.readAllBytes(file));
        }
        try (var in = Files.newInputStream(jdk.resolve("lib/modules"))) {
            add(tree, "large", in.readNBytes(LARGE_BYTES));
        }
    }

    private void add(Path tree, String name, byte[] contents) throws IOException {
        Path copy = tree.resolve(name);
        Files.createDirectories(copy.getParent());
        Files.write(copy, contents);
        sums.put(name, HexFormat.of().formatHex(sha256().digest(contents)));
    }

    private static void putByStock(VstartCluster cluster, Path tree, List<String> names) throws IOException {
        List<String> byRados = new ArrayList<>(names.subList(0, BY_RADOS));
        byRados.add("large");
        for (String name : byRados) {
            cluster.shell()
                    .run(
                            "/usr/bin/rados",
                            "-p",
                            "stock",
                            "put",
                            name,
                            tree.resolve(name).toString())
                    .ok();
        }
        List<String> rest = new ArrayList<>(names);
        rest.removeAll(byRados);
        assertThat(python(cluster, "stock", rest, "put", tree.toString())).isEqualTo("put " + rest.size() + "\n");
    }

    private static String sumByUs(IoCtx io, String name) {
        MessageDigest sha = sha256();
        long size = io.stat(name).size();
        for (long at = 0; at < size; at += 8 << 20) {
            sha.update(io.read(Bytes.of(name), at, 8 << 20).toArray());
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    /** Writes the tree, and over it again under other names, until every daemon is killed; returns what was acknowledged. */
    private List<String> putByUsUntilTheCut(VstartCluster cluster, Config config, Path tree, List<String> names)
            throws Exception {
        List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Void>> writes = new ArrayList<>();
        try (Rados rados = Rados.connect(config)) {
            IoCtx io = rados.ioCtx("ours");
            writeInParts(io, "large", Files.readAllBytes(tree.resolve("large")));
            acknowledged.add("large");
            for (String name : names) {
                if (!name.equals("large")) {
                    byte[] contents = Files.readAllBytes(tree.resolve(name));
                    writes.add(io.async()
                            .writeFull(Bytes.of(name), Bytes.wrap(contents))
                            .thenRun(() -> acknowledged.add(name)));
                }
                if (writes.size() == BEFORE_THE_CUT) {
                    CompletableFuture.anyOf(writes.toArray(CompletableFuture[]::new))
                            .join();
                    cluster.kill(EVERY_DAEMON);
                    break;
                }
            }
        } // what still waits for an answer fails now
        return List.copyOf(acknowledged);
    }

    private static void writeInParts(IoCtx io, String name, byte[] contents) {
        int step = 8 << 20;
        for (int at = 0; at < contents.length; at += step) {
            io.write(
                    Bytes.of(name),
                    at,
                    Bytes.wrap(Arrays.copyOfRange(contents, at, Math.min(contents.length, at + step))));
        }
    }

    private SortedMap<String, String> expected(List<String> names) {
        SortedMap<String, String> some = new TreeMap<>(sums);
        some.keySet().retainAll(names);
        return some;
    }

    private Map<String, String> sumsByStock(VstartCluster cluster, String pool, List<String> names) throws IOException {
        SortedMap<String, String> found = new TreeMap<>();
        python(cluster, pool, names, "sums").lines().forEach(line -> {
            int space = line.indexOf(' ');
            found.put(line.substring(space + 1), line.substring(0, space));
        });
        return found;
    }

    private static String python(VstartCluster cluster, String pool, List<String> names, String... what)
            throws IOException {
        Path list = Files.createTempFile("names", ".txt");
        Files.writeString(list, String.join("\n", names) + "\n");
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/python3",
                "src/test/resources/interop/tree.py",
                cluster.conf().toString(),
                pool));
        command.addAll(List.of(what));
        command.add(list.toString());
        String out = cluster.shell().run(command).ok().out();
        Files.delete(list);
        return out;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anObjectHoldsAsMuchAsStocks() throws Exception {
        Path more = temp.resolve("more");
        try (VstartCluster cluster = VstartCluster.start("--auth", "none")) {
            Shell shell = cluster.shell();
            shell.run("truncate", "-s", "129M", more.toString()).ok();
            shell.run("ceph", "osd", "pool", "create", "P", "8").ok();
            for (String rados :
                    List.of("/usr/bin/rados", VstartCluster.BIN.resolve("rados").toString())) {
                Shell.Result refused = shell.run(rados, "-p", "P", "put", "object", more.toString());
                assertThat(refused.code()).isEqualTo(1);
                assertThat(refused.err()).contains("error putting P/object: (27) File too large");
                assertThat(shell.run(rados, "-p", "P", "stat", "object").ok().out())
                        .contains("size " + (128 << 20));
                shell.run(rados, "-p", "P", "rm", "object").ok();
            }
        }
    }
}

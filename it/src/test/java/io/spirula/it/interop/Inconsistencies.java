package io.spirula.it.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spirula.common.encoding.Bytes;
import io.spirula.librados.IoCtx;
import io.spirula.librados.Rados;
import io.spirula.librados.WriteOperation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Damages of all kinds, each to copies of one object of a pool of its own: the same on every cluster of three OSDs, and so what stock's programs say of them afterwards. */
final class Inconsistencies {
    static final String POOL = "damaged";

    /** What is done to whom: an object, an OSD, and either {@code flip} or what ceph-objectstore-tool is told, where @N stands for a file of N bytes. */
    private static final String DAMAGES = """
        flipped-replica 1 flip
        gone-replica    1 remove
        other-bytes     1 set-bytes @200001
        other-bytes     1 set-bytes @200000
        longer          1 set-bytes @200005
        shorter         1 set-bytes @1000
        omap-value      1 set-omap k @1
        omap-more       1 set-omap m @1
        omap-less       1 rm-omap l
        omap-header     1 set-omaphdr @1
        attr-value      1 set-attr _a @1
        attr-more       1 set-attr _c @1
        attr-less       1 rm-attr _b
        info-gone       1 rm-attr _
        info-bad        1 set-attr _ @1
        snapset-gone    1 rm-attr snapset
        snapset-bad     1 set-attr snapset @1
        all-bad         1 set-bytes @200005
        two-bad         1 set-bytes @1000
        added           1 set-bytes @100
        flipped-primary 0 flip
        gone-primary    0 remove
        all-bad         0 set-bytes @1000
        two-bad         0 set-bytes @200000
        all-bad         2 flip
        """;

    private static final int SIZE = 200_000;
    private static final int ALIGNED = 4096;
    private static final int SEARCHED_AT_ONCE = 64 << 20;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What depends on what else has happened in a cluster. */
    private static final Set<String> VOLATILE =
            Set.of("epoch", "version", "prior_version", "last_reqid", "user_version", "mtime", "local_mtime", "pool");

    /** What differs between clusters: how an OSD is stopped, and where it keeps what. */
    interface Cluster {
        Shell shell();

        Path conf();

        /** Stops osd.0 and osd.1. */
        void stop();

        void start();

        /** Runs ceph-objectstore-tool on a stopped OSD and gives what it prints. */
        String tool(int osd, String... words);

        /** The file that has the bytes of large objects. */
        Path blocks(int osd);
    }

    private final Cluster cluster;
    private final Path temp;
    private String pg = "";

    Inconsistencies(Cluster cluster, Path temp) {
        this.cluster = cluster;
        this.temp = temp;
    }

    /** Makes the pool, damages it and has it scrubbed; osd.0 is its primary. */
    void make() throws IOException {
        ceph("osd pool create " + POOL + " 1");
        ceph("osd pool application enable " + POOL + " test");
        ceph("osd primary-affinity 1 0");
        ceph("osd primary-affinity 2 0");
        String query = "pg ls-by-pool " + POOL + " -f json";
        pg = MAPPER.readTree(await(query, "active+clean"))
                .at("/pg_stats/0/pgid")
                .asText();
        await("pg map " + pg + " -f json", "\"acting\":[0,");
        try (Rados rados = Rados.builder().conf(cluster.conf()).connect()) {
            IoCtx io = rados.ioCtx(POOL);
            DAMAGES.lines()
                    .map(l -> l.split(" ")[0])
                    .filter(o -> !o.equals("added"))
                    .distinct()
                    .forEach(object -> write(io, object));
        }
        cluster.stop();
        for (String line : DAMAGES.lines().toList()) {
            damage(line.split(" +"));
        }
        cluster.start();
        await("osd stat", "3 up");
        await("pg map " + pg + " -f json", "\"acting\":[0,");
        await(query, "active+clean");
        ceph("pg deep-scrub " + pg);
        await("health detail", "SCRUB_ERRORS");
    }

    private static void write(IoCtx io, String object) {
        WriteOperation write = new WriteOperation().writeFull(Bytes.wrap(bytes(object, SIZE)));
        if (object.startsWith("omap")) {
            write.setOmap(Map.of(Bytes.of("k"), Bytes.of("v"), Bytes.of("l"), Bytes.of("w")))
                    .setOmapHeader(Bytes.of("header"));
        }
        if (object.startsWith("attr")) {
            write.setXattr("a", Bytes.of("x")).setXattr("b", Bytes.of("y"));
        }
        io.operate(Bytes.of(object), write);
    }

    private void damage(String[] words) throws IOException {
        int osd = Integer.parseInt(words[1]);
        if (words[2].equals("flip")) {
            flip(cluster.blocks(osd), words[0]);
            return;
        }
        String[] told = Arrays.copyOfRange(words, 1, words.length);
        told[0] = words[0].equals("added")
                ? cluster.tool(osd, "--op", "list", "longer").strip().replace("longer", "added")
                : words[0];
        for (int i = 2; i < told.length; i++) {
            if (told[i].startsWith("@")) {
                int length = Integer.parseInt(told[i].substring(1));
                told[i] = Files.write(temp.resolve("damage"), bytes("damage", length))
                        .toString();
            }
        }
        cluster.tool(osd, told);
    }

    private static byte[] bytes(String contents, int length) {
        byte[] bytes = new byte[length];
        new Random(contents.hashCode()).nextBytes(bytes);
        return bytes;
    }

    /** Changes one byte of an object's data. */
    private void flip(Path blocks, String object) throws IOException {
        byte[] start = Arrays.copyOf(bytes(object, SIZE), 64);
        try (FileChannel file = FileChannel.open(blocks, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer part = ByteBuffer.allocate(SEARCHED_AT_ONCE);
            for (long at = 0; at < file.size(); at += SEARCHED_AT_ONCE) {
                part.clear();
                int length = file.read(part, at);
                for (int i = 0; i + start.length <= length; i += ALIGNED) {
                    if (Arrays.equals(part.array(), i, i + start.length, start, 0, start.length)) {
                        file.write(ByteBuffer.wrap(new byte[] {(byte) ~start[5]}), at + i + 5);
                        return;
                    }
                }
            }
        }
        throw new AssertionError(object + " is not in " + blocks);
    }

    /** All that stock's programs say of it, without what depends on what else has happened in the cluster. */
    String said() throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(run("rados", "list-inconsistent-pg", POOL, "--format", "json")
                        .strip()
                        .replace(pg, "PG"))
                .append('\n');
        for (String verb : List.of("list-inconsistent-obj", "list-inconsistent-snapset")) {
            JsonNode listing = MAPPER.readTree(run("rados", verb, pg, "--format", "json"));
            text.append(verb).append('\n');
            for (JsonNode one : listing.withArray("inconsistents")) {
                text.append(MAPPER.writeValueAsString(steady(one))).append('\n');
            }
            ((ObjectNode) listing).putArray("inconsistents");
            text.append(MAPPER.writeValueAsString(steady(listing))).append('\n');
        }
        text.append(ceph("health detail")
                .lines()
                .filter(l -> l.contains("SCRUB_ERRORS") || l.contains("DAMAGED") || l.contains("pg " + pg))
                .map(l -> l.replaceAll(", acting .*", "").replace(pg, "PG") + "\n")
                .collect(Collectors.joining()));
        text.append(scrubbed()
                .lines()
                .filter(l -> l.contains("[ERR] " + pg) || l.contains("[ERR] deep-scrub " + pg))
                .map(l -> l.substring(l.indexOf("[ERR]"))
                                .replace(" " + pg + " ", " PG ")
                                .replaceAll("\\b\\d+:([0-9a-f]{8}):", "POOL:$1:")
                                .replaceAll("\\(\\d+'\\d+ client\\.\\S+ ", "(VERSION REQID ")
                                .replaceAll(" uv \\d+", " uv N")
                        + "\n")
                .collect(Collectors.joining()));
        return text.toString();
    }

    /** The cluster log, which hears of a scrub a while after its end. */
    private String scrubbed() {
        String query = "log last 1000 debug cluster";
        Pattern last = Pattern.compile(Pattern.quote(pg) + " deep-scrub \\d+ errors");
        return Await.that(
                "the log has what the scrub found",
                () -> ceph(query),
                said -> last.matcher(said).find());
    }

    private static JsonNode steady(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                if (VOLATILE.contains(field.getKey()) && field.getValue().isValueNode()) {
                    field.setValue(MAPPER.getNodeFactory()
                            .textNode("a " + field.getValue().getNodeType()));
                }
            }
        }
        node.forEach(Inconsistencies::steady);
        return node;
    }

    void remove() {
        ceph("osd pool rm " + POOL + " " + POOL + " --yes-i-really-really-mean-it");
        ceph("osd primary-affinity 1 1");
        ceph("osd primary-affinity 2 1");
    }

    private String ceph(String words) {
        return run(("ceph " + words).split(" "));
    }

    private String run(String... command) {
        return cluster.shell().run(command).ok().out();
    }

    private String await(String query, String wanted) {
        return Await.that("'" + query + "' says " + wanted, () -> ceph(query), said -> said.contains(wanted));
    }
}

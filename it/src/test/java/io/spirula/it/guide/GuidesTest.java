package io.spirula.it.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.spirula.common.encoding.Bytes;
import io.spirula.it.cluster.InProcessCluster;
import io.spirula.librados.IoCtx;
import io.spirula.librados.Rados;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every Java example of README.md and docs/librados.md is compiled as it stands there and run against a cluster, and README.md's commands are run in a shell. */
class GuidesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String IMPORTS = """
        import static java.nio.charset.StandardCharsets.UTF_8;
        import io.spirula.common.encoding.Bytes;
        import io.spirula.common.pg.NotifyReplies;
        import io.spirula.librados.*;
        import java.nio.file.Path;
        import java.time.Duration;
        import java.util.*;
        import java.util.concurrent.*;
        """;

    @TempDir
    static Path temp;

    private static InProcessCluster cluster;
    private static Rados rados;
    private static IoCtx io;
    private static Path conf;

    @BeforeAll
    static void start() {
        cluster = InProcessCluster.builder().osds(3).start();
        conf = cluster.writeConf(temp);
        rados = cluster.connect();
        for (String pool : List.of("data", "files")) {
            rados.createPool(pool);
        }
        io = rados.ioCtx("data");
        Surroundings.rados = rados;
        Surroundings.io = io;
        Surroundings.key = cluster.adminKey();
        Surroundings.count = 2_500;
    }

    @AfterAll
    static void stop() {
        rados.close();
        cluster.close();
    }

    @TestFactory
    Stream<DynamicTest> theExamples() throws IOException {
        List<DynamicTest> all = new ArrayList<>();
        for (String page : List.of("README.md", "docs/librados.md")) {
            List<String> blocks = blocks(page, "java");
            assertThat(blocks).as(page).isNotEmpty();
            for (int i = 0; i < blocks.size(); i++) {
                String block = blocks.get(i);
                String name = "Example" + all.size();
                all.add(dynamicTest(page + ", example " + (i + 1), () -> compileAndRun(name, block)));
            }
        }
        all.add(dynamicTest("what they did is there", GuidesTest::whatTheyDidIsThere));
        return all.stream();
    }

    private static void whatTheyDidIsThere() {
        assertThat(io.read("greeting")).isEqualTo(Bytes.of("hello").toArray());
        assertThat(io.xattr(Bytes.of("house"), "owner")).isEqualTo(Bytes.of("me"));
        assertThat(io.objects().filter(o -> o.name().utf8().startsWith("part-")))
                .hasSize(Surroundings.count);
        assertThat(rados.pools()).contains("data", "files");
    }

    private static void compileAndRun(String name, String block) throws Exception {
        String here = block.replaceAll("/etc/ceph/ceph.conf|/tmp/c/ceph.conf", conf.toString())
                .replace("v2:10.0.0.1:3300", cluster.monHost())
                .replace("rados.createPool(\"data\");", "rados.createPool(\"data-of-" + name + "\");");
        Path source = temp.resolve(name + ".java");
        Files.writeString(
                source,
                IMPORTS + "public final class " + name + " extends io.spirula.it.guide.Surroundings {\n"
                        + "public static void run() throws Exception {\n" + here + "}\n}\n");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        boolean compiled = compiler.getTask(
                        complaints,
                        null,
                        null,
                        List.of("-d", temp.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none"),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
                .call();
        assertThat(compiled).as(here + complaints).isTrue();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {temp.toUri().toURL()}, GuidesTest.class.getClassLoader())) {
            loader.loadClass(name).getMethod("run").invoke(null);
        }
    }

    @Test
    void theCommandsOfTheReadme() throws Exception {
        String commands = blocks("README.md", "sh").stream()
                .filter(b -> b.contains("vstart start"))
                .findFirst()
                .orElseThrow();
        Path folder = temp.resolve("c");
        String here = commands.replace("/tmp/c", folder.toString());
        Process shell = new ProcessBuilder("bash", "-euc", here)
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("said").toFile())
                .start();
        try {
            assertThat(shell.waitFor(2, TimeUnit.MINUTES)).isTrue();
            String said = Files.readString(temp.resolve("said"));
            assertThat(shell.exitValue()).as(said).isZero();
            assertThat(said).contains("healthy after", "HEALTH_", "3 up", "pool 'files' created");
        } finally {
            shell.destroyForcibly();
            new ProcessBuilder(
                            ROOT.resolve("tools/target/spirula/bin/vstart").toString(),
                            "destroy",
                            "--dir",
                            folder.toString())
                    .start()
                    .waitFor(1, TimeUnit.MINUTES);
        }
    }

    private static List<String> blocks(String page, String language) throws IOException {
        Matcher block = Pattern.compile("^```" + language + "\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(ROOT.resolve(page)));
        return block.results().map(r -> r.group(1)).toList();
    }
}

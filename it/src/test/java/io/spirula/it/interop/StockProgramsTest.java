package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The unmodified ceph, rados and python-rados use our daemons as their cluster. */
class StockProgramsTest {
    @BeforeAll
    static void stock() {
        StockCeph.require();
    }

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"cephx", "none"})
    void theyAdministerStoreAndReadBack(String auth) throws Exception {
        try (VstartCluster cluster = VstartCluster.start("--auth", auth)) {
            Shell shell = cluster.shell();
            assertThat(shell.run("ceph", "-s").ok().out()).contains("HEALTH_OK", "3 up", "3 in");
            assertThat(shell.run("ceph", "health", "detail").ok().out()).startsWith("HEALTH_OK");
            assertThat(shell.run("ceph", "osd", "pool", "create", "P", "16")
                            .ok()
                            .err())
                    .contains("pool 'P' created");
            for (String command : new String[] {
                "osd tree",
                "osd dump",
                "osd stat",
                "osd pool ls detail",
                "osd pool get P all",
                "df",
                "pg stat",
                "pg dump",
                "mon dump",
                "versions",
                "fsid",
                "osd map P x"
            }) {
                String[] words = ("ceph " + command).split(" ");
                assertThat(shell.run(words).ok().out()).as(command).isNotBlank();
            }
            storeAndReadBack(shell);
            shell.run("ceph", "osd", "pool", "create", "python", "8").ok();
            assertThat(python(cluster, "python")).contains("all as expected");
            if (auth.equals("cephx")) {
                storeEncrypted(cluster);
            }
            bench(shell);
        }
    }

    private void storeAndReadBack(Shell shell) throws IOException {
        Path file = temp.resolve("file");
        byte[] contents = new byte[5_000_000];
        new Random(1).nextBytes(contents);
        Files.write(file, contents);
        Path back = temp.resolve("back");
        shell.run("rados", "-p", "P", "put", "object", file.toString()).ok();
        shell.run("rados", "-p", "P", "get", "object", back.toString()).ok();
        assertThat(back).hasSameBinaryContentAs(file);
        assertThat(shell.run("rados", "-p", "P", "stat", "object").ok().out()).contains("size 5000000");
        assertThat(shell.run("rados", "-p", "P", "ls").ok().out()).isEqualTo("object\n");
        shell.run("rados", "-p", "P", "append", "object", file.toString()).ok();
        assertThat(shell.run("rados", "-p", "P", "stat", "object").ok().out()).contains("size 10000000");
        shell.run("rados", "-p", "P", "truncate", "object", "12345").ok();
        assertThat(shell.run("rados", "-p", "P", "stat", "object").ok().out()).contains("size 12345");
        shell.run("rados", "-p", "P", "setxattr", "object", "name", "value").ok();
        assertThat(shell.run("rados", "-p", "P", "listxattr", "object").ok().out())
                .isEqualTo("name\n");
        assertThat(shell.run("rados", "-p", "P", "getxattr", "object", "name")
                        .ok()
                        .out())
                .startsWith("value");
        shell.run("rados", "-p", "P", "rm", "object").ok();
        Shell.Result gone = shell.run("rados", "-p", "P", "stat", "object");
        assertThat(gone.code()).isNotZero();
        assertThat(gone.err()).contains("No such file or directory");
    }

    private static void storeEncrypted(VstartCluster cluster) {
        Shell shell = cluster.shell();
        String file = cluster.conf().toString();
        shell.run("rados", "--ms_client_mode=secure", "-p", "P", "put", "secret", file)
                .ok();
        assertThat(shell.run("rados", "--ms_client_mode=secure", "-p", "P", "get", "secret", "-")
                        .ok()
                        .out())
                .contains("[global]");
        shell.run("rados", "-p", "P", "rm", "secret").ok();
    }

    private static void bench(Shell shell) {
        for (String words : new String[] {"2 write -b 4096 --no-cleanup", "2 seq", "2 rand"}) {
            assertThat(shell.run(("rados -p P bench " + words).split(" ")).ok().out())
                    .as(words)
                    .containsPattern("Total (writes|reads) made: +[1-9]");
        }
        shell.run("rados", "-p", "P", "cleanup").ok();
    }

    static String python(VstartCluster cluster, String pool) {
        return cluster.shell()
                .run(
                        "/usr/bin/python3",
                        "src/test/resources/interop/exercise.py",
                        cluster.conf().toString(),
                        pool)
                .ok()
                .out();
    }
}

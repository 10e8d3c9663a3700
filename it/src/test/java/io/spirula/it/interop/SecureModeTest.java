package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A cluster where every connection must be encrypted: stock clients use it, and nobody gets in who would speak in the clear. */
class SecureModeTest {
    private static final List<String> OPTIONS = List.of(
            "ms_cluster_mode",
            "ms_service_mode",
            "ms_client_mode",
            "ms_mon_cluster_mode",
            "ms_mon_service_mode",
            "ms_mon_client_mode");

    @BeforeAll
    static void stock() {
        StockCeph.require();
    }

    @Test
    void everyConnectionIsEncryptedAndNoOtherIsMade() throws IOException {
        try (VstartCluster cluster = VstartCluster.start("--auth", "cephx", "--osds", "3")) {
            cluster.vstart("stop");
            Path conf = cluster.conf();
            String secure = OPTIONS.stream().map(o -> o + " = secure\n").collect(Collectors.joining());
            Files.writeString(conf, Files.readString(conf).replace("[global]\n", "[global]\n" + secure));
            cluster.vstart("start");
            Shell shell = cluster.shell();
            shell.run("ceph", "osd", "pool", "create", "P", "8").ok();
            shell.run("ceph", "osd", "pool", "set", "P", "size", "3").ok();
            shell.run("rados", "-p", "P", "put", "secret", conf.toString()).ok();
            assertThat(shell.run("rados", "-p", "P", "get", "secret", "-").ok().out())
                    .isEqualTo(Files.readString(conf));
            Shell.Result clearToOsds = shell.run(
                    "rados", "--ms_client_mode=crc", "--rados_osd_op_timeout=5", "-p", "P", "get", "secret", "-");
            assertThat(clearToOsds.code()).isNotZero();
            Shell.Result clearToMonitors = shell.run(
                    "rados", "--ms_mon_client_mode=crc", "--client_mount_timeout=5", "-p", "P", "get", "secret", "-");
            assertThat(clearToMonitors.code()).isNotZero();
            assertThat(clearToOsds.out() + clearToMonitors.out()).doesNotContain("secure");
        }
    }
}

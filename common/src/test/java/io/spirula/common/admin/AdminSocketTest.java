package io.spirula.common.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.command.CommandTable;
import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.metrics.PerfCounters;
import io.spirula.common.metrics.PerfRegistry;
import io.spirula.common.msgr.netty.NettyReactor;
import io.spirula.common.types.EntityName;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminSocketTest {
    private final Path path = Path.of("/tmp/spirula-" + ProcessHandle.current().pid() + ".asok");
    private final NettyReactor reactor = NettyReactor.start("admin");
    private final Config config =
            Config.of(EntityName.parse("osd.7"), CephConf.parse("[osd]\nosd_max_scrubs = 2\n", "x"));
    private final List<String> logged = new ArrayList<>();
    private AdminDesk desk;

    @BeforeEach
    void open() {
        CommandTable commands = new CommandTable();
        PerfRegistry counters = new PerfRegistry();
        PerfCounters group = new PerfCounters("osd");
        group.counter("op", PerfCounters.Description.shown("Client operations", "ops", 10))
                .add(3);
        group.latency("op_latency", PerfCounters.Description.of("Latency")).add(1_500_000_000);
        counters.add(group);
        new AdminCommands(config, counters).register(commands);
        config.set("admin_socket", path.toString());
        desk = AdminDesk.open(config, commands, reactor, new DaemonLog() {
            @Override
            public void reopen() {
                logged.add("reopened");
            }

            @Override
            public void level(String option, int level) {
                logged.add(option + " " + level);
            }
        });
    }

    @AfterEach
    void close() {
        desk.close();
        reactor.close();
        assertThat(path).doesNotExist();
    }

    private String ask(byte[] command) throws IOException {
        try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            socket.write(ByteBuffer.wrap(command));
            DataInputStream in = new DataInputStream(Channels.newInputStream(socket));
            byte[] reply = new byte[in.readInt()];
            in.readFully(reply);
            assertThat(in.read()).isNegative();
            return new String(reply, StandardCharsets.UTF_8);
        }
    }

    private String ask(String command) throws IOException {
        return ask((command + "\0").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aCommandIsAnsweredByItsLengthAndTheOutput() throws IOException {
        assertThat(ask("{\"prefix\":\"version\",\"format\":\"json\"}"))
                .isEqualTo("{\"version\":\"16.2.15\",\"release\":\"pacific\",\"release_type\":\"stable\"}");
        assertThat(ask("{\"prefix\":\"config get\",\"var\":\"osd_max_scrubs\",\"format\":\"json\"}"))
                .isEqualTo("{\"osd_max_scrubs\":\"2\"}");
        assertThat(ask("version")).contains("16.2.15");
        assertThat(ask("{\"prefix\":\"get_command_descriptions\"}")).contains("\"config\"", "\"perf\"");
    }

    @Test
    void theOldestFormIsANumberInFourBytes() throws IOException {
        assertThat(ask(new byte[] {0, 0, 0, 0})).isEqualTo("2");
        assertThat(ask(new byte[] {0, 0, 0, 1})).contains("op_latency");
    }

    @Test
    void anErrorStandsInFrontOfTheOutput() throws IOException {
        assertThat(ask("{\"prefix\":\"config set\",\"var\":\"nope\",\"val\":[\"3\"]}"))
                .isEqualTo("""
                        ERROR: (2) No such file or directory
                        error setting 'nope' to '3': (2) No such file or directory
                        """);
        assertThat(ask("{\"prefix\":\"config set\",\"var\":\"osd_max_scrubs\",\"val\":[\"x\"]}"))
                .startsWith("ERROR: (22) Invalid argument\n");
        assertThat(ask("{\"prefix\":")).startsWith("ERROR: (22)");
        assertThat(config.integer("osd_max_scrubs", 0)).isEqualTo(2);
    }

    @Test
    void whatIsSetActsAtOnceAndSaysWhereItComesFrom() throws IOException {
        assertThat(ask("{\"prefix\":\"config set\",\"var\":\"osd_max_scrubs\",\"val\":[\"5\"],\"format\":\"json\"}"))
                .isEqualTo("{\"success\":\"osd_max_scrubs = '5' \"}");
        assertThat(config.integer("osd_max_scrubs", 0)).isEqualTo(5);
        assertThat(ask("{\"prefix\":\"config diff get\",\"var\":\"osd_max_scrubs\",\"format\":\"json\"}"))
                .isEqualTo("{\"diff\":{\"osd_max_scrubs\":{\"default\":1,\"file\":2,\"override\":5,\"final\":5}}}");
        ask("{\"prefix\":\"config unset\",\"var\":\"osd_max_scrubs\"}");
        assertThat(config.integer("osd_max_scrubs", 0)).isEqualTo(2);
        ask("{\"prefix\":\"injectargs\",\"injected_args\":[\"--osd-max-scrubs 4 --debug_osd=20\"]}");
        assertThat(config.integer("osd_max_scrubs", 0)).isEqualTo(4);
        assertThat(logged).containsExactly("debug_osd 20");
        assertThat(ask("{\"prefix\":\"injectargs\",\"injected_args\":[\"--osd_max_scrubs=9 --nope=1\"]}"))
                .startsWith("ERROR: (22)");
        assertThat(config.integer("osd_max_scrubs", 0)).isEqualTo(4);
    }

    @Test
    void countersAreNamedAndTypedAsCephs() throws IOException {
        assertThat(ask("{\"prefix\":\"perf dump\",\"format\":\"json\"}"))
                .isEqualTo("{\"osd\":{\"op\":3,\"op_latency\":"
                        + "{\"avgcount\":1,\"sum\":1.500000000,\"avgtime\":1.500000000}}}");
        assertThat(ask("{\"prefix\":\"perf schema\",\"format\":\"json\"}"))
                .contains("\"op\":{\"type\":10,\"metric_type\":\"counter\",\"value_type\":\"integer\"")
                .contains("\"op_latency\":{\"type\":5,\"metric_type\":\"gauge\",\"value_type\":\"real-integer-pair\"");
        ask("{\"prefix\":\"perf reset\",\"var\":\"all\"}");
        assertThat(ask("{\"prefix\":\"perf dump\",\"logger\":\"osd\",\"counter\":\"op\",\"format\":\"json\"}"))
                .isEqualTo("{\"osd\":{\"op\":0}}");
    }

    @Test
    void theSocketOfADaemonThatDidNotEndWellIsReplaced() throws IOException {
        desk.close();
        Files.writeString(path, "left behind");
        open();
        assertThat(ask("git_version")).contains("618f4408");
    }
}

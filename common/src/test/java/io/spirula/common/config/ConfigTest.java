package io.spirula.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {
    private static final String FILE = """
        # a cluster
        fsid = 1b7b3c1e-0000-4000-8000-000000000001
        [global]
          mon host = [v2:127.0.0.1:13300,v1:127.0.0.1:13301] ; the monitors
          log file = /var/log/$cluster/$name.log
          run-dir = "/run; really"
          admin_socket = $run_dir/$name.asok
        [osd]
          osd max object size = 64M
          osd_heartbeat_grace = 20
          long value = one \\
            two
        [osd.1]
          osd heartbeat grace = 5m
          quoted = 'a # b'
        """;

    private static Config config(String name) {
        return Config.of(EntityName.parse(name), CephConf.parse(FILE, "test.conf"));
    }

    @Test
    void theNarrowestSectionHolds() {
        assertThat(config("osd.0").span("osd_heartbeat_grace", Duration.ZERO)).isEqualTo(Duration.ofSeconds(20));
        assertThat(config("osd.1").span("osd_heartbeat_grace", Duration.ZERO)).isEqualTo(Duration.ofMinutes(5));
        assertThat(config("mon.a").find("osd_heartbeat_grace")).isNull();
    }

    @Test
    void spacesDashesAndUnderscoresAreOneSpelling() {
        assertThat(config("osd.0").integer("osd-max-object size", 0)).isEqualTo(64L << 20);
        assertThat(config("client.x").find("mon_host")).isEqualTo("[v2:127.0.0.1:13300,v1:127.0.0.1:13301]");
        assertThat(config("client.x").find("fsid")).startsWith("1b7b3c1e");
    }

    @Test
    void namesInValuesAreReplacedAndQuotesKeepCommentSigns() {
        assertThat(config("osd.1").find("log_file")).isEqualTo("/var/log/ceph/osd.1.log");
        assertThat(config("osd.1").find("admin_socket")).isEqualTo("/run; really/osd.1.asok");
        assertThat(config("osd.1").find("quoted")).isEqualTo("a # b");
        assertThat(config("osd.1").find("long_value")).matches("one\\s+two");
    }

    @Test
    void aValueThatRefersToItselfIsRefused() {
        Config config = Config.of(EntityName.client("a"), CephConf.parse("x = $y\ny = $x\n", "loop.conf"));
        assertThatThrownBy(() -> config.find("x")).isInstanceOf(ConfigException.class);
    }

    @Test
    void aLineThatIsNeitherSectionNorValueIsNamed() {
        assertThatThrownBy(() -> CephConf.parse("[global]\na = b\nwhat is this\n", "bad.conf"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("bad.conf:3:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "127.0.0.1|[v2:127.0.0.1:3300/0]",
                "127.0.0.1:6800|[v2:127.0.0.1:6800/0]",
                "[v2:127.0.0.1:3300,v1:127.0.0.1:6789]|[v2:127.0.0.1:3300/0]",
                "[v2:127.0.0.1:1,v1:127.0.0.1:2],[v2:127.0.0.2:3/0]|[v2:127.0.0.1:1/0, v2:127.0.0.2:3/0]",
                "127.0.0.1; 127.0.0.2 localhost|[v2:127.0.0.1:3300/0, v2:127.0.0.2:3300/0, v2:127.0.0.1:3300/0]",
                "[::1]:3301|[v2:[0:0:0:0:0:0:0:1]:3301/0]",
                "v2:[::1]:3301/0|[v2:[0:0:0:0:0:0:0:1]:3301/0]",
            })
    void monitorsAreFoundInEverySpelling(String text, String parsed) {
        assertThat(MonHosts.parse(text).toString()).isEqualTo(parsed);
    }

    @Test
    void monitorsThatSpeakOnlyTheOldProtocolAreNoMonitors() {
        assertThatThrownBy(() -> MonHosts.parse("v1:127.0.0.1:6789")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> MonHosts.parse("")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> MonHosts.parse("[v2:127.0.0.1:3300")).isInstanceOf(ConfigException.class);
    }

    @Test
    void theCommandLineWinsOverCephArgsAndTheFile(@TempDir Path folder) throws Exception {
        Path conf = folder.resolve("c.conf");
        Files.writeString(conf, "[client]\nkeyring = /from/file\nmon_host = 127.0.0.9\n");
        CommonOptions options = CommonOptions.parse(
                List.of("-p", "pool", "--id", "bob", "--ms_client_mode=secure", "--debug-ms", "20", "ls", "-"),
                EntityType.CLIENT,
                CommonOptions.Kind.CLIENT,
                Map.of("CEPH_CONF", conf.toString(), "CEPH_ARGS", "--id alice -m 127.0.0.1"));
        assertThat(options.rest()).containsExactly("-p", "pool", "ls", "-");
        assertThat(options.config().name()).hasToString("client.bob");
        assertThat(options.config().find("mon_host")).isEqualTo("127.0.0.1");
        assertThat(options.config().find("keyring")).isEqualTo("/from/file");
        assertThat(options.config().find("ms_client_mode")).isEqualTo("secure");
        assertThat(options.config().integer("debug_ms", 0)).isEqualTo(20);
    }

    @Test
    void aNamedFileThatIsAbsentIsOneClearLine() {
        assertThatThrownBy(() -> CommonOptions.parse(
                        List.of("-c", "/no/such.conf"), EntityType.CLIENT, CommonOptions.Kind.CLIENT, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("/no/such.conf")
                .hasMessageContaining("CEPH_CONF");
    }

    @ParameterizedTest
    @CsvSource({"4096,4096", "4K,4096", "4KiB,4096", "1_000,1000", "2G,2147483648", "1.5k,1536", "-1,-1"})
    void sizesHaveBinaryUnits(String text, long value) {
        assertThat(ConfigValues.size("x", text)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({"x", "4Q", "12 34", "9999999999G", "''"})
    void whatIsNoSizeIsRefused(String text) {
        assertThatThrownBy(() -> ConfigValues.size("x", text)).isInstanceOf(ConfigException.class);
    }

    @Test
    void whatTheMonitorsSayIsWeakerThanTheFileAndWhatIsSetAtRunTimeStrongest() {
        Config config = Config.of(EntityName.parse("osd.0"), CephConf.parse("[osd]\nosd_max_scrubs = 3\n", "x.conf"));
        config.setMonitors(Map.of("osd_max_scrubs", "5", "osd_max_backfills", "7"));
        assertThat(config.integer("osd_max_scrubs", 1)).isEqualTo(3);
        assertThat(config.integer("osd_max_backfills", 1)).isEqualTo(7);
        config.set("osd_max_scrubs", "9");
        assertThat(config.integer("osd_max_scrubs", 1)).isEqualTo(9);
        assertThat(config.sources(Objects.requireNonNull(OptionTable.find("osd_max_scrubs"))))
                .containsExactly(
                        Map.entry(Config.Source.DEFAULT, "1"),
                        Map.entry(Config.Source.MON, "5"),
                        Map.entry(Config.Source.FILE, "3"),
                        Map.entry(Config.Source.OVERRIDE, "9"));
        config.set("osd_max_scrubs", null);
        assertThat(config.integer("osd_max_scrubs", 1)).isEqualTo(3);
    }

    @Test
    void onlyWhoObservesAnOptionHearsOfItsChange() {
        Config config = Config.of(EntityName.parse("osd.0"), CephConf.EMPTY);
        List<String> heard = new ArrayList<>();
        config.observe(Set.of("osd_max_scrubs"), () -> heard.add("scrubs"));
        config.observe(Set.of("osd_max_backfills"), () -> heard.add("backfills"));
        config.setMonitors(Map.of("osd_max_scrubs", "2"));
        config.setMonitors(Map.of("osd_max_scrubs", "2"));
        config.set("osd_max_backfills", "4");
        config.setMonitors(Map.of());
        assertThat(heard).containsExactly("scrubs", "backfills", "scrubs");
    }

    @Test
    void whatIsMadeOfOptionsIsMadeAnewWhenTheyChangeAndOnlyARealChangeIsTold() {
        Config config = Config.of(EntityName.parse("osd.0"), CephConf.EMPTY);
        Live<Duration> grace = Live.of(config, c -> c.span("osd_heartbeat_grace", Duration.ofSeconds(20)));
        List<Duration> heard = new ArrayList<>();
        grace.whenChanged(heard::add);
        config.setMonitors(Map.of("osd_max_scrubs", "2", "osd_heartbeat_grace", "20"));
        assertThat(heard).isEmpty();
        config.set("osd_heartbeat_grace", "30");
        assertThat(grace.get()).isEqualTo(Duration.ofSeconds(30));
        config.set("osd_heartbeat_grace", "a while");
        assertThat(grace.get()).isEqualTo(Duration.ofSeconds(30));
        config.set("osd_heartbeat_grace", null);
        assertThat(heard).containsExactly(Duration.ofSeconds(30), Duration.ofSeconds(20));
    }

    @Test
    void anOptionThatOnlyAStartHeedsIsTakenFromTheMonitorsBeforeItAndIgnoredAfter() {
        Config config = Config.of(EntityName.parse("osd.0"), CephConf.EMPTY);
        config.setMonitors(Map.of("ms_cluster_mode", "secure"));
        config.started();
        config.setMonitors(Map.of("ms_cluster_mode", "crc", "fsid", "x", "nobody_knows", "1"));
        assertThat(config.find("ms_cluster_mode")).isEqualTo("secure");
        assertThat(config.ignored()).containsOnlyKeys("ms_cluster_mode", "fsid", "nobody_knows");
    }
}

package io.spirula.mon.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.ConfigMessage;
import io.spirula.common.message.KvData;
import io.spirula.common.message.MonCommandAck;
import io.spirula.common.message.MonSubscribe;
import io.spirula.common.types.EntityName;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigServiceTest {
    private final TestMonitor mon = new TestMonitor();

    private MonCommandAck set(String who, String option, String value) {
        return mon.command("{\"prefix\":\"config set\",\"who\":\"" + who + "\",\"name\":\"" + option + "\",\"value\":\""
                + value + "\"}");
    }

    private String get(String who, String option) {
        return mon.output("{\"prefix\":\"config get\",\"who\":\"" + who + "\",\"key\":\"" + option + "\"}")
                .strip();
    }

    @Test
    void theMoreParticularSectionWinsAndAMaskBeforeAll() {
        mon.bootOsd(0);
        mon.bootOsd(1);
        mon.command("{\"prefix\":\"osd crush set-device-class\",\"class\":\"nvme\",\"ids\":[\"1\"]}");
        set("global", "osd_max_backfills", "2");
        set("osd", "osd_max_backfills", "3");
        set("osd.0", "osd_max_backfills", "4");
        assertThat(get("osd.0", "osd_max_backfills")).isEqualTo("4");
        assertThat(get("osd.1", "osd_max_backfills")).isEqualTo("3");
        assertThat(get("mon.a", "osd_max_backfills")).isEqualTo("2");
        set("global/class:nvme", "osd_max_backfills", "5");
        assertThat(get("osd.1", "osd_max_backfills")).isEqualTo("5");
        set("osd/host:here", "osd_max_backfills", "6");
        assertThat(get("osd.0", "osd_max_backfills")).isEqualTo("6");
        assertThat(get("osd.1", "osd_max_backfills")).isEqualTo("6");
        assertThat(get("client.x", "osd_max_backfills")).isEqualTo("2");
        assertThat(get("client.x", "osd_max_scrubs")).isEqualTo("1");
    }

    @Test
    void onlyWhomAChangeConcernsIsSentIt() {
        FakeConnection osd = mon.bootOsd(0);
        mon.monitor.dispatch(osd, new MonSubscribe(Map.of("config", new MonSubscribe.Item(0, false)), "here"));
        assertThat(osd.sent(ConfigMessage.class)).hasSize(1);
        set("osd.1", "osd_max_scrubs", "3");
        assertThat(osd.sent(ConfigMessage.class)).hasSize(1);
        set("osd/rack:r1", "osd_max_scrubs", "4");
        assertThat(osd.sent(ConfigMessage.class)).hasSize(1);
        mon.command("{\"prefix\":\"osd crush add-bucket\",\"name\":\"r1\",\"type\":\"rack\"}");
        mon.command("{\"prefix\":\"osd crush move\",\"name\":\"here\",\"args\":[\"rack=r1\"]}");
        assertThat(osd.last(ConfigMessage.class).options()).containsOnly(Map.entry("osd_max_scrubs", "4"));
    }

    @Test
    void theMonitorHeedsWhatItIsToldItself() {
        assertThat(mon.command("{\"prefix\":\"config-key set\",\"key\":\"k\",\"val\":\"12345\"}")
                        .result())
                .isZero();
        set("mon", "mon_config_key_max_entry_size", "4");
        assertThat(mon.command("{\"prefix\":\"config-key set\",\"key\":\"k\",\"val\":\"12345\"}"))
                .extracting(MonCommandAck::result, MonCommandAck::text)
                .containsExactly(
                        -27,
                        "error: entry size limited to 4 bytes. Use 'mon config key max entry size' to manually adjust");
    }

    @Test
    void theHistoryTellsWhatWasAndLeadsBack() {
        set("global", "osd_max_scrubs", "2");
        long then = mon.daemon.services().config().version();
        set("global", "osd_max_scrubs", "3");
        set("osd.0", "debug_osd", "4");
        assertThat(mon.output("{\"prefix\":\"config log\",\"num\":2}"))
                .containsSubsequence(
                        "+ osd.0/debug_osd = 4/4", "- global/osd_max_scrubs = 2", "+ global/osd_max_scrubs = 3")
                .doesNotContain("+ global/osd_max_scrubs = 2");
        mon.command("{\"prefix\":\"config reset\",\"num\":" + then + "}");
        assertThat(mon.output("{\"prefix\":\"config log\",\"num\":1}"))
                .contains("--- reset to " + then + " ---\n")
                .endsWith("- global/osd_max_scrubs = 3\n+ global/osd_max_scrubs = 2\n- osd.0/debug_osd = 4/4\n");
        assertThat(mon.output("{\"prefix\":\"config dump\"}")).isEqualTo("""
            WHO     MASK  LEVEL     OPTION          VALUE  RO
            global        advanced  osd_max_scrubs  2       \s
            """);
    }

    @Test
    void aFileIsTakenOverAndWhatIsNotWorthyComesBack() {
        MonCommandAck ack = mon.command(
                mon.admin,
                "{\"prefix\":\"config assimilate-conf\"}",
                Bytes.of(
                        "[global]\nfsid = 3\nosd max backfills = 3\nfoo = bar\n[osd]\ndebug osd = 4\nosd_max_scrubs = x\n"));
        assertThat(ack.output().utf8())
                .isEqualTo("\n[global]\n\tfoo = bar\n\tfsid = 3\n\n[osd]\n\tosd_max_scrubs = x\n");
        assertThat(get("osd.3", "debug_osd")).isEqualTo("4/4");
        assertThat(get("osd.3", "osd_max_backfills")).isEqualTo("3");
    }

    @Test
    void keysHoldAnyBytes() {
        Bytes value = Bytes.ofHex("00ff10");
        mon.command(mon.admin, "{\"prefix\":\"config-key set\",\"key\":\"a/b\"}", value);
        assertThat(mon.command("{\"prefix\":\"config-key get\",\"key\":\"a/b\"}")
                        .output())
                .isEqualTo(value);
        assertThat(mon.output("{\"prefix\":\"config-key dump\",\"format\":\"json\"}"))
                .isEqualTo("{\"a/b\":\"<<< binary blob of length 3 >>>\"}");
        TestMonitor again = new TestMonitor(mon.store, false);
        assertThat(again.command("{\"prefix\":\"config-key exists\",\"key\":\"a/b\"}")
                        .text())
                .isEqualTo("key 'a/b' exists");
        again.command("{\"prefix\":\"config-key rm\",\"key\":\"a/b\"}");
        assertThat(again.command("{\"prefix\":\"config-key get\",\"key\":\"a/b\"}")
                        .result())
                .isEqualTo(-2);
    }

    @Test
    void aSubscriberToKeysGetsThemAllAndThenWhatChanges() {
        mon.command("{\"prefix\":\"config-key set\",\"key\":\"x/1\",\"val\":\"one\"}");
        mon.command("{\"prefix\":\"config-key set\",\"key\":\"y/1\",\"val\":\"no\"}");
        mon.monitor.dispatch(mon.admin, new MonSubscribe(Map.of("kv:x/", new MonSubscribe.Item(0, false)), ""));
        KvData all = mon.admin.last(KvData.class);
        assertThat(all.incremental()).isFalse();
        assertThat(all.data().utf8()).contains("x/1", "one").doesNotContain("y/1");
        mon.command("{\"prefix\":\"config-key set\",\"key\":\"x/2\",\"val\":\"two\"}");
        KvData news = mon.admin.last(KvData.class);
        assertThat(news.incremental()).isTrue();
        assertThat(news.data().utf8()).contains("x/2", "two").doesNotContain("x/1");
    }

    @Test
    void whoMayNotReadKeysIsSentNone() {
        mon.command("{\"prefix\":\"config-key set\",\"key\":\"x/1\",\"val\":\"secret\"}");
        for (String caps : new String[] {"", "allow profile osd", "allow osd r, allow mon r", "allow command fsid"}) {
            FakeConnection nobody = new FakeConnection(EntityName.client("nobody"), caps, 9100);
            mon.monitor.dispatch(nobody, new MonSubscribe(Map.of("kv:", new MonSubscribe.Item(0, false)), ""));
            mon.command("{\"prefix\":\"config-key set\",\"key\":\"x/1\",\"val\":\"another\"}");
            assertThat(nobody.sent(KvData.class)).isEmpty();
        }
    }
}

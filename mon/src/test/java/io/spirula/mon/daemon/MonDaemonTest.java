package io.spirula.mon.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.message.ConfigMessage;
import io.spirula.common.message.MgrMapMessage;
import io.spirula.common.message.MonCommandAck;
import io.spirula.common.message.MonMapMessage;
import io.spirula.common.message.MonSubscribe;
import io.spirula.common.message.OsdFailure;
import io.spirula.common.message.OsdMapMessage;
import io.spirula.common.message.OsdPgCreate2;
import io.spirula.common.message.OsdPgCreated;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.PgId;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MonDaemonTest {
    private final TestMonitor mon = new TestMonitor();

    private OsdMap map() {
        return mon.daemon.services().osdmap().map();
    }

    private static MonSubscribe subscribe(String what, long start, boolean onetime) {
        return new MonSubscribe(Map.of(what, new MonSubscribe.Item(start, onetime)), "");
    }

    @Test
    void aNewClusterHasOneRuleAndNoOsds() {
        assertThat(map().epoch()).isEqualTo(1);
        assertThat(mon.output("{\"prefix\":\"osd crush rule ls\"}")).isEqualTo("replicated_rule\n");
        assertThat(mon.output("{\"prefix\":\"health\"}"))
                .isEqualTo("HEALTH_WARN OSD count 0 < osd_pool_default_size 3\n");
    }

    @Test
    void aPoolIsThereOnceItsCreationIsAnswered() {
        MonCommandAck ack = mon.command("{\"prefix\":\"osd pool create\",\"pool\":\"p\",\"pg_num\":4}");
        assertThat(ack.result()).isZero();
        assertThat(ack.text()).isEqualTo("pool 'p' created");
        assertThat(map().poolId("p")).isEqualTo(1);
        assertThat(mon.command("{\"prefix\":\"osd pool create\",\"pool\":\"p\"}")
                        .text())
                .isEqualTo("pool 'p' already exists");
    }

    @Test
    void whatWasAnsweredSurvivesARestart() {
        mon.command("{\"prefix\":\"osd pool create\",\"pool\":\"p\"}");
        mon.command("{\"prefix\":\"config set\",\"who\":\"osd\",\"name\":\"debug_osd\",\"value\":\"5\"}");
        String keys = mon.output("{\"prefix\":\"auth ls\"}");
        TestMonitor again = new TestMonitor(mon.store, false);
        assertThat(again.output("{\"prefix\":\"osd pool ls\"}")).isEqualTo("p\n");
        assertThat(again.output("{\"prefix\":\"config get\",\"who\":\"osd.1\",\"key\":\"debug_osd\"}"))
                .isEqualTo("5/5\n");
        assertThat(again.output("{\"prefix\":\"auth ls\"}")).isEqualTo(keys);
    }

    @Test
    void wrongCommandsAreRefusedWithStocksErrno() {
        assertThat(mon.command("{\"prefix\":\"no such\"}").result()).isEqualTo(-22);
        assertThat(mon.command("not json").result()).isEqualTo(-22);
        assertThat(mon.command("{\"prefix\":\"osd pool create\"}").result()).isEqualTo(-22);
        assertThat(mon.command("{\"prefix\":\"osd pool get\",\"pool\":\"x\",\"var\":\"size\"}"))
                .extracting(MonCommandAck::result, MonCommandAck::text)
                .containsExactly(-2, "unrecognized pool 'x'");
        assertThat(mon.command("{\"prefix\":\"osd pool create\",\"pool\":\"p\",\"pg_num\":99999999}")
                        .result())
                .isEqualTo(-34);
    }

    @Test
    void aFormatThatIsNoneGivesPlainText() {
        for (String format : new String[] {"yaml", "bogus", "", "plain"}) {
            assertThat(mon.output("{\"prefix\":\"osd crush rule ls\",\"format\":\"" + format + "\"}"))
                    .isEqualTo("replicated_rule\n");
        }
    }

    @Test
    void aClientThatMayOnlyReadChangesNothing() {
        FakeConnection reader = new FakeConnection(EntityName.client("reader"), "allow r", 9000);
        MonCommandAck ack = mon.command(reader, "{\"prefix\":\"osd pool create\",\"pool\":\"p\"}", Bytes.EMPTY);
        assertThat(ack.result()).isEqualTo(-13);
        assertThat(ack.text()).isEqualTo("access denied");
        assertThat(map().pools()).isEmpty();
    }

    @Test
    void subscribersGetTheirMapsAndThenWhatChanges() {
        mon.monitor.dispatch(mon.admin, subscribe("monmap", 0, false));
        mon.monitor.dispatch(mon.admin, subscribe("mgrmap", 0, false));
        mon.monitor.dispatch(mon.admin, subscribe("config", 0, false));
        mon.monitor.dispatch(mon.admin, subscribe("osdmap", 0, false));
        assertThat(mon.admin.sent(MonMapMessage.class)).hasSize(1);
        assertThat(mon.admin.sent(MgrMapMessage.class)).hasSize(1);
        assertThat(mon.admin.sent(ConfigMessage.class)).hasSize(1);
        assertThat(mon.admin.last(OsdMapMessage.class).fulls()).containsOnlyKeys(1);
        mon.command("{\"prefix\":\"osd pool create\",\"pool\":\"p\"}");
        assertThat(mon.admin.last(OsdMapMessage.class).incrementals()).containsOnlyKeys(2);
        assertThat(mon.admin.last(OsdMapMessage.class).fulls()).isEmpty();
    }

    @Test
    void aBootedOsdIsUpAndInAndMakesGroupsUntilItHas() {
        FakeConnection osd = mon.bootOsd(0);
        assertThat(map().isUp(0)).isTrue();
        assertThat(map().isIn(0)).isTrue();
        mon.monitor.dispatch(osd, subscribe("osd_pg_creates", 0, false));
        mon.command("{\"prefix\":\"osd pool create\",\"pool\":\"p\",\"pg_num\":2}");
        assertThat(osd.last(OsdPgCreate2.class).pgs()).hasSize(2);
        PgPool pool = Objects.requireNonNull(map().pool(1));
        assertThat(pool.has(PoolFlag.CREATING)).isTrue();
        mon.monitor.dispatch(osd, new OsdPgCreated(1, new PgId(1, 0)));
        mon.monitor.dispatch(osd, new OsdPgCreated(1, new PgId(1, 1)));
        mon.reactor.settle();
        assertThat(Objects.requireNonNull(map().pool(1)).has(PoolFlag.CREATING)).isFalse();
    }

    @Test
    void anOsdThatEnoughOthersReportGoesDownAndLaterOut() {
        FakeConnection first = mon.bootOsd(0);
        FakeConnection second = mon.bootOsd(1);
        mon.bootOsd(2);
        OsdFailure report = new OsdFailure(
                1, TestMonitor.FSID, 2, map().osd(2).client(), map().epoch(), OsdFailure.FLAG_FAILED, 21);
        mon.monitor.dispatch(first, report);
        mon.reactor.settle();
        assertThat(map().isUp(2)).isTrue();
        mon.monitor.dispatch(second, report);
        mon.reactor.settle();
        assertThat(map().isUp(2)).isFalse();
        assertThat(map().isIn(2)).isTrue();
        mon.pass(Duration.ofSeconds(610));
        assertThat(map().isIn(2)).isFalse();
        mon.boot(2, map().osd(2).uuid());
        assertThat(map().isUp(2)).isTrue();
        assertThat(map().isIn(2)).isTrue();
    }

    @Test
    void commandsArePrintedAsStockPrintsThem() {
        mon.bootOsd(0);
        mon.bootOsd(1);
        mon.command("{\"prefix\":\"osd pool create\",\"pool\":\"p\",\"pg_num\":2}");
        assertThat(mon.output("{\"prefix\":\"osd tree\"}")).isEqualTo("""
            ID  CLASS  WEIGHT   TYPE NAME      STATUS  REWEIGHT  PRI-AFF
            -1         2.00000  root default                           \s
            -2         2.00000      host here                          \s
             0         1.00000          osd.0      up   1.00000  1.00000
             1         1.00000          osd.1      up   1.00000  1.00000
            """);
        assertThat(mon.output("{\"prefix\":\"osd pool get\",\"pool\":\"p\",\"var\":\"size\",\"format\":\"json\"}"))
                .isEqualTo("{\"pool\":\"p\",\"pool_id\":1,\"size\":3}");
        assertThat(mon.output("{\"prefix\":\"osd pool ls\",\"format\":\"json\"}"))
                .isEqualTo("[\"p\"]");
        assertThat(mon.output("{\"prefix\":\"osd crush rule dump\",\"format\":\"json\"}"))
                .isEqualTo(
                        "[{\"rule_id\":0,\"rule_name\":\"replicated_rule\",\"ruleset\":0,\"type\":1,\"min_size\":1,\"max_size\":10,\"steps\":[{\"op\":\"take\",\"item\":-1,\"item_name\":\"default\"},{\"op\":\"choose_firstn\",\"num\":0,\"type\":\"osd\"},{\"op\":\"emit\"}]}]");
        assertThat(mon.command("{\"prefix\":\"osd out\",\"ids\":[\"1\",\"7\"]}").text())
                .isEqualTo("marked out osd.1. osd.7 does not exist. ");
        assertThat(mon.command("{\"prefix\":\"osd set\",\"key\":\"noout\"}").text())
                .isEqualTo("noout is set");
        assertThat(mon.output("{\"prefix\":\"mon stat\"}"))
                .isEqualTo(
                        "e1: 1 mons at {a=v2:127.0.0.1:3300/0} removed_ranks: {}, election epoch 2, leader 0 a, quorum"
                                + " 0 a\n");
    }

    @Test
    void everyCommandIsDescribed() {
        String all = mon.output("{\"prefix\":\"get_command_descriptions\"}");
        assertThat(all)
                .startsWith("{\"cmd000\":{\"sig\":[\"pg\",\"stat\"]")
                .contains(
                        "\"sig\":[\"osd\",\"pool\",\"rename\",{\"name\":\"srcpool\",\"type\":\"CephPoolname\"},{\"name\":\"destpool\",\"type\":\"CephPoolname\"}],\"help\":\"rename"
                                + " <srcpool> to <destpool>\",\"module\":\"osd\",\"perm\":\"rw\",\"flags\":0}");
    }

    @Test
    void oldMapsGoAndSubscribersFromBeforeStartWithAFullOne() {
        for (int i = 0; i < 270; i++) {
            mon.command("{\"prefix\":\"osd set\",\"key\":\"noout\"}");
            mon.command("{\"prefix\":\"osd unset\",\"key\":\"noout\"}");
        }
        int oldest = (int) mon.daemon.services().osdmap().firstCommitted();
        assertThat(oldest).isGreaterThan(2);
        mon.monitor.dispatch(mon.admin, subscribe("osdmap", 2, true));
        assertThat(mon.admin.sent(OsdMapMessage.class).get(0).fulls()).containsOnlyKeys(oldest);
        assertThat(mon.admin.last(OsdMapMessage.class).incrementals()).containsKey(map().epoch());
    }

    @Test
    void strangeArgumentsAreAnsweredAndChangeNothing() {
        int epoch = map().epoch();
        for (String json : new String[] {
            "{\"prefix\":\"pg map\",\"pgid\":\"999999999999999999.ffffffff\"}",
            "{\"prefix\":\"osd pg-temp\",\"pgid\":\"x\"}",
            "{\"prefix\":\"osd out\",\"ids\":[\"-5\"]}",
            "{\"prefix\":\"osd out\",\"ids\":[\"99999999999\"]}",
            "{\"prefix\":\"osd blocklist\",\"blocklistop\":\"add\",\"addr\":\"nowhere\"}",
            "{\"prefix\":\"auth get\",\"entity\":\"nobody\"}",
            "{\"prefix\":\"osd setcrushmap\"}",
            "{\"prefix\":\"osd pool create\",\"pool\":\"\\u0001\"}",
            "{\"prefix\":\"osd reweight\",\"id\":0,\"weight\":7}",
            "{\"prefix\":\"osd new\",\"uuid\":\"zz\"}",
            "{\"prefix\":[\"osd\",\"tree\"]}",
            "{\"prefix\":\"config get\",\"who\":\"...\"}",
            "{\"prefix\":\"osd crush add-bucket\",\"name\":\"b\",\"type\":\"none\"}",
            "{\"prefix\":\"osd crush move\",\"name\":\"b\",\"args\":[\"=\"]}",
            "{\"prefix\":\"status\",\"format\":{\"a\":1}}",
        }) {
            assertThat(mon.command(json).result()).as(json).isNegative();
        }
        assertThat(map().epoch()).isEqualTo(epoch);
    }
}

package io.spirula.mon.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.message.LogEntry;
import io.spirula.common.message.LogMessage;
import io.spirula.common.message.MonCommandAck;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import io.spirula.mon.service.PaxosService;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What commands and services take from the configuration where nobody says more. */
class ConfiguredDefaultsTest {
    private final TestMonitor mon = new TestMonitor();

    @BeforeEach
    void threeOsds() {
        mon.bootOsd(0);
        mon.bootOsd(1);
        mon.bootOsd(2);
    }

    private void set(String option, String value) {
        assertThat(mon.command("{\"prefix\":\"config set\",\"who\":\"mon\",\"name\":\"" + option + "\",\"value\":\""
                                + value + "\"}")
                        .result())
                .isZero();
    }

    private MonCommandAck create(String name, String rest) {
        return mon.command("{\"prefix\":\"osd pool create\",\"pool\":\"" + name + "\"" + rest + "}");
    }

    private PgPool pool(String name) {
        var map = mon.daemon.services().osdmap().map();
        return Objects.requireNonNull(map.pool(map.poolId(name)));
    }

    @Test
    void aNewPoolHasTheConfiguredFlags() {
        create("plain", "");
        for (String flag : new String[] {"nodelete", "nopgchange", "nosizechange", "bulk"}) {
            set("osd_pool_default_flag_" + flag, "true");
        }
        create("flagged", "");
        create("small", ",\"bulk\":false");

        for (PoolFlag flag :
                new PoolFlag[] {PoolFlag.NODELETE, PoolFlag.NOPGCHANGE, PoolFlag.NOSIZECHANGE, PoolFlag.BULK}) {
            assertThat(pool("plain").has(flag)).as(flag.toString()).isFalse();
            assertThat(pool("flagged").has(flag)).as(flag.toString()).isTrue();
        }
        assertThat(pool("small").has(PoolFlag.BULK)).isFalse();
        assertThat(mon.command("{\"prefix\":\"osd pool set\",\"pool\":\"flagged\",\"var\":\"size\",\"val\":\"2\"}")
                        .result())
                .isEqualTo(-Errno.EPERM);
    }

    @Test
    void theConfiguredPgpNumHoldsForNewPoolsThatNameNone() {
        set("osd_pool_default_pgp_num", "4");
        create("configured", "");
        create("named", ",\"pgp_num\":8");

        assertThat(pool("configured").pgNum()).isEqualTo(8);
        assertThat(pool("configured").pgpNum()).isEqualTo(4);
        assertThat(pool("named").pgpNum()).isEqualTo(8);
        assertThat(create("tooFew", ",\"pg_num\":2").text())
                .isEqualTo(
                        "'pgp_num' must be greater than 0 and lower or equal than 'pg_num', which in this case is 2");
    }

    @Test
    void aBlocklistEntryLastsAsLongAsConfigured() {
        String add = "{\"prefix\":\"osd blocklist\",\"blocklistop\":\"add\",\"addr\":\"10.1.2.3:0/7\"";
        assertThat(mon.command(add + "}").text()).endsWith("(3600 sec)");
        set("mon_osd_blocklist_default_expire", "60");
        assertThat(mon.command(add + "}").text()).endsWith("(60 sec)");
        assertThat(mon.command(add + ",\"expire\":7.5}").text()).endsWith("(7.5 sec)");
    }

    @Test
    void oldVersionsOfTheClusterLogAreForgottenAsConfigured() {
        PaxosService log = mon.daemon.services().log();
        set("mon_max_log_epochs", "3");
        for (int i = 0; i < 10; i++) {
            mon.command("{\"prefix\":\"log\",\"logtext\":[\"line " + i + "\"]}");
        }
        assertThat(log.version()).isGreaterThan(10);
        assertThat(log.version() - log.firstCommitted()).isBetween(3L, 4L);
        assertThat(mon.store.get(log.prefix(), Long.toString(log.firstCommitted() - 1)))
                .isNull();
        assertThat(mon.output("{\"prefix\":\"log last\",\"num\":20}")).contains("line 0");
    }

    private void logLines(int from, int to) {
        List<LogEntry> lines = IntStream.range(from, to)
                .mapToObj(n -> new LogEntry(
                        EntityName.parse("osd.0"),
                        new EntityId(EntityType.OSD, 0),
                        EntityAddrs.NONE,
                        mon.reactor.clock().now(),
                        n,
                        LogEntry.Level.INFO,
                        "line " + n,
                        LogEntry.CLUSTER))
                .toList();
        mon.monitor.dispatch(mon.admin, new LogMessage(0, TestMonitor.FSID, lines));
        mon.reactor.settle();
    }

    @Test
    void asManyLinesAsConfiguredDoNotWaitForCompany() {
        PaxosService log = mon.daemon.services().log();
        set("mon_max_log_entries_per_event", "5");
        mon.pass(Duration.ofSeconds(10));
        long before = log.version();

        logLines(1, 5);
        assertThat(log.version()).isEqualTo(before);
        logLines(5, 6);
        assertThat(log.version()).isEqualTo(before + 1);
    }
}

package io.spirula.mon.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.Command;
import io.spirula.common.message.MonCommandAck;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthMutesTest {
    private final TestMonitor mon = new TestMonitor();

    @BeforeEach
    void threeOsds() {
        mon.bootOsd(0);
        mon.bootOsd(1);
        mon.bootOsd(2);
        mon.command("{\"prefix\":\"osd set\",\"key\":\"noout\"}");
    }

    private String health() {
        return mon.output("{\"prefix\":\"health\"}");
    }

    private MonCommandAck mute(String rest) {
        return mon.command("{\"prefix\":\"health mute\",\"code\":" + rest + "}");
    }

    @Test
    void aMutedAlertDoesNotCountButIsNamed() {
        mute("\"OSDMAP_FLAGS\",\"ttl\":\"10m\"");
        assertThat(health()).isEqualTo("HEALTH_OK (muted: OSDMAP_FLAGS(10m))\n");
        assertThat(mon.output("{\"prefix\":\"health\",\"detail\":\"detail\"}")).isEqualTo("""
                        HEALTH_OK (muted: OSDMAP_FLAGS(10m))
                        (MUTED ttl 10m) [WRN] OSDMAP_FLAGS: noout flag(s) set
                        """);
        assertThat(mon.output("{\"prefix\":\"health\",\"format\":\"json\"}"))
                .startsWith("{\"status\":\"HEALTH_OK\",\"checks\":{\"OSDMAP_FLAGS\":{\"severity\":\"HEALTH_WARN\"")
                .contains("\"muted\":true}},\"mutes\":[{\"code\":\"OSDMAP_FLAGS\",\"ttl\":")
                .contains("\"sticky\":false,\"summary\":\"noout flag(s) set\"");
    }

    @Test
    void onlyWhatIsRaisedCanBeMutedUnlessTheMuteIsSticky() {
        assertThat(mute("\"FOO\""))
                .extracting(MonCommandAck::result, MonCommandAck::text)
                .containsExactly(-2, "health alert FOO is not currently raised");
        assertThat(mute("\"FOO\",\"ttl\":\"x\"").text()).isEqualTo("invalid duration: x (expected digit)");
        assertThat(mute("\"FOO\",\"sticky\":true").result()).isZero();
        assertThat(health()).isEqualTo("HEALTH_WARN noout flag(s) set; (muted: FOO)\n");
        mon.command("{\"prefix\":\"health unmute\"}");
        assertThat(health()).isEqualTo("HEALTH_WARN noout flag(s) set\n");
    }

    @Test
    void aMuteEndsWithItsTimeWithItsAlertAndWhenThatGetsWorse() {
        mute("\"OSDMAP_FLAGS\",\"ttl\":\"1m\"");
        mon.pass(Duration.ofMinutes(2));
        assertThat(health()).isEqualTo("HEALTH_WARN noout flag(s) set\n");
        mute("\"OSDMAP_FLAGS\"");
        mon.command("{\"prefix\":\"osd set\",\"key\":\"noin\"}");
        mon.pass(Duration.ofSeconds(11));
        assertThat(health()).startsWith("HEALTH_WARN ").contains("noin");
        mute("\"OSDMAP_FLAGS\"");
        mon.command("{\"prefix\":\"osd unset\",\"key\":\"noin\"}");
        mon.command("{\"prefix\":\"osd unset\",\"key\":\"noout\"}");
        mon.pass(Duration.ofSeconds(11));
        assertThat(health()).isEqualTo("HEALTH_OK\n");
    }

    @Test
    void aCrashIsWarnedOfUntilItIsAcknowledged() {
        String now = mon.reactor.clock().now().toString();
        String post = "{\"crash_id\":\"c1\",\"timestamp\":\"" + now
                + "\",\"entity_name\":\"osd.1\",\"process_name\":\"ceph-osd\",\"utsname_hostname\":\"here\"}";
        mon.command("{\"prefix\":\"osd unset\",\"key\":\"noout\"}");
        mon.command(mon.admin, "{\"prefix\":\"crash post\"}", Bytes.of(post));
        assertThat(health()).isEqualTo("HEALTH_WARN 1 daemons have recently crashed\n");
        assertThat(mon.output("{\"prefix\":\"crash ls-new\"}")).isEqualTo("ID  ENTITY  NEW  \nc1  osd.1    *   \n");
        assertThat(mon.output("{\"prefix\":\"config-key ls\"}")).contains("mgr/crash/crash/c1");
        mon.command("{\"prefix\":\"crash archive\",\"id\":\"c1\"}");
        assertThat(health()).isEqualTo("HEALTH_OK\n");
        assertThat(mon.output("{\"prefix\":\"crash ls-new\"}")).isEmpty();
        assertThat(mon.command("{\"prefix\":\"crash info\",\"id\":\"c2\"}").text())
                .isEqualTo("crash info: c2 not found");
        mon.command("{\"prefix\":\"crash rm\",\"id\":\"c1\"}");
        assertThat(mon.output("{\"prefix\":\"crash stat\"}")).isEqualTo("0 crashes recorded\n");
    }

    @Test
    void aMonitorThatAsksForNoProofOfGlobalIdsIsWarnedOf() {
        mon.command("{\"prefix\":\"osd unset\",\"key\":\"noout\"}");
        assertThat(health()).isEqualTo("HEALTH_OK\n");
        String set = "{\"prefix\":\"config set\",\"var\":\"auth_allow_insecure_global_id_reclaim\",\"val\":[\"true\"]}";
        mon.monitor.dispatch(mon.admin, new Command(7, TestMonitor.FSID, List.of(set), Bytes.EMPTY));
        assertThat(mon.output("{\"prefix\":\"health\",\"detail\":\"detail\"}")).isEqualTo("""
                        HEALTH_WARN mon is allowing insecure global_id reclaim
                        [WRN] AUTH_INSECURE_GLOBAL_ID_RECLAIM_ALLOWED: mon is allowing insecure global_id reclaim
                            mon.a has auth_allow_insecure_global_id_reclaim set to true
                        """);
    }
}

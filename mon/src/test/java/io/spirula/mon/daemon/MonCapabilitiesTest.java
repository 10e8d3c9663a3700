package io.spirula.mon.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.auth.EntityAuth;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.Command;
import io.spirula.common.message.CommandReply;
import io.spirula.common.message.GetPoolStats;
import io.spirula.common.message.KvData;
import io.spirula.common.message.LogAck;
import io.spirula.common.message.LogMessage;
import io.spirula.common.message.MgrCommand;
import io.spirula.common.message.MgrCommandReply;
import io.spirula.common.message.MonCommandAck;
import io.spirula.common.message.MonGetOsdMap;
import io.spirula.common.message.MonGetVersion;
import io.spirula.common.message.MonSubscribe;
import io.spirula.common.message.OsdAlive;
import io.spirula.common.message.OsdMapMessage;
import io.spirula.common.message.OsdPgCreate2;
import io.spirula.common.message.PoolOp;
import io.spirula.common.message.PoolOpReply;
import io.spirula.common.message.Statfs;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.Errno;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What monitors and manager do not do for those who may not have it done. */
class MonCapabilitiesTest {
    private final TestMonitor mon = new TestMonitor();
    private int port = 9100;

    private FakeConnection client(String caps) {
        return new FakeConnection(EntityName.client("somebody"), caps, port++);
    }

    private FakeConnection subscribed(String caps, String what) {
        FakeConnection c = client(caps);
        mon.monitor.dispatch(c, new MonSubscribe(Map.of(what, new MonSubscribe.Item(0, false)), ""));
        mon.reactor.settle();
        return c;
    }

    /** CVE-2026-50152. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "allow r",
                "allow rw",
                "allow rwx",
                "profile rbd",
                "profile osd",
                "allow service mon rwx",
                "allow command x",
                "nonsense"
            })
    void keysReachNoSubscriberWhoMayNotReadThem(String caps) {
        mon.command("{\"prefix\":\"config-key set\",\"key\":\"secret\",\"val\":\"one\"}");
        for (String what : List.of("kv:", "kv:secret")) {
            FakeConnection c = subscribed(caps, what);
            mon.command("{\"prefix\":\"config-key set\",\"key\":\"secret\",\"val\":\"" + what + "\"}");
            assertThat(c.sent(KvData.class)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"allow *", "allow service config-key r", "allow profile mgr"})
    void keysReachSubscribersWhoMay(String caps) {
        FakeConnection c = subscribed(caps, "kv:");
        mon.command("{\"prefix\":\"config-key set\",\"key\":\"secret\",\"val\":\"x\"}");
        assertThat(c.sent(KvData.class)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"allow service mon r", "allow w", "profile crash", "allow command x", "nonsense"})
    void osdMapsReachNobodyWhoMayNotReadThemNeitherNowNorLater(String caps) {
        FakeConnection c = subscribed(caps, "osdmap");
        mon.monitor.dispatch(c, new MonGetOsdMap(0, 1, 1, 1, 1));
        mon.command("{\"prefix\":\"osd pool create\",\"pool\":\"p\"}");
        assertThat(c.sent(OsdMapMessage.class)).isEmpty();
        assertThat(subscribed("allow service osd r", "osdmap").sent(OsdMapMessage.class))
                .isNotEmpty();
    }

    @Test
    void groupsAreCreatedByThoseOnlyWhoMayWrite() {
        mon.bootOsd(0);
        FakeConnection c = new FakeConnection(EntityName.parse("osd.0"), "allow r", 7100);
        mon.monitor.dispatch(c, new MonSubscribe(Map.of("osd_pg_creates", new MonSubscribe.Item(0, false)), ""));
        mon.command("{\"prefix\":\"osd pool create\",\"pool\":\"p\",\"pg_num\":4}");
        assertThat(c.sent(OsdPgCreate2.class)).isEmpty();
    }

    @Test
    void nothingIsAnsweredThatMayNotBeRead() {
        FakeConnection c = client("allow service auth rwx");
        mon.monitor.dispatch(c, new MonGetVersion(1, "osdmap"));
        mon.monitor.dispatch(c, new Statfs(2, 0, TestMonitor.FSID, OptionalLong.empty()));
        mon.monitor.dispatch(c, new GetPoolStats(3, 0, TestMonitor.FSID, List.of()));
        mon.reactor.settle();
        assertThat(c.sent).isEmpty();
    }

    @Test
    void theLogIsWrittenByThoseOnlyWhoMayWriteIt() {
        FakeConnection reader = client("allow r");
        FakeConnection daemon = client("profile osd");
        for (FakeConnection c : List.of(reader, daemon)) {
            mon.monitor.dispatch(c, new LogMessage(0, TestMonitor.FSID, List.of()));
            mon.reactor.pass(Duration.ofSeconds(2));
        }
        assertThat(reader.sent(LogAck.class)).isEmpty();
        assertThat(daemon.sent(LogAck.class)).hasSize(1);
    }

    @Test
    void aClientThatSpeaksLikeAnOsdIsNotHeard() {
        FakeConnection osd = mon.bootOsd(0);
        int epoch = mon.daemon.services().osdmap().map().epoch();
        FakeConnection posing = client("allow *");
        mon.monitor.dispatch(posing, new OsdAlive(epoch, epoch + 100));
        FakeConnection powerless = new FakeConnection(EntityName.parse("osd.0"), "allow rw", 7101);
        mon.monitor.dispatch(powerless, new OsdAlive(epoch, epoch + 100));
        mon.reactor.settle();
        assertThat(mon.daemon.services().osdmap().map().epoch()).isEqualTo(epoch);
        mon.monitor.dispatch(osd, new OsdAlive(epoch, epoch));
        mon.reactor.settle();
        assertThat(mon.daemon.services().osdmap().map().epoch()).isGreaterThan(epoch);
    }

    @Test
    void whoWritesToAPoolNumbersItsSnapshotsAndDoesNothingElseToIt() {
        mon.command("{\"prefix\":\"osd pool create\",\"pool\":\"p\"}");
        int pool = (int) mon.daemon.services().osdmap().map().poolId("p");
        mon.command(
                "{\"prefix\":\"auth add\",\"entity\":\"client.somebody\",\"caps\":[\"mon\",\"allow r\",\"osd\",\"allow rw pool=p\"]}");
        FakeConnection c = client("allow r");
        assertThat(poolOp(c, PoolOp.CREATE_UNMANAGED_SNAP, pool)).isZero();
        assertThat(poolOp(c, PoolOp.DELETE, pool)).isEqualTo(-Errno.EPERM);
        assertThat(poolOp(c, PoolOp.CREATE_SNAP, pool)).isEqualTo(-Errno.EPERM);
        mon.command(
                "{\"prefix\":\"auth caps\",\"entity\":\"client.somebody\",\"caps\":[\"mon\",\"allow r\",\"osd\",\"allow rw pool=q\"]}");
        assertThat(poolOp(c, PoolOp.CREATE_UNMANAGED_SNAP, pool)).isEqualTo(-Errno.EPERM);
    }

    private int poolOp(FakeConnection c, int op, int pool) {
        mon.monitor.dispatch(c, new PoolOp(1, 0, TestMonitor.FSID, pool, op, 0, 1, "s", 0));
        mon.reactor.settle();
        return c.last(PoolOpReply.class).result();
    }

    @Test
    void aMonitorItselfIsToldThingsByThoseOnlyWhoMayDoAnythingThere() {
        FakeConnection c = client("allow rw");
        mon.monitor.dispatch(c, new Command(1, TestMonitor.FSID, List.of("{\"prefix\":\"status\"}"), Bytes.EMPTY));
        assertThat(c.last(CommandReply.class).result()).isEqualTo(-Errno.EACCES);
        assertThat(c.last(CommandReply.class).text()).isEqualTo("insufficient caps");
    }

    @Test
    void capabilitiesAtTheManagerOpenNoDoorToTheMonitors() {
        FakeConnection c = client("allow *");
        mon.manager.dispatch(c, new MgrCommand(1, TestMonitor.FSID, List.of("{\"prefix\":\"auth ls\"}"), Bytes.EMPTY));
        assertThat(c.last(MgrCommandReply.class).result()).isEqualTo(-Errno.EINVAL);
        assertThat(c.last(MgrCommandReply.class).text()).isEqualTo("No handler found for 'auth ls'");
        FakeConnection none = client("");
        mon.manager.dispatch(
                none, new MgrCommand(2, TestMonitor.FSID, List.of("{\"prefix\":\"pg dump\"}"), Bytes.EMPTY));
        assertThat(none.last(MgrCommandReply.class).result()).isEqualTo(-Errno.EACCES);
    }

    @Test
    void theManagerItselfIsToldThingsByThoseOnlyWhoMayDoAnythingThere() {
        FakeConnection c = client("allow *");
        Command version = new Command(1, TestMonitor.FSID, List.of("{\"prefix\":\"version\"}"), Bytes.EMPTY);
        mon.manager.dispatch(c, version);
        assertThat(c.last(CommandReply.class).result()).isZero();
        assertThat(c.last(CommandReply.class).output().utf8()).contains("16.2.15");
        mon.manager.dispatch(c, new Command(2, TestMonitor.FSID, List.of("{\"prefix\":\"osd df\"}"), Bytes.EMPTY));
        assertThat(c.last(CommandReply.class).result()).isEqualTo(-Errno.EINVAL);
        FakeConnection some = client("allow rw");
        mon.manager.dispatch(some, version);
        assertThat(some.last(CommandReply.class).result()).isEqualTo(-Errno.EACCES);
    }

    @Test
    void newCapabilitiesCountForNewSessions() {
        mon.command("{\"prefix\":\"auth add\",\"entity\":\"client.somebody\",\"caps\":[\"mon\",\"allow r\"]}");
        FakeConnection before = client("allow r");
        mon.command(before, "{\"prefix\":\"status\"}", Bytes.EMPTY);
        mon.command("{\"prefix\":\"auth caps\",\"entity\":\"client.somebody\",\"caps\":[\"mon\",\"allow rw\"]}");
        MonCommandAck ack = mon.command(before, "{\"prefix\":\"osd pool create\",\"pool\":\"p\"}", Bytes.EMPTY);
        assertThat(ack.result()).isEqualTo(-Errno.EACCES);
        EntityAuth now =
                Objects.requireNonNull(mon.daemon.services().auth().entities().get(EntityName.client("somebody")));
        String kept = Objects.requireNonNull(now.caps().get("mon"));
        assertThat(mon.command(client(kept), "{\"prefix\":\"osd pool create\",\"pool\":\"p\"}", Bytes.EMPTY)
                        .result())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"add", "get-or-create", "get-or-create-key", "caps"})
    void aTextThatIsNoCapabilityIsNotGivenToAnybody(String verb) {
        mon.command("{\"prefix\":\"auth add\",\"entity\":\"client.x\"}");
        MonCommandAck ack = mon.command(
                "{\"prefix\":\"auth " + verb + "\",\"entity\":\"client.x\",\"caps\":[\"osd\",\"allow r pool\"]}");
        assertThat(ack.result()).isEqualTo(-Errno.EINVAL);
        assertThat(ack.text()).isEqualTo("osd capability parse failed, stopped at 'pool' of 'allow r pool'");
    }
}

package io.spirula.mon.daemon;

import io.spirula.common.auth.AuthClient;
import io.spirula.common.auth.AuthServer;
import io.spirula.common.auth.CryptoKey;
import io.spirula.common.auth.Keyring;
import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.MonInfo;
import io.spirula.common.maps.MonMap;
import io.spirula.common.message.CompatSet;
import io.spirula.common.message.MonCommand;
import io.spirula.common.message.MonCommandAck;
import io.spirula.common.message.OsdBoot;
import io.spirula.common.message.OsdSuperblock;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Dispatcher;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Uuid;
import io.spirula.mon.ManualReactor;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.MemoryKeyValueStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A whole monitor in one thread, on a virtual clock and a store in memory; a test plays everybody who talks to it. */
final class TestMonitor {
    static final Uuid FSID = Uuid.parse("00000000-1111-2222-3333-444444444444");

    final ManualReactor reactor = new ManualReactor();
    final KeyValueStore store;
    final FakeConnection admin = new FakeConnection(EntityName.client("admin"), "allow *", 9999);
    Dispatcher monitor = (c, m) -> {};
    Dispatcher manager = (c, m) -> {};
    MonDaemon daemon;
    private long tid;

    TestMonitor() {
        this(new MemoryKeyValueStore(), true);
    }

    TestMonitor(KeyValueStore store, boolean isNew) {
        this.store = store;
        if (isNew) {
            MonMap map = MonMap.of(
                    FSID,
                    0,
                    reactor.clock().now(),
                    List.of(MonInfo.of("a", EntityAddrs.of(EntityAddr.msgr2("127.0.0.1", 3300, 0)))));
            Keyring keyring = Keyring.of(
                    new EntityName(EntityType.MON, ""),
                    CryptoKey.generate(new Random(5), reactor.clock().now()));
            MonDaemon.makeStore(store, map, keyring);
        }
        daemon = new MonDaemon("a", env());
        daemon.start();
        reactor.settle();
    }

    private MonDaemon.Env env() {
        CephConf conf = CephConf.parse("""
            [global]
            osd pool default pg num = 8
            mon allow pool delete = true
            osd crush chooseleaf type = 0
            mon osd reporter subtree level = osd
            osd pool default pg autoscale mode = off
            auth allow insecure global id reclaim = false
            """, "test");
        return new MonDaemon.Env(
                reactor,
                new Random(1),
                store,
                (t, done) -> {
                    store.apply(t);
                    reactor.execute(done);
                },
                new MessengerFactory() {
                    @Override
                    public Messenger monitor(int rank, AuthClient client, AuthServer server) {
                        return new FakeMessenger(true);
                    }

                    @Override
                    public Messenger manager(AuthClient client, AuthServer server) {
                        return new FakeMessenger(false);
                    }
                },
                Config.of(new EntityName(EntityType.MON, "a"), conf),
                Map.of("hostname", "here"));
    }

    private final class FakeMessenger implements Messenger {
        private final boolean isMonitor;
        private EntityAddrs addrs = EntityAddrs.NONE;

        FakeMessenger(boolean isMonitor) {
            this.isMonitor = isMonitor;
        }

        @Override
        public void setDispatcher(Dispatcher dispatcher) {
            if (isMonitor) {
                monitor = dispatcher;
            } else {
                manager = dispatcher;
            }
        }

        @Override
        public void bind(EntityAddr address) {
            addrs = EntityAddrs.of(address.port() == 0 ? address.withPort(6800) : address);
        }

        @Override
        public EntityAddrs addrs() {
            return addrs;
        }

        @Override
        public EntityId self() {
            return new EntityId(EntityType.MON, 0);
        }

        @Override
        public void setSelf(EntityId self) {}

        @Override
        public Connection connect(EntityType peerType, EntityAddrs peer) {
            throw new AssertionError("a monitor alone connects to nobody");
        }

        @Override
        public void shutdown() {}
    }

    /** Sends a command as {@code who} and gives the answer. */
    MonCommandAck command(FakeConnection who, String json, Bytes input) {
        monitor.dispatch(who, new MonCommand(++tid, 0, FSID, List.of(json), input));
        reactor.settle();
        return who.last(MonCommandAck.class);
    }

    MonCommandAck command(String json) {
        return command(admin, json, Bytes.EMPTY);
    }

    /** What a command prints. */
    String output(String json) {
        return command(json).output().utf8();
    }

    /** Makes an OSD and boots it; the connection stands for it. */
    FakeConnection bootOsd(int osd) {
        Uuid uuid = Uuid.parse("aaaaaaaa-0000-4000-8000-00000000000" + osd);
        command("{\"prefix\":\"osd new\",\"uuid\":\"" + uuid + "\",\"id\":" + osd + "}");
        command("{\"prefix\":\"osd crush create-or-move\",\"id\":" + osd
                + ",\"weight\":1.0,\"args\":[\"host=here\",\"root=default\"]}");
        return boot(osd, uuid);
    }

    FakeConnection boot(int osd, Uuid uuid) {
        FakeConnection c = new FakeConnection(
                new EntityName(EntityType.OSD, Integer.toString(osd)), "allow profile osd", 7000 + osd);
        OsdSuperblock superblock = new OsdSuperblock(
                FSID, osd, 1, 1, 1, 0, new CompatSet(Map.of(), Map.of(), Map.of()), 0, 0, uuid, 0, Instant.EPOCH, 0);
        EntityAddrs cluster = EntityAddrs.of(EntityAddr.msgr2("127.0.0.1", 7100 + osd, 7));
        monitor.dispatch(
                c,
                new OsdBoot(1, superblock, cluster, cluster, 1, cluster, Map.of("hostname", "here"), Features.PACIFIC));
        reactor.settle();
        return c;
    }

    void pass(Duration time) {
        reactor.pass(time);
    }
}

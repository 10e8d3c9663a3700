package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.ObjectLocator;
import io.spirula.common.maps.SnapContext;
import io.spirula.common.pg.ReqId;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.common.types.Uuid;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Messages of the types that no recording has, and of forms that recordings of their types have not. */
final class MadeMessages {
    private static final Uuid FSID = Uuid.parse("0c8ed1a4-6b2f-4d0e-9b11-3a5f6e7d8c90");
    private static final Bytes BLOB = Bytes.of("blob");
    private static final ShardPgId PG = new ShardPgId(new PgId(3, 0x1f), 2);
    private static final EVersion VERSION = new EVersion(7, 1234);
    private static final ObjectId OBJECT = ObjectId.head(3, Bytes.of("ns"), Bytes.of("key"), Bytes.of("name"), 0x1234);
    private static final EntityAddrs ADDRS = EntityAddrs.of(EntityAddr.msgr2("127.0.0.1", 6800, 42));
    private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000, 5);

    private MadeMessages() {}

    static List<Message> all() {
        return List.of(
                new Ping(BLOB),
                new MonGetOsdMap(1, 2, 3, 4, 5),
                new MonJoin(FSID, "d", ADDRS),
                new MonGlobalId(4_100),
                new MonSubscribeAck(Duration.ofMinutes(5), FSID),
                new Auth(0, 2, BLOB, 9),
                new AuthReply(2, -13, 4123, BLOB, "no"),
                new GetConfig(EntityName.parse("osd.3"), "host", "ssd"),
                new MdsMapMessage(FSID, 4, BLOB, "fs"),
                new ConfigMessage(Map.of("a", "b", "c", "d")),
                new PoolOpReply(5, 1, FSID, 0, 7, BLOB),
                new PgStatsAck(3, 1, Map.of(PG.pg(), VERSION)),
                new MgrClose("3", "osd"),
                new MonHealthChecks(
                        4,
                        new HealthChecks(Map.of(
                                "OSD_DOWN",
                                new HealthChecks.Check(
                                        HealthChecks.Severity.WARN, "1 osds down", List.of("osd.1 is down"), 1)))),
                new OsdBackoff(PG, 3, OsdBackoff.Op.BLOCK, 9, OBJECT, ObjectId.MAX),
                new OsdFull(3, 9, 0x10),
                new OsdForceRecovery(FSID, List.of(PG), OsdForceRecovery.BACKFILL),
                new OsdPgBackfillRemove(PG, 5, Map.of(OBJECT, VERSION)),
                new Forward(
                        7,
                        6,
                        new EntityId(EntityType.CLIENT, 4123),
                        ADDRS,
                        ADDRS.front(),
                        EntityName.client("admin"),
                        4123,
                        -1L,
                        BLOB,
                        MonGetMap.TYPE.encode(new MonGetMap())),
                new Route(7, MonGetMap.TYPE.encode(new MonGetMap()), 5),
                new Route(8, null, 0),
                request(),
                redirection());
    }

    /** A request with every kind of arguments. */
    private static OsdOp request() {
        return new OsdOp(
                77,
                PG,
                9,
                OsdOp.FLAG_WRITE | OsdOp.FLAG_ONDISK,
                new ReqId(new EntityId(EntityType.CLIENT, 4123), 77, 1),
                1,
                TIME,
                OBJECT,
                List.of(
                        new ObjectOp(OsdOpCode.WRITE, new ObjectOpArgs.Extent(1, 4, 3, 4), BLOB),
                        new ObjectOp(OsdOpCode.CMPXATTR, new ObjectOpArgs.Xattr(2, 2, 1, 1), BLOB),
                        new ObjectOp(OsdOpCode.CALL, new ObjectOpArgs.Call(1, 2, 0, 1), BLOB),
                        new ObjectOp(OsdOpCode.PGNLS, new ObjectOpArgs.PgList(100, 9), Bytes.EMPTY),
                        new ObjectOp(OsdOpCode.ROLLBACK, new ObjectOpArgs.Snap(5), Bytes.EMPTY),
                        new ObjectOp(OsdOpCode.WATCH, new ObjectOpArgs.Watch(1, 0, 3, 4, 30), Bytes.EMPTY),
                        new ObjectOp(OsdOpCode.NOTIFY, new ObjectOpArgs.Notify(6), BLOB),
                        new ObjectOp(OsdOpCode.ASSERT_VER, new ObjectOpArgs.AssertVersion(8), Bytes.EMPTY),
                        new ObjectOp(OsdOpCode.COPY_FROM2, new ObjectOpArgs.CopyFrom(1, 2, 3, 4), BLOB),
                        new ObjectOp(OsdOpCode.SETALLOCHINT, new ObjectOpArgs.AllocHint(1, 2, 3), Bytes.EMPTY),
                        new ObjectOp(OsdOpCode.WRITESAME, new ObjectOpArgs.WriteSame(0, 8, 4), BLOB),
                        new ObjectOp(OsdOpCode.CHECKSUM, new ObjectOpArgs.Checksum(0, 8, 4, 2), BLOB),
                        new ObjectOp(OsdOpCode.STAT).withFlags(ObjectOp.FLAG_FAILOK),
                        new ObjectOp(0x7777, 0, ObjectOpArgs.Raw.NONE, BLOB)),
                new SnapContext(9, List.of(9L, 4L)),
                2,
                0x3f01cfbffffdffffL);
    }

    private static OsdOpReply redirection() {
        return new OsdOpReply(
                77,
                OBJECT.name(),
                PG.pg(),
                OsdOp.FLAG_ACK,
                -2,
                VERSION,
                9,
                List.of(ObjectOpResult.of(new ObjectOp(OsdOpCode.STAT), -2, BLOB)),
                2,
                VERSION,
                1234,
                new Redirect(ObjectLocator.of(4, Bytes.EMPTY, Bytes.EMPTY), Bytes.of("there")));
    }
}

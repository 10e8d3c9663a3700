package io.spirula.common.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.ListSnapsResponse;
import io.spirula.common.pg.ListWatchersResponse;
import io.spirula.common.pg.NotifyReplies;
import io.spirula.common.pg.ObjectInfo;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.OsdStat;
import io.spirula.common.pg.PastIntervals;
import io.spirula.common.pg.PgHistory;
import io.spirula.common.pg.PgInfo;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgLogRecord;
import io.spirula.common.pg.PgMissing;
import io.spirula.common.pg.PgNlsResponse;
import io.spirula.common.pg.PgNotify;
import io.spirula.common.pg.PgQuery;
import io.spirula.common.pg.PgStats;
import io.spirula.common.pg.PoolStats;
import io.spirula.common.pg.PushOp;
import io.spirula.common.pg.RecoveryInfo;
import io.spirula.common.pg.RecoveryProgress;
import io.spirula.common.pg.ScrubMap;
import io.spirula.common.pg.SnapSet;
import io.spirula.common.pg.StoreStatfs;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The structures within messages, as stock Ceph sent them. */
class StructuresTest {
    private static final Bytes TAIL = Bytes.of("what a later version appends");

    /** A structure that was within a recorded message. */
    record Sample<T>(Codec<T> codec, T value) {
        Bytes bytes() {
            return codec.toBytes(value);
        }

        @Override
        public String toString() {
            return value.getClass().getSimpleName();
        }
    }

    static List<Sample<?>> samples() {
        OsdPgInfo2 info = recorded(OsdPgInfo2.class).get(0);
        OsdPgLog log = withEntriesAndMissing();
        OsdPgNotify2 notify = recorded(OsdPgNotify2.class).get(0);
        PushOp push = recorded(OsdPgPush.class).get(0).pushes().get(0);
        PgStatsReport report = recorded(PgStatsReport.class).get(2);
        PoolStats pool = recorded(GetPoolStatsReply.class)
                .get(0)
                .stats()
                .values()
                .iterator()
                .next();
        return List.of(
                new Sample<>(PgInfo.CODEC, info.info()),
                new Sample<>(PgStats.CODEC, info.info().stats()),
                new Sample<>(ObjectStats.CODEC, info.info().stats().stats()),
                new Sample<>(PgHistory.CODEC, info.info().history()),
                new Sample<>(PgLogRecord.CODEC, log.log()),
                new Sample<>(PgLogEntry.CODEC, log.log().entries().get(0)),
                new Sample<>(PgMissing.CODEC, log.missing()),
                new Sample<>(PgNotify.CODEC, notify.peerInfo()),
                new Sample<>(PastIntervals.CODEC, notify.peerInfo().pastIntervals()),
                new Sample<>(PgQuery.CODEC, recorded(OsdPgQuery2.class).get(0).query()),
                new Sample<>(PushOp.CODEC, push),
                new Sample<>(RecoveryInfo.CODEC, push.recoveryInfo()),
                new Sample<>(RecoveryProgress.CODEC, push.afterProgress()),
                new Sample<>(ObjectInfo.CODEC, push.recoveryInfo().info()),
                new Sample<>(SnapSet.CODEC, push.recoveryInfo().snapSet()),
                new Sample<>(OsdStat.CODEC, report.osdStat()),
                new Sample<>(StoreStatfs.CODEC, report.osdStat().statfs()),
                new Sample<>(PoolStats.CODEC, pool),
                new Sample<>(OsdSuperblock.CODEC, recorded(OsdBoot.class).get(0).superblock()),
                new Sample<>(
                        HealthChecks.CODEC, recorded(MonMgrReport.class).get(0).healthChecks()));
    }

    private static <M extends Message> List<M> recorded(Class<M> type) {
        List<M> messages = new ArrayList<>();
        for (Recording r : Recording.all()) {
            Message message = MessageRegistry.decode(r.payload());
            if (type.isInstance(message)) {
                messages.add(type.cast(message));
            }
        }
        return messages;
    }

    private static OsdPgLog withEntriesAndMissing() {
        return recorded(OsdPgLog.class).stream()
                .filter(m ->
                        !m.log().entries().isEmpty() && !m.missing().items().isEmpty())
                .findFirst()
                .orElseThrow();
    }

    private static <T> T read(Codec<T> codec, Bytes bytes) {
        return codec.fromBytes(bytes);
    }

    @ParameterizedTest
    @MethodSource("samples")
    <T> void whatALaterVersionAppendsIsSkipped(Sample<T> sample) {
        Decoder old = new Decoder(sample.bytes());
        int version = old.u8();
        int compat = old.u8();
        Bytes body = old.bytes();
        Bytes longer = Bytes.concat(List.of(body, TAIL));
        Encoder out = new Encoder();
        out.u8(version + 1).u8(compat).bytes(longer).u32(0x12345678);

        Decoder in = new Decoder(out.toBytes());
        assertThat(in.get(sample.codec())).isEqualTo(sample.value());
        assertThat(in.i32()).isEqualTo(0x12345678);
    }

    @ParameterizedTest
    @MethodSource("samples")
    <T> void aStructureSurvivesEncodingAndDecoding(Sample<T> sample) {
        assertThat(read(sample.codec(), sample.bytes())).isEqualTo(sample.value());
    }

    @Test
    void recordedListingsAreWrittenAgainByteForByte() {
        int checked = 0;
        for (OsdOpReply reply : recorded(OsdOpReply.class)) {
            for (ObjectOpResult op : reply.ops()) {
                Codec<?> codec = responseCodec(OsdOpCode.of(op.code()));
                if (codec != null && !op.output().isEmpty()) {
                    assertThat(writtenAgain(codec, op.output()).hex())
                            .isEqualTo(op.output().hex());
                    checked++;
                }
            }
        }
        assertThat(checked).isGreaterThanOrEqualTo(3);
    }

    @Test
    void recordedRepliesToNotificationsAreWrittenAgainByteForByte() {
        List<NotifyReplies> all = new ArrayList<>();
        for (WatchNotify m : recorded(WatchNotify.class)) {
            if (!m.data().isEmpty()) {
                assertThat(writtenAgain(NotifyReplies.CODEC, m.data())).isEqualTo(m.data());
                all.add(read(NotifyReplies.CODEC, m.data()));
            }
        }
        assertThat(all).anySatisfy(r -> assertThat(r.replies()).isNotEmpty());
    }

    @Test
    void recordedScrubMapsAreWrittenAgainByteForByte() {
        List<OsdRepScrubMap> all = recorded(OsdRepScrubMap.class);
        for (OsdRepScrubMap m : all) {
            assertThat(writtenAgain(ScrubMap.CODEC, m.scrubMap()).hex())
                    .isEqualTo(m.scrubMap().hex());
        }
        assertThat(all)
                .anySatisfy(m ->
                        assertThat(read(ScrubMap.CODEC, m.scrubMap()).objects()).isNotEmpty());
    }

    private static @Nullable Codec<?> responseCodec(@Nullable OsdOpCode op) {
        if (op == null) {
            return null;
        }
        return switch (op) {
            case PGNLS -> PgNlsResponse.CODEC;
            case LIST_WATCHERS -> ListWatchersResponse.CODEC;
            case LIST_SNAPS -> ListSnapsResponse.CODEC;
            default -> null;
        };
    }

    private static <T> Bytes writtenAgain(Codec<T> codec, Bytes bytes) {
        return codec.toBytes(codec.fromBytes(bytes));
    }
}

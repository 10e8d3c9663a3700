package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import java.time.Instant;

/**
 * What a placement group's newest report said of the group's life, which the next one goes on from, whoever makes it. It travels with infos and writes, so that a new primary knows since when the group was in which condition.
 * Ceph: these members of pg_stat_t, and pg_fast_info_t.
 *
 * @param sequence how many reports there were
 * @param epoch of the map at the time
 * @param state a bit for each of Ceph's PG_STATE_*
 */
public record LastReport(long sequence, int epoch, long state, PgStats.Stamps stamps) {
    public static final Codec<LastReport> CODEC = Codec.of(LastReport::encode, LastReport::decode);

    private static final long PEERED = PgState.ACTIVE | PgState.PEERED;

    public static LastReport of(PgStats stats) {
        return new LastReport(stats.reportedSequence(), stats.reportedEpoch(), stats.state(), stats.stamps());
    }

    public PgStats into(PgStats stats) {
        return stats.toBuilder()
                .reportedSequence(sequence)
                .reportedEpoch(epoch)
                .state(state)
                .stamps(stamps)
                .build();
    }

    public boolean isNewerThan(LastReport other) {
        int byEpoch = Integer.compareUnsigned(epoch, other.epoch);
        return byEpoch > 0 || byEpoch == 0 && sequence > other.sequence;
    }

    /** The report that follows this one. A group that has just ceased to be active counts as active until now. Ceph: PeeringState::prepare_stats_for_publish. */
    public LastReport next(int nowEpoch, long now, Instant at) {
        boolean active = is(now, PgState.ACTIVE);
        boolean peered = is(now, PEERED);
        boolean wasActive = is(state, PgState.ACTIVE);
        PgStats.Stamps next = new PgStats.Stamps(
                at,
                now == state ? stamps.change() : at,
                active || wasActive ? at : stamps.active(),
                peered ? at : stamps.peered(),
                is(now, PgState.CLEAN) ? at : stamps.clean(),
                at,
                is(now, PgState.DEGRADED) ? stamps.undegraded() : at,
                is(now, PgState.UNDERSIZED) ? stamps.fullsized() : at,
                active && !wasActive ? at : stamps.becameActive(),
                peered && !is(state, PEERED) ? at : stamps.becamePeered());
        return new LastReport(sequence + 1, nowEpoch, now, next);
    }

    private static boolean is(long state, long any) {
        return (state & any) != 0;
    }

    private void encode(Encoder out) {
        out.u64(sequence).u32(epoch).u64(state);
        out.time(stamps.fresh()).time(stamps.change()).time(stamps.active()).time(stamps.peered());
        out.time(stamps.clean())
                .time(stamps.unstale())
                .time(stamps.undegraded())
                .time(stamps.fullsized());
        out.time(stamps.becameActive()).time(stamps.becamePeered());
    }

    private static LastReport decode(Decoder in) {
        return new LastReport(
                in.u64(),
                in.i32(),
                in.u64(),
                new PgStats.Stamps(
                        in.time(), in.time(), in.time(), in.time(), in.time(), in.time(), in.time(), in.time(),
                        in.time(), in.time()));
    }
}

package io.spirula.common.maps;

import io.spirula.common.encoding.Codec;

/**
 * The epochs between which an OSD was up, as placement groups need them to know where writes may have gone. Ceph: osd_info_t.
 *
 * @param lastCleanBegin with {@code lastCleanEnd} the last interval that ended with a clean shutdown
 * @param upFrom the epoch in which it was marked up last
 * @param upThru the last epoch in which it is known to have been alive
 * @param downAt the epoch in which it was marked down last
 * @param lostAt the epoch in which its data was given up
 */
public record OsdInfo(int lastCleanBegin, int lastCleanEnd, int upFrom, int upThru, int downAt, int lostAt) {
    public static final OsdInfo NONE = new OsdInfo(0, 0, 0, 0, 0, 0);
    public static final Codec<OsdInfo> CODEC = Codec.of(
            (i, out) -> out.u8(1)
                    .u32(i.lastCleanBegin)
                    .u32(i.lastCleanEnd)
                    .u32(i.upFrom)
                    .u32(i.upThru)
                    .u32(i.downAt)
                    .u32(i.lostAt),
            in -> {
                in.u8();
                return new OsdInfo(in.i32(), in.i32(), in.i32(), in.i32(), in.i32(), in.i32());
            });

    public OsdInfo withLastClean(int begin, int end) {
        return new OsdInfo(begin, end, upFrom, upThru, downAt, lostAt);
    }

    public OsdInfo withUpFrom(int epoch) {
        return new OsdInfo(lastCleanBegin, lastCleanEnd, epoch, upThru, downAt, lostAt);
    }

    public OsdInfo withUpThru(int epoch) {
        return new OsdInfo(lastCleanBegin, lastCleanEnd, upFrom, epoch, downAt, lostAt);
    }

    public OsdInfo withDownAt(int epoch) {
        return new OsdInfo(lastCleanBegin, lastCleanEnd, upFrom, upThru, epoch, lostAt);
    }

    public OsdInfo withLostAt(int epoch) {
        return new OsdInfo(lastCleanBegin, lastCleanEnd, upFrom, upThru, downAt, epoch);
    }
}

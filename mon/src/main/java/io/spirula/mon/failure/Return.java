package io.spirula.mon.failure;

import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdState;
import io.spirula.common.maps.OsdXInfo;
import java.time.Instant;

/**
 * How an OSD that boots comes back.
 *
 * @param weight the weight it gets, {@link Osd#OUT} for the one it has
 * @param xinfo what is remembered of it
 */
public record Return(int weight, OsdXInfo xinfo) {
    /** @param bootEpoch when this process was up first, 0 for never */
    public static Return of(OsdMap map, int osd, int bootEpoch, Instant now, FailureSettings settings) {
        Osd row = map.osd(osd);
        OsdXInfo xinfo = LaggyHistory.afterBoot(row.xinfo(), bootEpoch, now, settings.laggy());
        boolean wanted = settings.in().any()
                || settings.in().autoOut() && row.has(OsdState.AUTOOUT)
                || settings.in().fresh() && row.has(OsdState.NEW);
        if (!wanted || row.weight() != Osd.OUT || !MarkLimits.mayMarkIn(map, osd)) {
            return new Return(Osd.OUT, xinfo);
        }
        return xinfo.oldWeight() == 0
                ? new Return(Osd.IN, xinfo)
                : new Return(xinfo.oldWeight(), xinfo.withOldWeight(0));
    }
}

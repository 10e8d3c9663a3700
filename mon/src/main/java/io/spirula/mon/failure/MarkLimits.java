package io.spirula.mon.failure;

import io.spirula.common.maps.OperatorFlag;
import io.spirula.common.maps.OsdMap;

/** How many OSDs may be marked down or out, and which may not: where too many seem to be gone it is the monitors that are cut off. The map is the pending one, so what is decided already counts. */
public final class MarkLimits {
    private MarkLimits() {}

    public static boolean mayMarkDown(OsdMap map, int osd, FailureSettings settings) {
        return mayMarkDown(map, osd, 0, settings);
    }

    /** The same where {@code decided} go down already beside those of the map. */
    static boolean mayMarkDown(OsdMap map, int osd, int decided, FailureSettings settings) {
        int all = map.numOsds();
        return !OperatorFlag.NODOWN.holds(map, osd)
                && all > 0
                && (float) (map.numUpOsds() - decided) / all >= (float) settings.minUpRatio();
    }

    public static boolean mayMarkUp(OsdMap map, int osd) {
        return !OperatorFlag.NOUP.holds(map, osd);
    }

    public static boolean mayMarkIn(OsdMap map, int osd) {
        return !OperatorFlag.NOIN.holds(map, osd);
    }

    /** Whether one more may go out where {@code decided} do so already beside those of the map. */
    static boolean mayMarkMoreOut(OsdMap map, int decided, FailureSettings settings) {
        int all = map.numOsds();
        return all > 0 && (float) (map.numInOsds() - decided) / all >= (float) settings.minInRatio();
    }
}

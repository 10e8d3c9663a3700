package io.spirula.crush;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** 16.16 fixed-point weights as text. */
final class FixedPoint {
    private FixedPoint() {}

    /** As C prints the (signed) number as a float with three decimals. */
    static String text(int weight) {
        return new BigDecimal(weight / 65536f)
                .setScale(3, RoundingMode.HALF_EVEN)
                .toPlainString();
    }
}

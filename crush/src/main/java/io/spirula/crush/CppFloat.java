package io.spirula.crush;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Floating-point numbers as C++ streams print them by default: some significant digits, no trailing zeros. */
public final class CppFloat {
    private CppFloat() {}

    /** As {@code printf("%g")} does. */
    public static String text(double value) {
        return text(value, 6);
    }

    /** As {@code printf("%.{digits}g")} does. */
    public static String text(double value, int digits) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < digits) {
            return rounded.stripTrailingZeros().toPlainString();
        }
        BigDecimal mantissa = rounded.movePointLeft(exponent).stripTrailingZeros();
        String sign = exponent < 0 ? "-" : "+";
        int size = Math.abs(exponent);
        return mantissa.toPlainString() + "e" + sign + (size < 10 ? "0" : "") + size;
    }
}

package io.spirula.common.format;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as Ceph prints them: C++ streams' floating point, and sizes with a unit. */
public final class Numbers {
    private static final int STREAM_DIGITS = 6;
    /** Enough for every double to be read back as it was. */
    private static final int EXACT_DIGITS = 17;

    private static final String[] BYTES = {" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB"};
    private static final String[] COUNTS = {"", "k", "M", "G", "T", "P", "E"};

    private Numbers() {}

    /** As in Ceph's plain texts: at most six digits, {@code 0.599991}. */
    public static String plain(double value) {
        return general(value, STREAM_DIGITS);
    }

    /** As in Ceph's JSON: at most 17 digits, {@code 0.94999998807907104}. */
    public static String exact(double value) {
        return general(value, EXACT_DIGITS);
    }

    /** C's {@code %.DIGITSg}. */
    public static String general(double value, int digits) {
        if (Double.isNaN(value)) {
            return Double.doubleToRawLongBits(value) < 0 ? "-nan" : "nan";
        }
        if (Double.isInfinite(value)) {
            return value < 0 ? "-inf" : "inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        rounded = rounded.stripTrailingZeros();
        if (exponent >= -4 && exponent < digits) {
            return rounded.toPlainString();
        }
        String unscaled = rounded.unscaledValue().abs().toString();
        String mantissa = unscaled.length() == 1 ? unscaled : unscaled.charAt(0) + "." + unscaled.substring(1);
        String sign = rounded.signum() < 0 ? "-" : "";
        return sign + mantissa + "e" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }

    /** C's {@code %.DECIMALSf}. */
    public static String fixed(double value, int decimals) {
        return new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
    }

    /** A size in powers of 1024, {@code 1.2 GiB}. Ceph: byte_u_t. */
    public static String bytes(long value) {
        return withUnit(value, 1024, BYTES);
    }

    /** A count in powers of 1000, {@code 1.23k}. Ceph: si_u_t. */
    public static String count(long value) {
        return withUnit(value, 1000, COUNTS);
    }

    private static String withUnit(long value, int step, String[] units) {
        long whole = value;
        long unit = 1;
        int index = 0;
        while (Long.compareUnsigned(whole, step) >= 0 && index < units.length - 1) {
            whole = Long.divideUnsigned(whole, step);
            unit *= step;
            index++;
        }
        if (index == 0 || Long.remainderUnsigned(value, unit) == 0) {
            return whole + units[index];
        }
        double scaled = unsigned(value) / unit;
        String text = "";
        for (int decimals = 2; decimals >= 0; decimals--) { // as many decimals as fit in seven characters
            text = String.format(Locale.ROOT, "%s%s", fixed(scaled, decimals), units[index]);
            if (text.length() <= 7) {
                break;
            }
        }
        return text;
    }

    private static double unsigned(long value) {
        return value >= 0 ? value : (value >>> 1) * 2.0;
    }
}

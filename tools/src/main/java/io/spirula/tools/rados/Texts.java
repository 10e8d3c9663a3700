package io.spirula.tools.rados;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.Errno;
import io.spirula.librados.RadosException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How Ceph's tools write errors, numbers, times and bytes. */
final class Texts {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxx", Locale.ROOT);

    private Texts() {}

    /** {@code (2) No such file or directory}. Ceph: cpp_strerror. */
    static String error(RadosException e) {
        return error(e.errno());
    }

    static String error(int errno) {
        return "(" + errno + ") " + Errno.textOf(errno);
    }

    static String time(Instant instant) {
        return TIME.format(instant.atZone(ZoneId.systemDefault()));
    }

    /** {@code 12 KiB}, with at most seven characters. Ceph: byte_u_t. */
    static String bytes(long value) {
        String[] units = {" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB"};
        int unit = 0;
        long whole = value;
        while (whole >= 1024 && unit < units.length - 1) {
            whole /= 1024;
            unit++;
        }
        long multiple = 1L << 10 * unit;
        if (value % multiple == 0) {
            return whole + units[unit];
        }
        String text = "";
        for (int digits = 2; digits >= 0; digits--) {
            text = String.format(Locale.ROOT, "%." + digits + "f", (double) value / multiple) + units[unit];
            if (text.length() <= 7) {
                break;
            }
        }
        return text;
    }

    /** A number as C++ streams and printf's %g write it: six significant digits and no zeros behind them. */
    static String general(double value) {
        if (value == 0) {
            return "0";
        }
        String scientific = String.format(Locale.ROOT, "%.5e", value);
        int exponent = Integer.parseInt(scientific.substring(scientific.indexOf('e') + 1));
        if (exponent < -4 || exponent >= 6) {
            String mantissa = trimZeros(scientific.substring(0, scientific.indexOf('e')));
            return mantissa + (exponent < 0 ? "e-" : "e+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
        }
        return trimZeros(String.format(Locale.ROOT, "%." + (5 - exponent) + "f", value));
    }

    private static String trimZeros(String number) {
        return number.indexOf('.') < 0 ? number : number.replaceAll("0+$", "").replaceAll("\\.$", "");
    }

    /** As hexdump -C prints it. Ceph: bufferlist::hexdump. */
    static String hexdump(Bytes bytes) {
        StringBuilder out = new StringBuilder();
        boolean repeating = false;
        for (int at = 0; at < bytes.size(); at += 16) {
            Bytes row = bytes.slice(at, Math.min(16, bytes.size() - at));
            if (at > 0 && row.size() == 16 && row.equals(bytes.slice(at - 16, 16))) {
                if (!repeating) {
                    out.append("*\n");
                }
                repeating = true;
                continue;
            }
            repeating = false;
            out.append(String.format("%08x ", at));
            for (int i = 0; i < 16; i++) {
                if (i == 8) {
                    out.append(' ');
                }
                out.append(i < row.size() ? String.format(" %02x", row.get(i)) : "   ");
            }
            out.append("  |");
            for (int i = 0; i < row.size(); i++) {
                byte b = row.get(i);
                out.append(b >= 32 && b < 127 ? (char) b : '.');
            }
            out.append("|\n");
        }
        return bytes.isEmpty()
                ? ""
                : out.append(String.format("%08x\n", bytes.size())).toString();
    }

    /** A string within JSON. */
    static String json(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                default -> out.append(c < 32 ? String.format("\\u%04x", (int) c) : Character.toString(c));
            }
        }
        return out.append('"').toString();
    }
}

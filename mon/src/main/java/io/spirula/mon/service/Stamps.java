package io.spirula.mon.service;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times as Ceph prints them. */
public final class Stamps {
    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    private Stamps() {}

    /** {@code 2026-11-22T12:44:10.314166+0000}; a time never set as its seconds. */
    public static String iso(Instant stamp) {
        return stamp.getEpochSecond() < 60L * 60 * 24 * 365 * 10
                ? stamp.getEpochSecond() + "." + String.format("%06d", stamp.getNano() / 1000)
                : ISO.format(stamp) + "+0000";
    }

    /** {@code 2026-11-22T12:44:10.168587Z}. */
    public static String utc(Instant stamp) {
        return ISO.format(stamp) + "Z";
    }

    /** A span for people: {@code 40s}, {@code 3m}, {@code 2h}; the largest unit of which there are at least two. Ceph: timespan_str. */
    public static String span(Duration span) {
        long s = Math.max(0, span.toSeconds());
        if (s < 120) {
            return s + "s";
        }
        long m = s / 60;
        if (m < 120) {
            return m + "m";
        }
        long h = m / 60;
        if (h < 48) {
            return h + "h";
        }
        long d = h / 24;
        if (d < 14) {
            return d + "d";
        }
        long w = d / 7;
        if (w < 12) {
            return w + "w";
        }
        long mo = d / 30;
        return mo < 24 ? mo + "M" : d / 365 + "y";
    }
}

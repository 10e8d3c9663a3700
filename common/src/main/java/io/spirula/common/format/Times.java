package io.spirula.common.format;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Points in time as Ceph prints them. Source: include/utime.h. */
public final class Times {
    /** What is earlier is taken for a span, ten years of seconds. */
    private static final long FIRST_DATE = 60L * 60 * 24 * 365 * 10;

    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxx", Locale.ROOT);
    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT);

    private static final DateTimeFormatter CALENDAR =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);

    private Times() {}

    /** {@code 2026-11-22T10:26:11.771386+0000} in this machine's zone; {@code 0.000000} for what is no date. */
    public static String local(Instant time) {
        return time.getEpochSecond() < FIRST_DATE ? seconds(time) : LOCAL.format(time.atZone(ZoneId.systemDefault()));
    }

    /** {@code 2026-11-22T10:26:11.771386Z}; {@code 0.000000} for what is no date. */
    public static String utc(Instant time) {
        return time.getEpochSecond() < FIRST_DATE ? seconds(time) : UTC.format(time.atZone(ZoneOffset.UTC));
    }

    /** {@code Sun Nov 22 10:26:11 2026}. C: ctime. */
    public static String calendar(Instant time, ZoneId zone) {
        return CALENDAR.format(time.atZone(zone));
    }

    private static String seconds(Instant time) {
        return String.format(Locale.ROOT, "%d.%06d", time.getEpochSecond(), time.getNano() / 1000);
    }

    /** A span in its largest unit, {@code 5m} or {@code 2h}, as {@code ceph -s} shows ages. Ceph: utimespan_str, timespan_str. */
    public static String span(Duration span) {
        long seconds = span.toSeconds();
        if (seconds < 120) {
            return seconds + "s";
        }
        if (seconds < 120 * 60) {
            return seconds / 60 + "m";
        }
        if (seconds < 48 * 3600) {
            return seconds / 3600 + "h";
        }
        if (seconds < 14 * 24 * 3600) {
            return seconds / (24 * 3600) + "d";
        }
        if (seconds < 12 * 7 * 24 * 3600) {
            return seconds / (7 * 24 * 3600) + "w";
        }
        if (seconds < 2 * 365 * 24 * 3600) {
            return seconds / (30 * 24 * 3600) + "M";
        }
        return seconds / (365L * 24 * 3600) + "y";
    }
}

package io.spirula.common.maps;

import java.util.List;

/**
 * Something that is wrong with a map. Ceph: health_check_t.
 *
 * @param code what kind of thing, {@code OSD_DOWN}
 * @param severity HEALTH_OK, HEALTH_WARN or HEALTH_ERR
 * @param count how many things it is about
 */
public record HealthCheck(String code, String severity, String summary, long count, List<String> detail) {
    public static final String OK = "HEALTH_OK";
    public static final String WARN = "HEALTH_WARN";
    public static final String ERR = "HEALTH_ERR";

    public HealthCheck {
        detail = List.copyOf(detail);
    }
}

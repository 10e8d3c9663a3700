package io.spirula.osd.daemon;

import io.spirula.common.config.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A command by which a starting OSD sees to its place in the CRUSH map. Source: OSD::update_crush_location, update_crush_device_class.
 *
 * @param arguments members of the command's JSON
 */
record CrushStep(String prefix, String arguments) {
    private static final double LEAST_WEIGHT = 0.00001;
    private static final double TEBIBYTE = 1L << 40;

    /** What is to be done, as the configuration is now: the monitors' part of it comes after the daemon's start. */
    static List<CrushStep> of(OsdSettings settings, long storeBytes) {
        Config config = settings.config();
        List<CrushStep> steps = new ArrayList<>();
        if (config.bool("osd_crush_update_on_start", true)) {
            double wanted = config.real("osd_crush_initial_weight", -1);
            double weight = wanted >= 0 ? wanted : Math.max(LEAST_WEIGHT, storeBytes / TEBIBYTE);
            String location = location(config, settings.host()).entrySet().stream()
                    .map(e -> '"' + e.getKey() + '=' + e.getValue() + '"')
                    .collect(Collectors.joining(","));
            steps.add(new CrushStep(
                    "osd crush create-or-move",
                    String.format(
                            Locale.ROOT,
                            "\"id\":%d,\"weight\":%.4f,\"args\":[%s]",
                            settings.whoami(),
                            weight,
                            location)));
        }
        if (config.bool("osd_class_update_on_start", true)) {
            steps.add(new CrushStep(
                    "osd crush set-device-class",
                    "\"class\":\"" + settings.deviceClass() + "\",\"ids\":[\"" + settings.whoami() + "\"]"));
        }
        return steps;
    }

    /** Buckets by their types. */
    private static SortedMap<String, String> location(Config config, String host) {
        SortedMap<String, String> location = new TreeMap<>();
        for (String part :
                config.string("crush_location", "root=default host=" + host).split("\\s+")) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                location.put(part.substring(0, equals), part.substring(equals + 1));
            }
        }
        return location;
    }
}

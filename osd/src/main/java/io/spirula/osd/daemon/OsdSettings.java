package io.spirula.osd.daemon;

import io.spirula.common.config.Config;
import io.spirula.common.config.ConfigException;
import io.spirula.common.types.EntityAddr;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How one OSD is set up, as long as it runs; {@link OsdTuning} has what may change.
 *
 * @param publicAddr where clients reach it; port 0 for a free one
 * @param clusterAddr where other OSDs reach it
 * @param objectStore the kind of store: rocks or memory
 * @param deviceClass what it calls its disk: hdd, ssd, nvme
 * @param host the machine's short name
 * @param config for what may change while it runs
 * @param metadata what {@code ceph osd metadata} shows beside what the daemon knows itself
 */
public record OsdSettings(
        int whoami,
        EntityAddr publicAddr,
        EntityAddr clusterAddr,
        String objectStore,
        String deviceClass,
        String host,
        SortedMap<String, String> metadata,
        Config config) {

    /** Throws ConfigException. */
    public static OsdSettings of(Config config, String host, Map<String, String> metadata) {
        int whoami;
        try {
            whoami = Integer.parseUnsignedInt(config.name().id());
        } catch (NumberFormatException e) {
            throw new ConfigException("an OSD needs its number: -i N", e);
        }
        String bindTo = config.string("public_addr", "0.0.0.0");
        String backAddr = config.string("cluster_addr", bindTo);
        return new OsdSettings(
                whoami,
                address("public_addr", bindTo),
                address("cluster_addr", backAddr),
                config.string("osd_objectstore", "rocks"),
                config.string("osd_class", "ssd"),
                host,
                new TreeMap<>(metadata),
                config);
    }

    private static EntityAddr address(String option, String text) {
        try {
            int colon = text.startsWith("[") ? text.indexOf("]:") + 1 : text.lastIndexOf(':');
            boolean hasPort =
                    colon > 0 && text.indexOf(':') == text.lastIndexOf(':') || text.startsWith("[") && colon > 1;
            String host = hasPort ? text.substring(0, colon) : text;
            int port = hasPort ? Integer.parseInt(text.substring(colon + 1)) : 0;
            return EntityAddr.msgr2(host.replace("[", "").replace("]", ""), port, 0);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(option + " = '" + text + "' is not an address", e);
        }
    }

    /** Whether the store is on a rotating disk. */
    boolean isRotating() {
        return deviceClass.equals("hdd");
    }
}

package io.spirula.mon.service;

import io.spirula.crush.CrushContent;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom an option of the central configuration is for: a section ({@code global}, {@code osd}, {@code osd.3}, {@code client.rgw.a}) and, if it is masked, only those of a place in the CRUSH tree or of a device class. Source:
 * mon/ConfigMap.cc.
 */
record ConfigTarget(String section, String locationType, String locationValue, String deviceClass) {
    private static final Set<String> TYPES = Set.of("auth", "mon", "osd", "mds", "mgr", "client");

    /** From {@code osd/host:a/class:ssd}; null if it is not so spelled. */
    static @Nullable ConfigTarget parse(String who) {
        String section = "global";
        String type = "";
        String value = "";
        String deviceClass = "";
        for (String part : who.split("/", -1)) {
            int colon = part.indexOf(':');
            if (part.equals("global")) {
                section = part;
            } else if (colon >= 0 && part.startsWith("class:")) {
                deviceClass = part.substring(colon + 1);
            } else if (colon >= 0) {
                type = part.substring(0, colon);
                value = part.substring(colon + 1);
            } else if (TYPES.contains(part.split("\\.", 2)[0])) {
                section = part;
            } else {
                return null;
            }
        }
        return new ConfigTarget(section, type, value, deviceClass);
    }

    String mask() {
        String place = locationType.isEmpty() ? "" : locationType + ":" + locationValue;
        String disk = deviceClass.isEmpty() ? "" : "class:" + deviceClass;
        return place.isEmpty() || disk.isEmpty() ? place + disk : place + "/" + disk;
    }

    boolean isMasked() {
        return !locationType.isEmpty() || !deviceClass.isEmpty();
    }

    boolean covers(Map<String, String> location, String classOfDevice) {
        return (deviceClass.isEmpty() || deviceClass.equals(classOfDevice))
                && (locationType.isEmpty() || locationValue.equals(location.get(locationType)));
    }

    /** How particular the mask is: the smaller, the more. A small bucket is more particular than a large one, a place more than a class. */
    int breadth(CrushContent crush) {
        int type = locationType.isEmpty() ? -1 : crush.typeId(locationType);
        return type >= 0 ? type : crush.typeNames().size() + (deviceClass.isEmpty() ? 1 : 0);
    }

    /** As it is spelled and stored. */
    @Override
    public String toString() {
        return isMasked() ? section + "/" + mask() : section;
    }
}

package io.spirula.common.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One argument of a command as its signature declares it.
 *
 * @param type Ceph's name of it, {@code CephPoolname}
 * @param many whether the argument may be given several times
 * @param attributes everything declared, by name in order: what the description shows
 */
public record Argument(String name, String type, boolean required, boolean many, Map<String, String> attributes) {

    /** Parses {@code name=pool,type=CephPoolname,req=false}. */
    static Argument parse(String declaration) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (String part : declaration.split(",")) {
            int equals = part.indexOf('=');
            attributes.put(part.substring(0, equals), part.substring(equals + 1));
        }
        String required = attributes.getOrDefault("req", "true");
        attributes.putIfAbsent("type", "CephString");
        return new Argument(
                attributes.getOrDefault("name", ""),
                attributes.getOrDefault("type", ""),
                required.equalsIgnoreCase("true"),
                attributes.containsKey("n"),
                new TreeMap<>(attributes));
    }

    List<String> choices() {
        String strings = attributes.get("strings");
        return strings == null ? List.of() : List.of(strings.split("\\|"));
    }

    /** The bounds of a number: the lowest and, if there are two, the highest. */
    List<String> range() {
        String range = attributes.get("range");
        return range == null ? List.of() : List.of(range.split("\\|"));
    }

    /** A set of characters such as {@code [A-Za-z0-9-_.]}, or null for any. */
    @Nullable
    String goodCharacters() {
        return attributes.get("goodchars");
    }
}

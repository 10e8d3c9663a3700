package io.spirula.common.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A ceph.conf file: sections of {@code key = value} lines. Keys may be spelled with spaces, underscores or dashes alike; {@code #} and {@code ;} begin a comment, a backslash at a line's end joins the next line to it,
 * and a value may stand in quotes. The last of several equal keys holds.
 */
public final class CephConf {
    public static final CephConf EMPTY = new CephConf("(none)", Map.of());

    private final String source;
    private final Map<String, Map<String, String>> sections;

    private CephConf(String source, Map<String, Map<String, String>> sections) {
        this.source = source;
        this.sections = sections;
    }

    /** Throws ConfigException, with the line, for what is not a configuration or can't be read. */
    public static CephConf load(Path file) {
        try {
            return parse(Files.readString(file, StandardCharsets.UTF_8), file.toString());
        } catch (NoSuchFileException e) {
            throw new ConfigException("no configuration file " + file + ": name one with -c or CEPH_CONF", e);
        } catch (IOException e) {
            throw new ConfigException("can't read the configuration file " + file + ": " + e.getMessage(), e);
        }
    }

    public static CephConf parse(String text, String source) {
        Map<String, Map<String, String>> sections = new LinkedHashMap<>();
        Map<String, String> section = sections.computeIfAbsent("global", s -> new LinkedHashMap<>());
        int number = 0;
        for (String line : joinedLines(text)) {
            number += 1 + (int) line.chars().filter(c -> c == '\n').count();
            String content = ConfLine.withoutComment(line.replace("\n", "")).strip();
            if (content.isEmpty()) {
                continue;
            }
            if (content.startsWith("[")) {
                if (!content.endsWith("]") || content.length() < 3) {
                    throw new ConfigException(source + ":" + number + ": a section is written [name]: " + content);
                }
                String name = content.substring(1, content.length() - 1).strip();
                section = sections.computeIfAbsent(name, s -> new LinkedHashMap<>());
                continue;
            }
            int equals = content.indexOf('=');
            if (equals <= 0) {
                throw new ConfigException(source + ":" + number + ": neither [section] nor key = value: " + content);
            }
            String key = normalize(content.substring(0, equals));
            section.remove(key);
            section.put(key, ConfLine.unquote(content.substring(equals + 1).strip()));
        }
        return new CephConf(source, sections);
    }

    /** Lines with their continuations, the joined line ends kept so that lines can be counted. */
    private static List<String> joinedLines(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder joined = new StringBuilder();
        for (String line : text.split("\r?\n", -1)) {
            if (line.endsWith("\\")) {
                joined.append(line, 0, line.length() - 1).append('\n');
            } else {
                lines.add(joined.append(line).toString());
                joined.setLength(0);
            }
        }
        if (!joined.isEmpty()) {
            lines.add(joined.toString());
        }
        return lines;
    }

    /** The one spelling of an option's name: lower case with underscores. */
    public static String normalize(String key) {
        return key.strip().toLowerCase(Locale.ROOT).replaceAll("[\\s_-]+", "_");
    }

    /** A section's own value for a key, not expanded. */
    public @Nullable String raw(String section, String key) {
        Map<String, String> values = sections.get(section);
        return values == null ? null : values.get(normalize(key));
    }

    public List<String> sectionNames() {
        return List.copyOf(sections.keySet());
    }

    public Map<String, String> section(String name) {
        return Collections.unmodifiableMap(sections.getOrDefault(name, Map.of()));
    }

    /** Where this came from, for messages. */
    public String source() {
        return source;
    }
}

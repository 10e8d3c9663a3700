package io.spirula.common.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All options that a cluster knows, read from the table {@code options.tsv} when one is first asked for. Those that Spirula does not heed are there too: administrators and stock daemons set them. */
public final class OptionTable {
    private static final int COLUMNS = 12;

    private OptionTable() {}

    private static final class Loaded {
        static final Map<String, Option> BY_NAME = Collections.unmodifiableMap(load());
    }

    /** The option of that very name, or null. */
    public static @Nullable Option find(String name) {
        return Loaded.BY_NAME.get(name);
    }

    /** All options, in Ceph's order. */
    public static Collection<Option> all() {
        return Loaded.BY_NAME.values();
    }

    /** All options, by name. */
    public static List<Option> sorted() {
        return all().stream().sorted(Comparator.comparing(Option::name)).toList();
    }

    private static Map<String, Option> load() {
        Map<String, Option> all = new LinkedHashMap<>(4096);
        try (InputStream in = OptionTable.class.getResourceAsStream("options.tsv")) {
            if (in == null) {
                throw new IllegalStateException("the table of options is not in the archive");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    Option option = option(Arrays.copyOf(line.split("\t", -1), COLUMNS));
                    all.put(option.name(), option);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private static Option option(@Nullable String[] columns) {
        return new Option(
                text(columns[0]),
                OptionType.valueOf(text(columns[1]).toUpperCase(Locale.ROOT)),
                text(columns[2]),
                text(columns[3]),
                text(columns[4]),
                text(columns[5]),
                text(columns[6]),
                list(columns[7]),
                list(columns[8]),
                list(columns[9]),
                list(columns[10]),
                text(columns[11]));
    }

    private static String text(@Nullable String column) {
        return column == null ? "" : column;
    }

    private static List<String> list(@Nullable String column) {
        return text(column).isEmpty() ? List.of() : List.of(text(column).split(","));
    }
}

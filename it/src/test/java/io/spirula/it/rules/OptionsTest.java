package io.spirula.it.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.config.Option;
import io.spirula.common.config.OptionTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** An option's description promises that it does something: some code has to read it. */
class OptionsTest {
    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LITERAL = Pattern.compile("\"([a-z0-9_/]+)\"|\\$([a-z_]+)");

    /** The first parts of names that several kinds of daemons compose, each with its own kind. */
    private static final List<String> KINDS = List.of("mon", "osd");

    /** What each file has between quotes: whole names, parts of some, and names that stand for what they are set to, as {@code $run_dir} does. */
    private static List<Set<String>> literals() throws IOException {
        List<Set<String>> all = new ArrayList<>();
        for (Path file : SourceFormat.sources(CHECKOUT)) {
            // Which options of a command line are the configuration's says nothing of what they do.
            if (file.toString().contains("/src/main/java/") && !file.endsWith("KnownOptions.java")) {
                Set<String> found = new HashSet<>();
                LITERAL.matcher(Files.readString(file))
                        .results()
                        .forEach(m -> found.add(m.group(1) == null ? m.group(2) : m.group(1)));
                all.add(found);
            }
        }
        return all;
    }

    private static boolean names(Set<String> file, String option) {
        if (file.contains(option)) {
            return true;
        }
        for (int at = 1; at < option.length(); at++) {
            String first = option.substring(0, at);
            if ((KINDS.contains(first) || file.contains(first)) && file.contains(option.substring(at))) {
                return true;
            }
        }
        return false;
    }

    @Test
    void whatIsDescribedIsReadSomewhere() throws IOException {
        List<Set<String>> files = literals();
        List<String> idle = OptionTable.all().stream()
                .filter(o -> !o.description().isEmpty())
                .map(Option::name)
                .filter(name -> files.stream().noneMatch(f -> names(f, name)))
                .toList();
        assertThat(idle)
                .as("options that are said to do something, and that no source names whole or in two parts: "
                        + "make them do it, or take their description out of options.tsv")
                .isEmpty();
    }
}

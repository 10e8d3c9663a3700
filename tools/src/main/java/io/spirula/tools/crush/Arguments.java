package io.spirula.tools.crush;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command line that is consumed option by option; what no option takes is left over. '-' and '_' within an option are the
 * same. Ceph: src/common/ceph_argparse.cc.
 */
final class Arguments {
    private final List<String> words;
    private final PrintStream err;
    private int at;
    /** What was wrong with the numbers so far; some options look at it, some do not. */
    private final StringBuilder complaints = new StringBuilder();

    Arguments(String[] args, PrintStream err) {
        this.words = new ArrayList<>(List.of(args));
        this.err = err;
    }

    boolean atEnd() {
        return at >= words.size();
    }

    void skip() {
        at++;
    }

    List<String> left() {
        return words;
    }

    boolean endOfOptions() {
        if (words.get(at).equals("--")) {
            words.remove(at);
            return true;
        }
        return false;
    }

    boolean needsUsage() {
        for (String word : words) {
            if (word.equals("--")) {
                return false;
            }
            if (word.equals("-h") || word.equals("--help")) {
                return true;
            }
        }
        return false;
    }

    boolean flag(String... names) {
        for (String name : names) {
            if (normal(words.get(at)).equals(normal(name))) {
                words.remove(at);
                return true;
            }
        }
        return false;
    }

    /** The option's value; null if this is another option. Without a value the command ends. */
    @Nullable
    String value(String... names) {
        StringBuilder complaint = new StringBuilder();
        Match match = match(complaint, names);
        if (match == Match.INCOMPLETE) {
            err.print(complaint);
            throw new Failure(1);
        }
        return match == Match.COMPLETE ? matched : null;
    }

    private enum Match {
        NONE,
        INCOMPLETE,
        COMPLETE
    }

    private String matched = "";

    private Match match(StringBuilder complaint, String... names) {
        String word = words.get(at);
        String normal = normal(word);
        for (String name : names) {
            String option = normal(name);
            if (normal.startsWith(option + "=")) {
                matched = word.substring(option.length() + 1);
                words.remove(at);
                return Match.COMPLETE;
            }
            if (normal.equals(option)) {
                words.remove(at);
                if (at >= words.size()) {
                    complaint.append("Option ").append(word).append(" requires an argument.\n");
                    return Match.INCOMPLETE;
                }
                matched = words.remove(at);
                return Match.COMPLETE;
            }
        }
        return Match.NONE;
    }

    /** Whether this is the option; its value, if it is a number, is in {@link #number} then. */
    boolean isNumber(String name) {
        Match match = match(complaints, name);
        if (match == Match.COMPLETE) {
            number = parse(matched);
        }
        return match != Match.NONE;
    }

    private long number;

    /** The last number; unchanged by an option that had none. */
    int number() {
        return (int) number;
    }

    long longNumber() {
        return number;
    }

    void numberIfMissing(long value) {
        number = value;
    }

    private long parse(String text) {
        String digits = text.strip();
        if (!digits.matches("[-+]?[0-9]+")) {
            complaints.append("The option value '").append(text).append("' is invalid");
            return 0;
        }
        try {
            long value = Long.parseLong(digits);
            if (value == (int) value || longsAllowed) {
                return value;
            }
        } catch (NumberFormatException e) {
            // as out of range as an int that is a long
        }
        complaints.append("The option value '").append(text).append("' seems to be invalid");
        return 0;
    }

    private boolean longsAllowed;

    boolean isLong(String name) {
        longsAllowed = true;
        try {
            return isNumber(name);
        } finally {
            longsAllowed = false;
        }
    }

    float floatNumber() {
        return (float) decimal;
    }

    private double decimal;

    boolean isFloat(String name) {
        Match match = match(complaints, name);
        if (match == Match.COMPLETE) {
            decimal = atof(matched);
        }
        return match != Match.NONE;
    }

    /** Ends the command if some number so far was none. */
    void requireNoComplaint() {
        if (complaints.length() > 0) {
            err.println(complaints);
            throw new Failure(1);
        }
    }

    /** The next word, which belongs to an option. */
    String next(String option) {
        if (at >= words.size()) {
            err.println("expecting additional argument" + (option.isEmpty() ? "" : " to " + option));
            throw new Failure(1);
        }
        return words.remove(at);
    }

    /** As C's atof: the number that the text begins with, or 0. */
    static double atof(String text) {
        java.util.regex.Matcher number = java.util.regex.Pattern.compile(
                        "\\s*[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?")
                .matcher(text);
        return number.lookingAt() ? Double.parseDouble(number.group().strip()) : 0;
    }

    /** As C's atoi. */
    static int atoi(String text) {
        java.util.regex.Matcher number =
                java.util.regex.Pattern.compile("\\s*[-+]?[0-9]+").matcher(text);
        return number.lookingAt() ? (int) Double.parseDouble(number.group().strip()) : 0;
    }

    private static String normal(String word) {
        if (!word.startsWith("-")) {
            return word;
        }
        int value = word.indexOf('=');
        String name = value < 0 ? word : word.substring(0, value);
        int dashes = name.startsWith("--") ? 2 : 1;
        return name.substring(0, Math.min(dashes, name.length()))
                + name.substring(Math.min(dashes, name.length())).replace('-', '_')
                + (value < 0 ? "" : word.substring(value));
    }
}

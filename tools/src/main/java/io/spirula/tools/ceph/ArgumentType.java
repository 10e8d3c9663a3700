package io.spirula.tools.ceph;

import io.spirula.tools.ceph.ArgumentError.Kind;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What kind of word an argument takes: Ceph's CephInt, CephString and so on. */
enum ArgumentType {
    PREFIX("CephPrefix"),
    INT("CephInt"),
    FLOAT("CephFloat"),
    STRING("CephString"),
    SOCKET_PATH("CephSocketpath"),
    IP_ADDRESS("CephIPAddr"),
    ENTITY_ADDRESS("CephEntityAddr"),
    POOL_NAME("CephPoolname"),
    OBJECT_NAME("CephObjectname"),
    PG_ID("CephPgid"),
    NAME("CephName"),
    OSD_NAME("CephOsdName"),
    CHOICES("CephChoices"),
    BOOL("CephBool"),
    FILE_PATH("CephFilepath"),
    FRAGMENT("CephFragment"),
    UUID_TEXT("CephUUID");

    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})(\\.\\d{1,3}){3}(:(\\d{1,5}))?");
    private static final Pattern IPV6 =
            Pattern.compile("\\[[0-9a-fA-F:.]+](:(\\d{1,5}))?|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private final String cephName;

    ArgumentType(String cephName) {
        this.cephName = cephName;
    }

    /** By Ceph's name. Throws IllegalArgumentException for one that we do not know. */
    static ArgumentType of(String cephName) {
        for (ArgumentType type : values()) {
            if (type.cephName.equals(cephName)) {
                return type;
            }
        }
        throw new IllegalArgumentException("unknown type " + cephName);
    }

    /** The value that a word stands for: a String, Long, Double or Boolean. */
    Object value(String word, Argument argument, boolean partial) throws ArgumentError {
        return switch (this) {
            case PREFIX -> prefix(word, argument.literal(), partial);
            case INT -> integer(word, argument.range());
            case FLOAT -> real(word, argument.range());
            case STRING -> string(word, argument.goodChars());
            case IP_ADDRESS -> address(word);
            case ENTITY_ADDRESS -> entityAddress(word);
            case POOL_NAME, OBJECT_NAME, FILE_PATH -> word;
            case SOCKET_PATH -> socket(word);
            case PG_ID -> pgId(word);
            case NAME -> name(word);
            case OSD_NAME -> osd(word);
            case CHOICES -> choice(word, argument.choices(), partial);
            case BOOL -> bool(word);
            case FRAGMENT -> fragment(word);
            case UUID_TEXT -> uuid(word);
        };
    }

    /** How the type looks in a usage message. */
    String describe(Argument argument) {
        return switch (this) {
            case PREFIX -> argument.literal();
            case INT -> "<int" + describeRange(argument.range(), false) + ">";
            case FLOAT -> "<float" + describeRange(argument.range(), true) + ">";
            case STRING ->
                argument.goodChars().isEmpty() ? "<string>" : "<string(goodchars " + argument.goodChars() + ")>";
            case SOCKET_PATH -> "<admin-socket-path>";
            case IP_ADDRESS -> "<IPaddr[:port]>";
            case ENTITY_ADDRESS -> "<EntityAddr>";
            case POOL_NAME -> "<poolname>";
            case OBJECT_NAME -> "<objectname>";
            case PG_ID -> "<pgid>";
            case NAME -> "<name (type.id)>";
            case OSD_NAME -> "<osdname (id|osd.id)>";
            case CHOICES -> String.join("|", argument.choices());
            case BOOL -> "<bool>";
            case FILE_PATH -> "<outfilename>";
            case FRAGMENT -> "<CephFS fragment ID (0xvvv/bbb)>";
            case UUID_TEXT -> "<uuid>";
        };
    }

    private static ArgumentError invalid(String message) {
        return new ArgumentError(Kind.INVALID, message);
    }

    private static String prefix(String word, String literal, boolean partial) throws ArgumentError {
        if (partial ? literal.startsWith(word) : literal.equals(word)) {
            return word;
        }
        throw new ArgumentError(Kind.PREFIX, "no match for " + word);
    }

    private static Object integer(String word, List<String> range) throws ArgumentError {
        BigInteger value;
        try {
            String digits = word.replaceFirst("^[+-]", "").toLowerCase(Locale.ROOT);
            value = digits.startsWith("0x")
                    ? new BigInteger(digits.substring(2), 16)
                    : new BigInteger(digits.replace("_", ""));
            value = word.startsWith("-") ? value.negate() : value;
        } catch (NumberFormatException e) {
            throw invalid(word + " doesn't represent an int");
        }
        boolean below = !range.isEmpty() && value.compareTo(new BigInteger(range.get(0))) < 0;
        boolean above = range.size() > 1 && value.compareTo(new BigInteger(range.get(1))) > 0;
        if (below || above) {
            throw invalid(value + " not in range [" + String.join(", ", range) + "]");
        }
        return value;
    }

    private static Object real(String word, List<String> range) throws ArgumentError {
        double value;
        try {
            value = Double.parseDouble(word);
        } catch (NumberFormatException e) {
            throw invalid(word + " doesn't represent a float");
        }
        if (!range.isEmpty() && value < Double.parseDouble(range.get(0))
                || range.size() > 1 && value > Double.parseDouble(range.get(1))) {
            List<String> bounds = range.stream()
                    .map(r -> Double.toString(Double.parseDouble(r)))
                    .toList();
            throw invalid(value + " not in range [" + String.join(", ", bounds) + "]");
        }
        return value;
    }

    private static String string(String word, String goodChars) throws ArgumentError {
        if (goodChars.isEmpty()) {
            return word;
        }
        try {
            Pattern good = Pattern.compile(goodChars.replaceFirst("\\[(.*)\\[", "[$1\\\\["));
            StringBuilder bad = new StringBuilder();
            word.codePoints().distinct().mapToObj(Character::toString).forEach(c -> {
                if (!good.matcher(c).matches()) {
                    bad.append(c);
                }
            });
            if (!bad.isEmpty()) {
                throw invalid("invalid chars " + bad + " in " + word);
            }
        } catch (PatternSyntaxException e) {
            return word; // a class of characters that only the cluster understands: it checks again
        }
        return word;
    }

    private static String address(String word) throws ArgumentError {
        String bare = word.replaceFirst("^(v1|v2|any):", "");
        Matcher v4 = IPV4.matcher(bare);
        Matcher v6 = IPV6.matcher(bare);
        boolean isV4 = v4.matches();
        if (!isV4 && !v6.matches()) {
            throw invalid(word + (bare.indexOf('.') >= 0 ? ": invalid IPv4 address" : " not valid IPv6 address"));
        }
        String port = isV4 ? v4.group(4) : v6.group(2);
        if (port != null && Integer.parseInt(port) > 65535) {
            throw invalid(port + ": invalid IPv4 port");
        }
        return word;
    }

    private static String entityAddress(String word) throws ArgumentError {
        int slash = word.indexOf('/');
        if (slash < 0) {
            return address(word);
        }
        String nonce = word.substring(slash + 1).replace("]", "");
        if (!nonce.matches("\\d+")) {
            throw invalid(word + ": invalid entity, nonce " + nonce + " not integer > 0");
        }
        address(word.substring(0, slash) + (word.endsWith("]") ? "]" : ""));
        return word;
    }

    private static String socket(String word) throws ArgumentError {
        if (!Files.exists(Path.of(word)) || Files.isRegularFile(Path.of(word))) {
            throw invalid("socket path " + word + " is not a socket");
        }
        return word;
    }

    private static String pgId(String word) throws ArgumentError {
        int dot = word.indexOf('.');
        if (dot < 0) {
            throw invalid("pgid has no .");
        }
        String pool = word.substring(0, dot);
        if (!pool.matches("[+-]?\\d+")) {
            throw invalid("pool " + pool + " not integer");
        }
        if (pool.startsWith("-")) {
            throw invalid("pool " + pool + " < 0");
        }
        if (!word.substring(dot + 1).matches("(0x)?[0-9a-fA-F]+")) {
            throw invalid("pgnum " + word.substring(dot + 1) + " not hex integer");
        }
        return word;
    }

    private static String name(String word) throws ArgumentError {
        if (List.of("*", "mgr", "mon").contains(word)) {
            return word;
        }
        int dot = word.indexOf('.');
        if (dot < 0) {
            throw invalid("CephName: no . in " + word);
        }
        String type = word.substring(0, dot);
        if (!List.of("osd", "mon", "client", "mds", "mgr").contains(type)) {
            throw invalid("unknown type " + type);
        }
        String id = word.substring(dot + 1);
        if (type.equals("osd") && !id.equals("*") && !id.matches("[+-]?\\d+")) {
            throw invalid("osd id " + id + " not integer");
        }
        return word;
    }

    private static Object osd(String word) throws ArgumentError {
        if (word.equals("*")) {
            return word;
        }
        int dot = word.indexOf('.');
        if (dot >= 0 && !word.substring(0, dot).equals("osd")) {
            throw invalid("unknown type " + word.substring(0, dot));
        }
        String id = word.substring(dot + 1);
        if (!id.matches("[+-]?\\d{1,18}")) {
            throw invalid("osd id " + id + " not integer");
        }
        long number = Long.parseLong(id);
        if (number < 0) {
            throw invalid("osd id " + number + " is less than 0");
        }
        return number;
    }

    private static String choice(String word, List<String> choices, boolean partial) throws ArgumentError {
        for (String choice : choices) {
            if (partial ? choice.startsWith(word) : choice.equals(word)) {
                return word;
            }
        }
        throw invalid(word + " not in " + String.join("|", choices));
    }

    private static Boolean bool(String word) throws ArgumentError {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw invalid(word + " not one of 'true', 'false'");
        };
    }

    private static String fragment(String word) throws ArgumentError {
        if (!word.matches("0x[0-9a-fA-F]+/\\d+")) {
            throw invalid(word + ": not of the form 0xvvv/bbb");
        }
        return word;
    }

    private static String uuid(String word) throws ArgumentError {
        try {
            UUID.fromString(word);
            return word;
        } catch (IllegalArgumentException e) {
            throw invalid("invalid UUID " + word + ": badly formed hexadecimal UUID string");
        }
    }

    private static String describeRange(List<String> range, boolean real) {
        List<String> shown = real
                ? range.stream()
                        .map(r -> Double.toString(Double.parseDouble(r)))
                        .toList()
                : range;
        return switch (shown.size()) {
            case 0 -> "";
            case 1 -> "[" + shown.get(0) + "-]";
            default -> "[" + shown.get(0) + "-" + shown.get(1) + "]";
        };
    }

    static List<String> split(String bars) {
        return bars.isEmpty() ? List.of() : Arrays.asList(bars.split("\\|", -1));
    }
}

package io.spirula.tools.ceph;

import java.util.List;

/**
 * One place in a command's description. Ceph: argdesc.
 *
 * @param literal the word itself, for a prefix
 * @param count how many words it takes; with {@code many} one or more
 * @param goodChars a regular expression's class of characters, or empty
 */
record Argument(
        ArgumentType type,
        String name,
        String literal,
        int count,
        boolean many,
        boolean required,
        List<String> range,
        List<String> choices,
        String goodChars) {

    static Argument prefix(String word) {
        return new Argument(ArgumentType.PREFIX, "prefix", word, 1, false, true, List.of(), List.of(), "");
    }

    boolean isPrefix() {
        return type == ArgumentType.PREFIX;
    }

    /** As a message names it: {@code pool(<poolname>)}. */
    String describe() {
        boolean bare = isPrefix() || type == ArgumentType.CHOICES && choices.size() == 1;
        String text = bare ? type.describe(this) : name + "(" + type.describe(this) + ")" + (many ? "..." : "");
        return required ? text : "[" + text + "]";
    }

    /** As help shows it: {@code <pool>}. */
    String usage() {
        String text = switch (type) {
            case BOOL -> "--" + name.replace('_', '-');
            case PREFIX -> literal;
            case CHOICES ->
                name.equals("format") ? "--format {" + String.join("|", choices) + "}" : String.join("|", choices);
            case OSD_NAME -> "<id|osd.id>";
            case NAME -> "<type.id>";
            case INT -> "<" + name + ":int>";
            case FLOAT -> "<" + name + ":float>";
            default -> "<" + name + ">";
        };
        text = many ? text + "..." : text;
        return required ? text : "[" + text + "]";
    }

    /** What could stand here, given its beginning. */
    List<String> completions(String beginning) {
        return switch (type) {
            case PREFIX -> literal.startsWith(beginning) ? List.of(literal) : List.of();
            case CHOICES ->
                choices.stream().filter(c -> c.startsWith(beginning)).toList();
            case STRING -> beginning.isEmpty() ? List.of() : List.of(beginning);
            default -> List.of();
        };
    }
}

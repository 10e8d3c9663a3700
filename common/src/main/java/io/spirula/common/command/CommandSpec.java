package io.spirula.common.command;

import java.util.ArrayList;
import java.util.List;

/**
 * The declaration of a command.
 *
 * @param words what the command begins with: {@code osd pool create}
 * @param permission letters of rwx
 * @param flags bits of {@link #NOFORWARD} and the rest
 */
public record CommandSpec(
        List<String> words, List<Argument> arguments, String help, String module, String permission, int flags) {
    public static final int NOFORWARD = 1;
    public static final int OBSOLETE = 2;
    public static final int DEPRECATED = 4;
    /** The tool sends it to the manager. */
    public static final int MGR = 8;

    public static final int POLL = 16;
    public static final int HIDDEN = 32;

    /** From a signature in Ceph's notation: words, and arguments as {@code name=pool,type=CephPoolname}. */
    static CommandSpec parse(String signature, String help, String module, String permission, int flags) {
        List<String> words = new ArrayList<>();
        List<Argument> arguments = new ArrayList<>();
        for (String part : signature.trim().split("\\s+")) {
            if (part.indexOf('=') >= 0) {
                arguments.add(Argument.parse(part));
            } else {
                words.add(part);
            }
        }
        return new CommandSpec(List.copyOf(words), List.copyOf(arguments), help, module, permission, flags);
    }

    public String prefix() {
        return String.join(" ", words);
    }

    public boolean isWrite() {
        return permission.indexOf('w') >= 0;
    }

    public boolean isForManager() {
        return (flags & MGR) != 0;
    }
}

package io.spirula.tools.ceph;

import java.util.List;
import java.util.stream.Collectors;

/** A command as the cluster describes it. */
record CommandSignature(List<Argument> arguments, String help, String module, String permission, int flags) {
    static final int OBSOLETE = 2;
    static final int DEPRECATED = 4;
    static final int MGR = 8;
    static final int POLL = 16;
    static final int HIDDEN = 32;

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    String usage() {
        return arguments.stream().map(Argument::usage).collect(Collectors.joining(" "));
    }

    long requiredCount() {
        return arguments.stream().filter(Argument::required).count();
    }
}

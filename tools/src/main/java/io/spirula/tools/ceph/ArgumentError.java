package io.spirula.tools.ceph;

/** Words that do not fit a command's description. */
final class ArgumentError extends Exception {
    /** How bad that is for the search for the right command. */
    enum Kind {
        /** A literal word differs: this is not the command. */
        PREFIX,
        /** A required argument is absent. */
        MISSING,
        /** Fewer words than required arguments. */
        TOO_FEW,
        /** A word is not what the argument takes, or there are words left. */
        INVALID
    }

    private final Kind kind;
    private final String before;

    ArgumentError(Kind kind, String message) {
        this(kind, message, "");
    }

    /** @param before a line to say before the message, or nothing */
    ArgumentError(Kind kind, String message, String before) {
        super(message, null, false, false);
        this.kind = kind;
        this.before = before;
    }

    String before() {
        return before;
    }

    Kind kind() {
        return kind;
    }
}

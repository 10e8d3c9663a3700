package io.spirula.common.command;

import io.spirula.common.encoding.Bytes;

/**
 * What a command's sender is told, and when.
 *
 * @param result 0 or a negative errno
 * @param text for people; the tool prints it to standard error
 * @param afterCommit whether changes that the command has made pending must be committed before the answer goes out
 */
public record Outcome(int result, String text, Bytes output, boolean afterCommit) {
    public static Outcome output(Bytes output) {
        return new Outcome(0, "", output, false);
    }

    public static Outcome output(String output) {
        return output(Bytes.of(output));
    }

    /** Nothing to change: a success that only says something. */
    public static Outcome text(String text) {
        return new Outcome(0, text, Bytes.EMPTY, false);
    }

    /** @param errno positive */
    public static Outcome refused(int errno, String text) {
        return new Outcome(-errno, text, Bytes.EMPTY, false);
    }

    /** A change was made pending; the answer follows its commit. */
    public static Outcome committed(String text) {
        return new Outcome(0, text, Bytes.EMPTY, true);
    }

    public static Outcome committed(String text, Bytes output) {
        return new Outcome(0, text, output, true);
    }

    public Outcome withText(String newText) {
        return new Outcome(result, newText, output, afterCommit);
    }
}

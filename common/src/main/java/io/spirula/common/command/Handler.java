package io.spirula.common.command;

/** Who carries a command out. */
@FunctionalInterface
public interface Handler {
    /** May throw {@link Refusal}. */
    Outcome handle(CommandCall call);
}

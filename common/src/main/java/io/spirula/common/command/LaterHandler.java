package io.spirula.common.command;

import java.util.function.Consumer;

/** Who carries a command out that takes its time. */
@FunctionalInterface
public interface LaterHandler {
    /** Answers once, now or later. */
    void handle(CommandCall call, Consumer<Outcome> done);
}

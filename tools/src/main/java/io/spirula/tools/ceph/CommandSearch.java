package io.spirula.tools.ceph;

import io.spirula.tools.ceph.ArgumentError.Kind;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the command that the user means among all that the cluster describes, or tells what comes closest. */
final class CommandSearch {
    private static final int MOST_SUGGESTIONS = 10;

    /** A command with its arguments. */
    record Found(CommandSignature signature, Map<String, Object> arguments) {}

    private final List<CommandSignature> commands;
    private final PrintStream err;

    CommandSearch(List<CommandSignature> commands, PrintStream err) {
        this.commands = commands;
        this.err = err;
    }

    /** Null, after a line or more to the user, where the words are no command. */
    @Nullable
    Found find(List<String> words) {
        List<CommandSignature> best = closest(words);
        List<CommandSignature> byLength = new ArrayList<>(best);
        byLength.sort(Comparator.comparingLong(CommandSignature::requiredCount));
        for (CommandSignature command : byLength) {
            try {
                return new Found(command, CommandMatcher.match(command, words));
            } catch (ArgumentError e) {
                boolean decided = e.kind() == Kind.INVALID || e.kind() == Kind.MISSING && best.size() == 1;
                if (decided) {
                    if (!e.before().isEmpty()) {
                        err.println(e.before());
                    }
                    err.println("Invalid command: " + e.getMessage());
                    err.println(command.usage() + " :  " + command.help());
                    return null;
                }
                if (e.kind() == Kind.MISSING) {
                    break;
                }
            }
        }
        suggest(best);
        return null;
    }

    /** The commands that fit the most words, those that fit them whole before those whose last word is only a beginning. */
    private List<CommandSignature> closest(List<String> words) {
        double bestCount = 0;
        List<CommandSignature> best = new ArrayList<>();
        for (CommandSignature command : commands) {
            if (command.has(CommandSignature.OBSOLETE)) {
                continue;
            }
            double count = CommandMatcher.matchCount(command, words, true);
            if (count >= Math.floor(bestCount) && count == CommandMatcher.matchCount(command, words, false)) {
                count += 0.5;
            }
            if (count > bestCount) {
                bestCount = count;
                best.clear();
            }
            if (count == bestCount) {
                best.add(command);
            }
        }
        return best;
    }

    private void suggest(List<CommandSignature> best) {
        List<CommandSignature> shown = best.stream()
                .filter(c -> !c.has(CommandSignature.DEPRECATED) && !c.has(CommandSignature.HIDDEN))
                .limit(MOST_SUGGESTIONS)
                .toList();
        err.println("no valid command found; " + shown.size() + " closest matches:");
        shown.forEach(c -> err.println(c.usage()));
    }
}

package io.spirula.mon;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandSpec;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.message.LogEntry;
import io.spirula.common.types.Errno;
import io.spirula.mon.service.LogService;
import io.spirula.mon.service.Proposals;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Takes a command from its JSON to its answer: found by its words, permitted, checked against its signature, carried out, and answered once what it changed is committed. */
public final class CommandRunner {
    private static final String DESCRIPTIONS = CommandTable.DESCRIPTIONS;

    /** Commands that tell of statistics, health or clocks: the leader, where the manager is too, has them. */
    private static final Set<String> OF_THE_LEADER =
            Set.of("status", "health", "df", "report", "time-sync-status", "osd pool stats", "features");

    private final CommandTable table;
    private final Proposals proposals;
    private final Audit audit;

    /**
     * @param manager where the manager says who has asked it for what
     */
    public CommandRunner(
            CommandTable table, Proposals proposals, LogService log, BiConsumer<LogEntry.Level, String> manager) {
        this.table = table;
        this.proposals = proposals;
        audit = new Audit(log::audit, manager);
    }

    public void run(
            List<String> command, Bytes input, Permit permit, CommandCall.Caller caller, Consumer<Outcome> reply) {
        CommandCall call = CommandCall.parse(command, input, caller, reply);
        if (call != null) {
            run(call, permit, reply);
        }
    }

    /** Whether every monitor of the quorum can answer this from what is committed. What changes something is the leader's affair, and so is what only the manager knows. */
    public boolean isLocal(List<String> command) {
        CommandCall call;
        try {
            call = CommandCall.parse(command, Bytes.EMPTY, CommandCall.Caller.NOBODY);
        } catch (Refusal r) {
            return true;
        }
        CommandTable.Command found = table.find(call);
        return found == null
                || !found.spec().isWrite() && !found.spec().isForManager() && !OF_THE_LEADER.contains(call.prefix());
    }

    public void run(CommandCall call, Permit permit, Consumer<Outcome> reply) {
        if (call.prefix().equals(DESCRIPTIONS)) {
            List<CommandSpec> specs =
                    table.all().stream().map(CommandTable.Command::spec).toList();
            reply.accept(Outcome.output(CommandTable.descriptions(specs)));
            return;
        }
        CommandTable.Command command = table.find(call);
        if (command == null) {
            reply.accept(Outcome.refused(Errno.EINVAL, "command not known"));
            return;
        }
        CommandSpec spec = command.spec();
        Outcome refusal = permit.refusal(spec, call);
        if (refusal != null) {
            audit.denied(spec, call);
            reply.accept(refusal);
            return;
        }
        audit.dispatched(spec, call);
        Runnable work = () -> carryOut(command, call, reply);
        boolean queued = spec.isWrite() ? proposals.whenWriteable(work) : proposals.whenReadable(work);
        if (!queued) {
            reply.accept(Monitor.busy());
        }
    }

    /** What does not fit the signature of its command is handled all the same, for the answer that Ceph has for it, but may change nothing. */
    private Outcome handle(CommandTable.Command command, CommandCall call) {
        String mismatch = call.mismatch(command.spec());
        if (mismatch == null) {
            return command.handler().handle(call);
        }
        Refusal refusal = new Refusal(Errno.EINVAL, mismatch);
        try {
            return proposals.withoutChanges(refusal, () -> command.handler().handle(call));
        } catch (Refusal r) {
            throw r;
        } catch (RuntimeException e) {
            // Nothing has changed: what does not fit is what tripped it.
            throw refusal;
        }
    }

    private void carryOut(CommandTable.Command command, CommandCall call, Consumer<Outcome> reply) {
        Outcome outcome;
        try {
            outcome = handle(command, call);
        } catch (Refusal r) {
            outcome = Outcome.refused(r.errno(), r.text());
        } catch (IllegalArgumentException | MalformedInput e) {
            // An argument that its signature allows and its meaning does not.
            outcome = Outcome.refused(Errno.EINVAL, "invalid argument: " + e.getMessage());
        }
        if (outcome.result() < 0 && call.isOdd()) {
            outcome = outcome.withText(CommandCall.shown(outcome.text()));
        }
        if (!outcome.afterCommit()) {
            reply.accept(outcome);
            return;
        }
        Outcome answer = outcome;
        proposals.hurry();
        proposals.whenCommitted(() -> {
            audit.finished(call);
            reply.accept(answer);
        });
    }
}

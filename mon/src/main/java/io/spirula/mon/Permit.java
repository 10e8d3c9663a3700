package io.spirula.mon;

import io.spirula.common.auth.caps.MonCaps;
import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandSpec;
import io.spirula.common.command.Outcome;
import io.spirula.common.types.Errno;
import org.jspecify.annotations.Nullable;

/** Whether somebody may give a command. */
@FunctionalInterface
public interface Permit {
    /** For the process's own commands, and those whose giver has been judged already. */
    Permit EVERYTHING = (spec, call) -> null;

    /** What the giver is told; null where the command is permitted. */
    @Nullable
    Outcome refusal(CommandSpec spec, CommandCall call);

    /** By capabilities at the monitors. Ceph: Monitor::_allowed_command. */
    static Permit of(MonCaps caps) {
        return (spec, call) -> caps.allows(spec.module(), spec.prefix(), call.texts(), spec.permission())
                ? null
                : Outcome.refused(Errno.EACCES, "access denied");
    }
}

package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.types.Errno;
import io.spirula.crush.CrushDump;
import io.spirula.crush.CrushEditor;
import io.spirula.crush.Tunables;

/** The commands about the CRUSH map's tunables. Source of their answers: mon/OSDMonitor.cc. */
final class CrushTunableCommands {
    private final CrushEdits crush;

    CrushTunableCommands(CrushEdits crush) {
        this.crush = crush;
    }

    void register(CommandTable table) {
        table.add(
                "osd crush set-all-straw-buckets-to-straw2",
                "convert all CRUSH current straw buckets to use the straw2 algorithm",
                "osd",
                "rw",
                this::convert);
        table.add(
                "osd crush tunables name=profile,type=CephChoices,strings=legacy|argonaut|bobtail|firefly|hammer|jewel|optimal|default",
                "set crush tunables values to <profile>",
                "osd",
                "rw",
                this::choose);
        table.add(
                "osd crush set-tunable name=tunable,type=CephChoices,strings=straw_calc_version name=value,type=CephInt",
                "set crush tunable <tunable> to <value>",
                "osd",
                "rw",
                this::set);
        table.add(
                "osd crush get-tunable name=tunable,type=CephChoices,strings=straw_calc_version",
                "get crush tunable <tunable>",
                "osd",
                "r",
                this::get);
        table.add(
                "osd crush show-tunables",
                "show current crush tunables",
                "osd",
                "r",
                c -> Json.answer(
                        c,
                        MapPrinting.dumped(f -> new CrushDump(crush.committed(), new MapPrinting.Sink(f)).tunables())));
    }

    private Outcome convert(CommandCall call) {
        crush.apply(CrushEditor::convertStrawBuckets);
        return Outcome.committed("");
    }

    private Outcome choose(CommandCall call) {
        String name = call.string("profile");
        Tunables.Profile profile = Tunables.Profile.ofLabel(name)
                .orElseThrow(() -> new Refusal(Errno.EINVAL, "unrecognized profile '" + name + "'"));
        crush.apply(e -> e.setTunables(profile));
        return Outcome.committed("adjusted tunables profile to " + name);
    }

    private Outcome set(CommandCall call) {
        long value = call.integer("value", -1);
        if (value != 0 && value != 1) {
            return Outcome.refused(Errno.EINVAL, "value must be 0 or 1; got " + value);
        }
        crush.apply(e -> e.setTunables(e.tunables().withStrawCalcVersion((int) value)));
        return Outcome.committed("adjusted tunable straw_calc_version to " + value);
    }

    private Outcome get(CommandCall call) {
        String tunable = call.string("tunable");
        if (!tunable.equals("straw_calc_version")) {
            return Outcome.refused(Errno.EINVAL, "unrecognized tunable '" + CommandCall.shown(tunable) + "'");
        }
        int version = crush.committed().tunables().strawCalcVersion();
        return call.format().equals("plain")
                ? Outcome.output(version + "\n")
                : Json.answer(call, Json.object().put("straw_calc_version", version));
    }
}

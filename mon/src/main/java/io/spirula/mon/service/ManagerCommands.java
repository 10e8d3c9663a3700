package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.format.Numbers;
import io.spirula.common.format.TextTable;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.types.Errno;
import io.spirula.mon.Services;
import io.spirula.mon.mgr.PgMap;
import java.util.List;
import java.util.Locale;

/** What a manager's always-on modules answer, as far as there is anything to answer. Sources: pybind/mgr/balancer, pg_autoscaler, crash. */
public final class ManagerCommands {
    private final Services services;

    public ManagerCommands(Services services) {
        this.services = services;
    }

    public void register(CommandTable table) {
        table.add("service dump", "dump service map", "service", "r", 8, c -> Json.answer(c, serviceMap(services)));
        table.add("service status", "dump service state", "service", "r", 8, c -> Json.answer(c, Json.object()));
        table.add(
                "device ls",
                "Show devices",
                "mgr",
                "r",
                8,
                c -> c.format().equals("plain")
                        ? Outcome.output(
                                new TextTable("DEVICE", "HOST:DEV", "DAEMONS", "WEAR", "LIFE EXPECTANCY").toString())
                        : Json.answer(c, List.of()));
        table.add(
                "device info name=devid,type=CephString",
                "Show information about a device",
                "mgr",
                "r",
                8,
                c -> Outcome.refused(Errno.ENOENT, "device " + c.string("devid") + " not found"));
        table.add(
                "device ls-by-daemon name=who,type=CephString",
                "Show devices associated with a daemon",
                "mgr",
                "r",
                8,
                ManagerCommands::devicesOf);
        table.add(
                "device ls-by-host name=host,type=CephString",
                "Show devices on a host",
                "mgr",
                "r",
                8,
                c -> c.format().equals("plain")
                        ? Outcome.output(new TextTable("DEVICE", "DEV", "DAEMONS", "EXPECTED FAILURE").toString())
                        : Json.answer(c, List.of()));
        table.add("device monitoring on", "Enable device health monitoring", "mgr", "rw", 8, c -> monitoring(true));
        table.add("device monitoring off", "Disable device health monitoring", "mgr", "rw", 8, c -> monitoring(false));
        table.add(
                "iostat name=width,type=CephInt,req=false name=print_header,type=CephBool,req=false",
                "Get IO rates",
                "mgr",
                "r",
                24,
                this::iostat);
    }

    /** Nobody registers as a service. */
    static Json serviceMap(Services services) {
        return Json.object()
                .put("epoch", 1)
                .put("modified", Stamps.iso(services.monmap().map().created()))
                .put("services", Json.object());
    }

    private Outcome monitoring(boolean on) {
        services.config().put("mgr/mgr/devicehealth/enable_monitoring", Boolean.toString(on));
        return Outcome.committed("");
    }

    private static Outcome devicesOf(CommandCall call) {
        if (!DaemonConfigCommands.isDaemonName(call.string("who"))) {
            return Outcome.refused(Errno.EINVAL, call.string("who") + " is not a valid daemon name");
        }
        return call.format().equals("plain")
                ? Outcome.output(new TextTable("DEVICE", "HOST:DEV", "EXPECTED FAILURE").toString())
                : Json.answer(call, List.of());
    }

    /** One line of what clients read and write now, below a heading if that is wanted. Source: pybind/mgr/iostat. */
    private Outcome iostat(CommandCall call) {
        long width = call.integer("width", 80);
        if (width < 0 || width > 10_000) {
            return Outcome.refused(Errno.EINVAL, "no terminal is " + width + " columns wide");
        }
        PgMap.Delta now = services.pgMap().delta(null);
        ObjectStats s = now.stats();
        long read = now.rate(s.get(ObjectStats.Counter.READ_KIB) << 10);
        long written = now.rate(s.get(ObjectStats.Counter.WRITE_KIB) << 10);
        long reads = now.rate(s.get(ObjectStats.Counter.READS));
        long writes = now.rate(s.get(ObjectStats.Counter.WRITES));
        List<String> headings = List.of("Read", "Write", "Total", "Read IOPS", "Write IOPS", "Total IOPS");
        List<String> values = List.of(
                Numbers.bytes(read) + "/s",
                Numbers.bytes(written) + "/s",
                Numbers.bytes(read + written) + "/s",
                Long.toString(reads),
                Long.toString(writes),
                Long.toString(reads + writes));
        int column = (int) Math.max(12, width / headings.size() - 1);
        StringBuilder out = new StringBuilder();
        if (call.flag("print_header")) {
            String rule = ("+" + "-".repeat(column)).repeat(headings.size()) + "+\n";
            out.append(rule).append(line(headings, column)).append(rule);
        }
        return Outcome.output(out.append(line(values, column)).toString());
    }

    private static String line(List<String> cells, int width) {
        StringBuilder line = new StringBuilder();
        cells.forEach(c -> line.append('|')
                .append(" ".repeat(Math.max(0, width - 1 - c.length())))
                .append(c)
                .append(' '));
        return line.append("|\n").toString();
    }

    /** A number in so many characters, the last of them its unit. Ceph: mgr_util.format_units. */
    static String human(long value, int width) {
        long factor = 1;
        int unit = 0;
        while (Long.toString(value / factor).length() > width - 1) {
            factor *= 1024;
            unit++;
        }
        if (unit == 0) {
            return value + " ";
        }
        String text = String.format(Locale.ROOT, "%f", (double) value / factor).substring(0, width - 1);
        return (text.endsWith(".") ? text.substring(0, text.length() - 1) : text) + " kMGTPE".charAt(unit);
    }
}

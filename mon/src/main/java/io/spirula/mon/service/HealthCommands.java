package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.config.InvalidValue;
import io.spirula.common.config.OptionType;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.HealthCheck;
import io.spirula.common.types.Errno;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How the cluster's health is told, and what of it is not to be told. Source: mon/HealthMonitor.cc. */
public final class HealthCommands {
    private final HealthService health;
    private final Clock clock;

    public HealthCommands(HealthService health, Clock clock) {
        this.health = health;
        this.clock = clock;
    }

    public void register(CommandTable table) {
        table.add(
                "health name=detail,type=CephChoices,req=false,strings=detail",
                "show cluster health",
                "mon",
                "r",
                this::show);
        table.add(
                "health mute name=code,type=CephString name=ttl,type=CephString,req=false"
                        + " name=sticky,type=CephBool,req=false",
                "mute health alert",
                "mon",
                "w",
                this::mute);
        table.add(
                "health unmute name=code,type=CephString,req=false",
                "unmute existing health alert mute(s)",
                "mon",
                "w",
                this::unmute);
    }

    private Outcome show(CommandCall call) {
        boolean detail = call.string("detail", "").equals("detail");
        if (!call.format().equals("plain")) {
            return Json.answer(call, json(detail));
        }
        Map<String, HealthCheck> checks = health.checks();
        StringBuilder out = new StringBuilder(health.status());
        List<String> summaries = summaries();
        out.append(summaries.isEmpty() ? "" : " ")
                .append(String.join("; ", summaries))
                .append('\n');
        if (detail) {
            checks.forEach((code, check) -> {
                HealthMutes.Mute mute = health.mutes().all().get(code);
                out.append(mute == null ? "" : muted(mute))
                        .append(check.severity().equals(HealthCheck.ERR) ? "[ERR] " : "[WRN] ")
                        .append(code)
                        .append(": ")
                        .append(check.summary())
                        .append('\n');
                check.detail().forEach(d -> out.append("    ").append(d).append('\n'));
            });
        }
        return Outcome.output(out.toString());
    }

    private String muted(HealthMutes.Mute mute) {
        return "(MUTED" + (mute.ends() ? " ttl " + left(mute) : "") + (mute.sticky() ? ", STICKY" : "") + ") ";
    }

    private String left(HealthMutes.Mute mute) {
        Duration left = Duration.between(clock.now(), mute.until());
        return Stamps.span(left.isNegative() ? Duration.ZERO : left);
    }

    /** What is said of each alert that is not muted, and at the end which are. */
    List<String> summaries() {
        List<String> all = new ArrayList<>();
        health.audible().values().forEach(c -> all.add(c.summary()));
        if (!health.mutes().all().isEmpty()) {
            List<String> mutes = new ArrayList<>();
            health.mutes().all().values().forEach(m -> mutes.add(m.code() + (m.ends() ? "(" + left(m) + ")" : "")));
            all.add("(muted: " + String.join(" ", mutes) + ")");
        }
        return all;
    }

    Json json(boolean detail) {
        Json all = Json.object();
        Map<String, HealthMutes.Mute> mutes = health.mutes().all();
        health.checks().forEach((code, check) -> {
            boolean isMuted = mutes.containsKey(code);
            Json one = Json.object()
                    .put("severity", check.severity())
                    .put(
                            "summary",
                            Json.object().put("message", check.summary()).put("count", check.count()));
            if (detail) {
                one.put("detail", Json.list(check.detail(), d -> Json.object().put("message", d)));
            }
            all.put(code, one.put("muted", isMuted));
        });
        return Json.object()
                .put("status", health.status())
                .put("checks", all)
                .put("mutes", Json.list(mutes.values(), HealthCommands::json));
    }

    private static Json json(HealthMutes.Mute mute) {
        Json json = Json.object().put("code", mute.code());
        if (mute.ends()) {
            json.put("ttl", Stamps.iso(mute.until()));
        }
        return json.put("sticky", mute.sticky()).put("summary", mute.summary()).put("count", mute.count());
    }

    private Outcome mute(CommandCall call) {
        String code = call.string("code");
        if (code.isEmpty()) {
            return Outcome.refused(Errno.EINVAL, "must specify an alert code to mute");
        }
        Instant until = Instant.EPOCH;
        if (call.has("ttl")) {
            String ttl = call.string("ttl");
            if (ttl.isEmpty()) {
                return Outcome.refused(Errno.EINVAL, "invalid duration:  (timespan = 0)");
            }
            try {
                until = clock.now().plusSeconds(Long.parseLong(OptionType.SECS.normalized(ttl)));
            } catch (InvalidValue e) {
                return Outcome.refused(Errno.EINVAL, "invalid duration: " + ttl + " (" + e.text() + ")");
            }
        }
        HealthCheck check = health.checks().get(code);
        boolean sticky = call.flag("sticky");
        if (check == null && !sticky) {
            return Outcome.refused(Errno.ENOENT, "health alert " + code + " is not currently raised");
        }
        health.mutes()
                .mute(new HealthMutes.Mute(
                        code, until, sticky, check == null ? "" : check.summary(), check == null ? 0 : check.count()));
        return Outcome.committed("");
    }

    private Outcome unmute(CommandCall call) {
        health.mutes().unmute(call.string("code", ""));
        return Outcome.committed("");
    }
}

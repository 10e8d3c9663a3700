package io.spirula.common.config;

import io.spirula.common.command.Json;
import java.util.List;

/** An option described for people and for programs. Ceph: Option::print and Option::dump. */
public final class OptionDescription {
    private OptionDescription() {}

    public static String text(Option o) {
        StringBuilder out = new StringBuilder();
        out.append(o.name()).append(" - ").append(o.description()).append('\n');
        out.append("  (")
                .append(o.type().label())
                .append(", ")
                .append(o.level())
                .append(")\n");
        if (o.daemonDefault().isEmpty()) {
            line(out, "Default", o.defaultFor(false));
        } else {
            line(out, "Default (non-daemon)", o.defaultFor(false));
            line(out, "Default (daemon)", o.defaultFor(true));
        }
        if (!o.permitted().isEmpty()) {
            line(out, "Possible values", " " + String.join(" ", o.permitted()));
        }
        if (!o.min().isEmpty() || !o.max().isEmpty()) {
            line(out, "Minimum", bound(o, o.min()));
            line(out, "Maximum", bound(o, o.max()));
        }
        line(out, "Can update at runtime", Boolean.toString(o.canUpdateAtRuntime()));
        list(out, "Services", o.services());
        list(out, "See also", o.seeAlso());
        return out.toString();
    }

    private static void line(StringBuilder out, String what, String value) {
        out.append("  ").append(what).append(": ").append(value).append('\n');
    }

    private static void list(StringBuilder out, String what, List<String> values) {
        if (!values.isEmpty()) {
            line(out, what, "[" + String.join(",", values) + "]");
        }
    }

    private static String bound(Option o, String text) {
        return text.isEmpty() ? "" : o.normalizedBound(text);
    }

    public static Json json(Option o) {
        Json json = Json.object()
                .put("name", o.name())
                .put("type", o.type().label())
                .put("level", o.level())
                .put("desc", o.description())
                .put("long_desc", "")
                .put("default", value(o, o.defaultValue()))
                .put("daemon_default", o.daemonDefault().isEmpty() ? "" : value(o, o.daemonDefault()))
                .put("tags", List.of())
                .put("services", o.services())
                .put("see_also", o.seeAlso());
        if (o.type().label().equals("str")) {
            json.put("enum_values", o.permitted());
        }
        return json.put("min", value(o, o.min()))
                .put("max", value(o, o.max()))
                .put("can_update_at_runtime", o.canUpdateAtRuntime())
                .put("flags", o.flags());
    }

    private static Object value(Option o, String text) {
        return text.isEmpty() ? "" : o.type().json(text);
    }
}

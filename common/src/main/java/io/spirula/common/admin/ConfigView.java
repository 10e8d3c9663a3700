package io.spirula.common.admin;

import io.spirula.common.command.Json;
import io.spirula.common.config.Config;
import io.spirula.common.config.Option;
import io.spirula.common.config.OptionTable;
import java.util.Map;

/** A daemon's options as it tells of them. Ceph: md_config_t::show_config and diff. */
final class ConfigView {
    private final Config config;

    ConfigView(Config config) {
        this.config = config;
    }

    Json show() {
        Json all = Json.object().put("name", config.name().toString()).put("cluster", config.cluster());
        for (Option option : OptionTable.sorted()) {
            all.put(option.name(), config.value(option));
        }
        return all;
    }

    /** Where options have other values than their defaults, and who says so; of one option if it is named. */
    Json diff(String only) {
        Json diff = Json.object();
        for (Option option : OptionTable.sorted()) {
            Map<Config.Source, String> sources = config.sources(option);
            boolean wanted = only.isEmpty() ? sources.size() > 1 : only.equals(option.name());
            if (wanted) {
                Json one = Json.object();
                sources.forEach((source, value) -> one.put(source.toString(), typed(option, value)));
                diff.put(option.name(), one.put("final", typed(option, config.value(option))));
            }
        }
        return Json.object().put("diff", diff);
    }

    private static Object typed(Option option, String text) {
        return text.isEmpty() ? "" : option.type().json(text);
    }
}

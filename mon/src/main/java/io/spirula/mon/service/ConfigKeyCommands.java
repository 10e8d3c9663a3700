package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.config.Config;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.Errno;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The commands about keys and values. Source of their answers: mon/KVMonitor.cc. */
public final class ConfigKeyCommands {
    private static final int DEPRECATED = 4;
    private static final String SIZE_LIMIT = "mon_config_key_max_entry_size";

    private final ConfigKeyService keys;
    private final Config config;

    public ConfigKeyCommands(ConfigKeyService keys, Config config) {
        this.keys = keys;
        this.config = config;
    }

    public void register(CommandTable table) {
        String key = " name=key,type=CephString";
        String value = key + " name=val,type=CephString,req=false";
        table.add("config-key get" + key, "get <key>", "config-key", "r", this::get);
        table.add("config-key set" + value, "set <key> to value <val>", "config-key", "rw", this::set);
        table.add("config-key put" + value, "put <key>, value <val>", "config-key", "rw", DEPRECATED, this::set);
        table.add("config-key del" + key, "delete <key>", "config-key", "rw", DEPRECATED, this::remove);
        table.add("config-key rm" + key, "rm <key>", "config-key", "rw", this::remove);
        table.add("config-key exists" + key, "check for <key>'s existence", "config-key", "r", this::exists);
        table.add("config-key list", "list keys", "config-key", "r", DEPRECATED, this::list);
        table.add("config-key ls", "list keys", "config-key", "r", this::list);
        table.add(
                "config-key dump name=key,type=CephString,req=false",
                "dump keys and values (with optional prefix)",
                "config-key",
                "r",
                this::dump);
    }

    private Outcome get(CommandCall call) {
        Bytes value = keys.value(call.string("key"));
        return value == null ? Outcome.refused(Errno.ENOENT, "") : Outcome.output(value);
    }

    private Outcome set(CommandCall call) {
        String key = call.string("key");
        Bytes value = call.has("val") ? Bytes.of(call.string("val")) : call.input();
        long limit = config.integer(SIZE_LIMIT, 65_536);
        if (value.size() > limit) {
            return Outcome.refused(
                    Errno.EFBIG,
                    "error: entry size limited to " + limit
                            + " bytes. Use 'mon config key max entry size' to manually adjust");
        }
        keys.put(key, value);
        return Outcome.committed("set " + key);
    }

    private Outcome remove(CommandCall call) {
        keys.remove(call.string("key"));
        return Outcome.committed("key deleted");
    }

    private Outcome exists(CommandCall call) {
        String key = call.string("key");
        return keys.value(key) == null
                ? Outcome.refused(Errno.ENOENT, "key '" + key + "' doesn't exist")
                : Outcome.text("key '" + key + "' exists");
    }

    private Outcome list(CommandCall call) {
        List<Object> names = new ArrayList<>();
        keys.scan("", (key, value) -> names.add(key));
        return Json.answer(call, names);
    }

    private Outcome dump(CommandCall call) {
        Json all = Json.object();
        keys.scan(call.string("key", ""), (key, value) -> all.put(key, shown(value)));
        return Json.answer(call, all);
    }

    private static String shown(Bytes value) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value.toArray()))
                    .toString();
            if (text.chars().noneMatch(c -> c < 0x20 && c != '\n' && c != '\t')) {
                return text;
            }
        } catch (CharacterCodingException e) {
            // said below
        }
        return "<<< binary blob of length " + value.size() + " >>>";
    }
}

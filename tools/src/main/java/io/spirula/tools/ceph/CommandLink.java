package io.spirula.tools.ceph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.PgId;
import io.spirula.librados.CommandResult;
import io.spirula.librados.Rados;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes commands to their targets. */
final class CommandLink {
    private final Rados rados;

    CommandLink(Rados rados) {
        this.rados = rados;
    }

    CommandResult send(CommandTarget target, Map<String, Object> arguments, Bytes input) {
        return switch (target) {
            case CommandTarget.Monitor m ->
                m.name().isEmpty()
                        ? rados.monCommand(CommandJson.write(arguments), input)
                        : rados.tellMonitor(m.name(), CommandJson.write(arguments), input);
            case CommandTarget.Mgr mgr -> rados.mgrCommand(CommandJson.write(arguments), input);
            case CommandTarget.Osd osd -> rados.osdCommand(osd.id(), CommandJson.write(arguments), input);
            case CommandTarget.PlacementGroup pg -> {
                PgId id = PgId.parse(pg.pgId());
                Map<String, Object> withPg = new LinkedHashMap<>(arguments);
                withPg.put("pgid", pg.pgId());
                yield rados.pgCommand(id, CommandJson.write(withPg), input);
            }
            case CommandTarget.All all -> throw new IllegalStateException("expand " + all + " first");
        };
    }

    /** One target for each daemon that is meant. */
    List<CommandTarget> expand(CommandTarget target) throws IOException {
        if (!(target instanceof CommandTarget.All(String service))) {
            return List.of(target);
        }
        List<CommandTarget> each = new ArrayList<>();
        boolean osds = service.equals("osd");
        Map<String, Object> question = Map.of("prefix", osds ? "osd ls" : "mon dump", "format", "json");
        CommandResult answer =
                send(CommandTarget.MONITORS, question, Bytes.EMPTY).orThrow();
        JsonNode json = new ObjectMapper().readTree(answer.output().toReadOnlyArray());
        for (JsonNode daemon : osds ? json : json.path("mons")) {
            each.add(
                    osds
                            ? new CommandTarget.Osd(daemon.asInt())
                            : new CommandTarget.Monitor(daemon.path("name").asText()));
        }
        return each;
    }

    /** What kind of daemon it is. */
    String kind(CommandTarget target) {
        String name = name(target);
        return name.substring(0, name.indexOf('.'));
    }

    String name(CommandTarget target) {
        return switch (target) {
            case CommandTarget.Monitor m -> "mon." + m.name();
            case CommandTarget.Mgr mgr -> "mgr.";
            case CommandTarget.Osd osd -> "osd." + osd.id();
            case CommandTarget.PlacementGroup pg -> "pg." + pg.pgId();
            case CommandTarget.All all -> all.service() + ".*";
        };
    }
}

package io.spirula.osd.queue;

import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Work for the tests, and how much of it was done. */
final class Backlog {
    static final long MIB = 1 << 20;

    final List<WorkClass> order = new ArrayList<>();
    final EnumMap<WorkClass, Long> bytes = new EnumMap<>(WorkClass.class);

    static Config config(String... options) {
        Config config = Config.of(new EntityName(EntityType.OSD, "0"), CephConf.EMPTY);
        for (int i = 0; i < options.length; i += 2) {
            config.set(options[i], options[i + 1]);
        }
        return config;
    }

    Work work(WorkClass kind, long owner, long size) {
        return new Work.Task(kind, owner, size, () -> done(kind, size));
    }

    private void done(WorkClass kind, long size) {
        order.add(kind);
        bytes.merge(kind, size, Long::sum);
    }

    long of(WorkClass kind) {
        return bytes.getOrDefault(kind, 0L);
    }

    Map<WorkClass, Long> counts() {
        EnumMap<WorkClass, Long> counts = new EnumMap<>(WorkClass.class);
        order.forEach(kind -> counts.merge(kind, 1L, Long::sum));
        return counts;
    }
}

package io.spirula.mon.service;

import io.spirula.common.command.Json;
import io.spirula.common.format.Formatter;
import io.spirula.common.format.JsonFormatter;
import io.spirula.common.maps.MonMap;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.types.EntityAddrs;
import io.spirula.crush.DumpSink;
import java.util.function.Consumer;

/** The maps' own dumps as parts of answers. */
final class MapPrinting {
    private MapPrinting() {}

    /** An object of what {@code members} writes. */
    static Object dumped(Consumer<Formatter> members) {
        JsonFormatter f = JsonFormatter.compact();
        f.openObject("");
        members.accept(f);
        f.close();
        return Json.raw(f.toString());
    }

    /** The one value that {@code value} writes. */
    static Object written(Consumer<Formatter> value) {
        JsonFormatter f = JsonFormatter.compact();
        value.accept(f);
        return Json.raw(f.toString());
    }

    static Object osdMap(OsdMap map) {
        return dumped(map::dump);
    }

    static Object monMap(MonMap map) {
        return dumped(map::dump);
    }

    static Object poolJson(OsdMap map, long id) {
        PgPool pool = map.pools().get(id);
        return dumped(f -> {
            f.put("pool_id", id).put("pool_name", String.valueOf(map.poolName(id)));
            if (pool != null) {
                pool.dump(f);
            }
        });
    }

    static Json addrs(EntityAddrs addrs) {
        return Json.object().put("addrvec", Json.list(addrs.list(), Json::address));
    }

    /** What CRUSH dumps, into a formatter. */
    record Sink(Formatter f) implements DumpSink {
        @Override
        public void openObject(String name) {
            f.openObject(name);
        }

        @Override
        public void openArray(String name) {
            f.openArray(name);
        }

        @Override
        public void close() {
            f.close();
        }

        @Override
        public void put(String name, long value) {
            f.put(name, value);
        }

        @Override
        public void put(String name, double value) {
            f.put(name, value);
        }

        @Override
        public void put(String name, String value) {
            f.put(name, value);
        }
    }
}

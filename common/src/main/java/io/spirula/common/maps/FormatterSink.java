package io.spirula.common.maps;

import io.spirula.common.format.Formatter;
import io.spirula.crush.DumpSink;

/** A formatter as a CRUSH map's dump wants to see it: {@code new CrushDump(map, new FormatterSink(f)).all()} is {@code ceph osd crush dump}. */
public record FormatterSink(Formatter formatter) implements DumpSink {
    @Override
    public void openObject(String name) {
        formatter.openObject(name);
    }

    @Override
    public void openArray(String name) {
        formatter.openArray(name);
    }

    @Override
    public void close() {
        formatter.close();
    }

    @Override
    public void put(String name, long value) {
        formatter.put(name, value);
    }

    @Override
    public void put(String name, double value) {
        formatter.put(name, value);
    }

    @Override
    public void put(String name, String value) {
        formatter.put(name, value);
    }
}

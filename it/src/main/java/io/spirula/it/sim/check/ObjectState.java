package io.spirula.it.sim.check;

import io.spirula.common.encoding.Bytes;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What can be read of an object. */
public record ObjectState(
        boolean exists, Bytes data, SortedMap<Bytes, Bytes> attributes, SortedMap<Bytes, Bytes> omap) {
    static final ObjectState ABSENT = new ObjectState(false, Bytes.EMPTY, new TreeMap<>(), new TreeMap<>());

    public ObjectState {
        attributes = Collections.unmodifiableSortedMap(attributes);
        omap = Collections.unmodifiableSortedMap(omap);
    }

    ObjectState withData(Bytes newData) {
        return new ObjectState(true, newData, attributes, omap);
    }

    ObjectState withAttributes(Consumer<SortedMap<Bytes, Bytes>> change) {
        SortedMap<Bytes, Bytes> changed = new TreeMap<>(attributes);
        change.accept(changed);
        return new ObjectState(true, data, changed, omap);
    }

    ObjectState withOmap(Consumer<SortedMap<Bytes, Bytes>> change) {
        SortedMap<Bytes, Bytes> changed = new TreeMap<>(omap);
        change.accept(changed);
        return new ObjectState(true, data, attributes, changed);
    }

    @Override
    public String toString() {
        return exists
                ? "'" + data.utf8().replace('\0', '.') + "' attributes " + text(attributes) + " omap " + text(omap)
                : "absent";
    }

    private static String text(Map<Bytes, Bytes> pairs) {
        return pairs.entrySet().stream()
                .map(e -> e.getKey().utf8() + "=" + e.getValue().utf8())
                .collect(Collectors.joining(", ", "{", "}"));
    }
}

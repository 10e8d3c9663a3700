package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import java.util.TreeMap;

/** One object in memory. */
final class MemoryObject {
    final BlockData data;
    final TreeMap<Bytes, Bytes> attributes;
    final TreeMap<Bytes, Bytes> omap;
    Bytes omapHeader;

    MemoryObject() {
        this(new BlockData(), new TreeMap<>(), new TreeMap<>(), Bytes.EMPTY);
    }

    private MemoryObject(
            BlockData data, TreeMap<Bytes, Bytes> attributes, TreeMap<Bytes, Bytes> omap, Bytes omapHeader) {
        this.data = data;
        this.attributes = attributes;
        this.omap = omap;
        this.omapHeader = omapHeader;
    }

    MemoryObject copy() {
        return new MemoryObject(data.copy(), new TreeMap<>(attributes), new TreeMap<>(omap), omapHeader);
    }
}

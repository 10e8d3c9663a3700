package io.spirula.common.maps;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.crush.CrushMap;
import io.spirula.crush.CrushMapper;
import io.spirula.crush.MalformedCrushMap;
import io.spirula.crush.Workspace;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A CRUSH map in its encoding, beside the decoded one and what maps with it. Shared by all OSD maps between two changes of it. */
final class EncodedCrush {
    static final EncodedCrush EMPTY = of(CrushMap.empty());

    final Bytes encoded;
    final CrushMapper mapper;
    /** A workspace that nobody is using: mapping with one allocates little, and threads rarely meet here. */
    private final AtomicReference<@Nullable Workspace> idle = new AtomicReference<>();

    private EncodedCrush(Bytes encoded, CrushMap map) {
        this.encoded = encoded;
        this.mapper = new CrushMapper(map);
    }

    static EncodedCrush of(CrushMap map) {
        return new EncodedCrush(Bytes.wrap(map.encode()), map);
    }

    /** Throws MalformedInput for what is no CRUSH map. */
    static EncodedCrush of(Bytes encoded) {
        try {
            return new EncodedCrush(encoded, CrushMap.decode(encoded.toArray()));
        } catch (MalformedCrushMap e) {
            throw new MalformedInput("a CRUSH map that is none: " + e.getMessage(), e);
        }
    }

    int map(int rule, int x, int size, int[] result, int[] weights, long pool) {
        Workspace workspace = idle.getAndSet(null);
        if (workspace == null) {
            workspace = mapper.newWorkspace();
        }
        int count = mapper.map(rule, x, size, result, weights, pool, workspace);
        idle.set(workspace);
        return count;
    }
}

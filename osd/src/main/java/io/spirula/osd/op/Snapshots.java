package io.spirula.osd.op;

import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.ObjectId;

/** Operations on an object's snapshots. There are only heads so far. */
final class Snapshots {
    private Snapshots() {}

    /** Lists the clones; the head alone, while there are none. */
    static int list(OpExecution x) {
        Encoder out = new Encoder(64);
        out.struct(2, 1, o -> {
            o.u32(x.exists() ? 1 : 0);
            if (x.exists()) {
                o.struct(1, 1, head -> head.u64(ObjectId.HEAD).u32(0).u32(0).u64(x.state.size));
            }
            o.u64(x.context.snapSequence());
        });
        x.output(out.toBytes());
        x.stats.read(0);
        return 0;
    }
}

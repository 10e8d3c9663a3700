package io.spirula.librados;

import io.spirula.common.types.ObjectId;

/** A place in a pool's listing: objects come in the order of their placement, not of their names. */
public record ObjectCursor(ObjectId position) {
    public static final ObjectCursor START = new ObjectCursor(ObjectId.MIN);

    /** Whether nothing comes behind. */
    public boolean isEnd() {
        return position.max();
    }
}

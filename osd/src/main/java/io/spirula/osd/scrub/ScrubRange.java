package io.spirula.osd.scrub;

import io.spirula.common.types.ObjectId;

/** The objects that are compared at once. Ceph: m_start, m_end. */
public record ScrubRange(ObjectId start, ObjectId end) {
    public boolean contains(ObjectId object) {
        return object.compareTo(start) >= 0 && object.compareTo(end) < 0;
    }
}

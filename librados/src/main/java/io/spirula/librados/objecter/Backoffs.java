package io.spirula.librados.objecter;

import io.spirula.common.types.ObjectId;
import io.spirula.common.types.ShardPgId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ranges of objects for which an OSD has asked this session to wait. Ceph: OSDBackoff, dev/osd_internals/backoff. */
final class Backoffs {
    /** Beyond this an OSD that does not know what it wants is not believed. */
    private static final int MAX_PER_PG = 4096;

    /** One range: {@code begin} up to, not including, {@code end}; begin equal to end is that one object. */
    record Range(long id, ObjectId begin, ObjectId end) {
        boolean covers(ObjectId object) {
            int fromBegin = object.compareTo(begin);
            return fromBegin == 0 || fromBegin > 0 && object.compareTo(end) < 0;
        }
    }

    private final Map<ShardPgId, List<Range>> ranges = new HashMap<>();

    void block(ShardPgId pg, Range range) {
        List<Range> list = ranges.computeIfAbsent(pg, p -> new ArrayList<>());
        if (list.size() < MAX_PER_PG) {
            list.add(range);
        }
    }

    /** The range that was blocked under that id; null if there is none. */
    @Nullable
    Range unblock(ShardPgId pg, long id) {
        List<Range> list = ranges.get(pg);
        if (list == null) {
            return null;
        }
        for (Range range : list) {
            if (range.id == id) {
                list.remove(range);
                if (list.isEmpty()) {
                    ranges.remove(pg);
                }
                return range;
            }
        }
        return null;
    }

    boolean covers(ShardPgId pg, ObjectId object) {
        List<Range> list = ranges.get(pg);
        return list != null && list.stream().anyMatch(r -> r.covers(object));
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    void clear() {
        ranges.clear();
    }
}

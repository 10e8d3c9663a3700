package io.spirula.osd.cls;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityId;
import java.time.Instant;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The object that a class method was called on, as it is within the running operation. Ceph: cls_method_context_t. */
public interface ClassContext {
    EntityId caller();

    EntityAddr callerAddress();

    /** The wall clock's time. */
    Instant now();

    boolean exists();

    long size();

    /** The object's user version. */
    long version();

    @Nullable
    Bytes attribute(Bytes name);

    SortedMap<Bytes, Bytes> attributes();

    Bytes omapHeader();

    SortedMap<Bytes, Bytes> omap(@Nullable Bytes after, int max);

    SortedMap<Bytes, Bytes> omapValues(Iterable<Bytes> keys);

    void create();

    void remove();

    void writeFull(Bytes data);

    void write(long offset, Bytes data);

    void truncate(long size);

    void setAttribute(Bytes name, Bytes value);

    void removeAttribute(Bytes name);

    void setOmap(SortedMap<Bytes, Bytes> pairs);

    void removeOmap(Iterable<Bytes> keys);

    void clearOmap();

    void setOmapHeader(Bytes header);
}

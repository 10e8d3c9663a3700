package io.spirula.librados;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.pg.ListWatchersResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Steps that read one object at one moment.
 *
 * <pre>{@code
 * ReadOperation op = new ReadOperation();
 * Step<ObjectStat> stat = op.stat();
 * Step<Bytes> head = op.read(0, 4096);
 * OperationResult result = io.operate(name, op);
 * long size = result.get(stat).size();
 * }</pre>
 */
public final class ReadOperation extends ObjectOperation<ReadOperation> {
    @Override
    ReadOperation self() {
        return this;
    }

    /** A page of a sorted map, and whether there is more behind it. */
    public record OmapPage(Map<Bytes, Bytes> entries, boolean more) {}

    /** A page of a sorted map's keys, and whether there is more behind it. */
    public record OmapKeys(List<Bytes> keys, boolean more) {}

    public Step<ObjectStat> stat() {
        add(OsdOpCode.STAT);
        return step(out -> {
            Decoder in = new Decoder(out);
            return new ObjectStat(in.u64(), in.time());
        });
    }

    /** Up to {@code length} bytes from {@code offset}: fewer where the object ends before; 0 reads to its end. */
    public Step<Bytes> read(long offset, int length) {
        add(extent(OsdOpCode.READ, offset, length, Bytes.EMPTY));
        return step(Function.identity());
    }

    public Step<Bytes> xattr(String name) {
        add(xattr(OsdOpCode.GETXATTR, name, Bytes.EMPTY, 0, 0));
        return step(Function.identity());
    }

    public Step<Map<Bytes, Bytes>> xattrs() {
        add(OsdOpCode.GETXATTRS);
        return step(out -> sorted(new Decoder(out)));
    }

    /**
     * A page of the object's map.
     *
     * @param after keys behind this one; empty from the start
     * @param prefix keys that begin so; empty for all
     */
    public Step<OmapPage> omap(Bytes after, Bytes prefix, int max) {
        add(new ObjectOp(
                OsdOpCode.OMAPGETVALS,
                new Encoder().bytes(after).u64(max).bytes(prefix).toBytes()));
        return step(out -> {
            Decoder in = new Decoder(out);
            Map<Bytes, Bytes> entries = sorted(in);
            return new OmapPage(entries, in.hasRemaining() && in.bool());
        });
    }

    public Step<OmapKeys> omapKeys(Bytes after, int max) {
        add(new ObjectOp(
                OsdOpCode.OMAPGETKEYS, new Encoder().bytes(after).u64(max).toBytes()));
        return step(out -> {
            Decoder in = new Decoder(out);
            List<Bytes> keys = in.list(Decoder::name);
            return new OmapKeys(keys, in.hasRemaining() && in.bool());
        });
    }

    /** The values of those keys that are there. */
    public Step<Map<Bytes, Bytes>> omapValues(Collection<Bytes> keys) {
        add(new ObjectOp(
                OsdOpCode.OMAPGETVALSBYKEYS,
                new Encoder().list(new ArrayList<>(keys), (k, o) -> o.bytes(k)).toBytes()));
        return step(out -> sorted(new Decoder(out)));
    }

    public Step<Bytes> omapHeader() {
        add(OsdOpCode.OMAPGETHEADER);
        return step(Function.identity());
    }

    /** Who watches the object. */
    public Step<List<ListWatchersResponse.Watcher>> listWatchers() {
        add(OsdOpCode.LIST_WATCHERS);
        return step(out -> ListWatchersResponse.CODEC.fromBytes(out).watchers());
    }

    private static Map<Bytes, Bytes> sorted(Decoder in) {
        return new TreeMap<>(in.map(Decoder::name, Decoder::bytes));
    }
}

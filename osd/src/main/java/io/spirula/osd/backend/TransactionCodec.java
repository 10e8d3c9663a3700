package io.spirula.osd.backend;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A transaction on its way to a replica, in two parts: what to do, and the written data in the same order, which is sliced on both ends and never copied. All changes are in one placement group's
 * collection, which travels once. Objects that follow each other in changes are written once, too.
 */
public final class TransactionCodec {
    private static final int VERSION = 1;

    private static final int TOUCH = 1;
    private static final int WRITE = 2;
    private static final int ZERO = 3;
    private static final int TRUNCATE = 4;
    private static final int REMOVE = 5;
    private static final int SET_ATTRIBUTES = 6;
    private static final int REMOVE_ATTRIBUTE = 7;
    private static final int REMOVE_ATTRIBUTES = 8;
    private static final int CLONE = 9;
    private static final int CLONE_RANGE = 10;
    private static final int OMAP_SET = 11;
    private static final int OMAP_REMOVE = 12;
    private static final int OMAP_REMOVE_RANGE = 13;
    private static final int OMAP_CLEAR = 14;
    private static final int OMAP_SET_HEADER = 15;
    private static final int SAME_OBJECT = 0x80;

    private TransactionCodec() {}

    /** Both parts of an encoded transaction. */
    public record Parts(Bytes changes, List<Bytes> data) {}

    /** Throws IllegalArgumentException for a change of collections: those are each OSD's own affair. */
    public static Parts encode(List<Transaction.Op> ops) {
        Writer writer = new Writer();
        writer.out.u8(VERSION).u32(ops.size());
        for (Transaction.Op op : ops) {
            writer.write(op);
        }
        return new Parts(writer.out.toBytes(), writer.data);
    }

    /** Reads what {@link #encode} wrote, as changes of {@code pg}'s collection. */
    public static List<Transaction.Op> decode(ShardPgId pg, Bytes changes, Bytes data) {
        Decoder in = new Decoder(changes);
        int version = in.u8();
        if (version != VERSION) {
            throw new MalformedInput("a transaction of version " + version);
        }
        Reader reader = new Reader(CollectionId.of(pg), in, data);
        int count = in.count(1);
        List<Transaction.Op> ops = new ArrayList<>(Math.min(count, 64));
        for (int i = 0; i < count; i++) {
            ops.add(reader.read());
        }
        return ops;
    }

    private static final class Writer {
        private final Encoder out = new Encoder(1024);
        private final List<Bytes> data = new ArrayList<>(1);
        private ObjectId last = ObjectId.MIN;

        void write(Transaction.Op op) {
            switch (op) {
                case Transaction.Touch o -> head(TOUCH, o.object());
                case Transaction.Write o -> {
                    head(WRITE, o.object()).u64(o.offset()).u32(o.data().size());
                    data.add(o.data());
                }
                case Transaction.Zero o ->
                    head(ZERO, o.object()).u64(o.offset()).u64(o.length());
                case Transaction.Truncate o -> head(TRUNCATE, o.object()).u64(o.size());
                case Transaction.Remove o -> head(REMOVE, o.object());
                case Transaction.SetAttributes o ->
                    head(SET_ATTRIBUTES, o.object()).map(o.attributes(), (k, e) -> e.bytes(k), (v, e) -> e.bytes(v));
                case Transaction.RemoveAttribute o ->
                    head(REMOVE_ATTRIBUTE, o.object()).bytes(o.name());
                case Transaction.RemoveAttributes o -> head(REMOVE_ATTRIBUTES, o.object());
                case Transaction.Clone o -> head(CLONE, o.object()).put(ObjectId.CODEC, o.target());
                case Transaction.CloneRange o ->
                    head(CLONE_RANGE, o.object())
                            .put(ObjectId.CODEC, o.target())
                            .u64(o.from())
                            .u64(o.length())
                            .u64(o.to());
                case Transaction.OmapSet o ->
                    head(OMAP_SET, o.object()).map(o.pairs(), (k, e) -> e.bytes(k), (v, e) -> e.bytes(v));
                case Transaction.OmapRemove o -> head(OMAP_REMOVE, o.object()).list(o.keys(), (k, e) -> e.bytes(k));
                case Transaction.OmapRemoveRange o ->
                    head(OMAP_REMOVE_RANGE, o.object()).bytes(o.first()).bytes(o.last());
                case Transaction.OmapClear o -> head(OMAP_CLEAR, o.object());
                case Transaction.OmapSetHeader o ->
                    head(OMAP_SET_HEADER, o.object()).bytes(o.header());
                case Transaction.CreateCollection o -> throw foreign(o);
                case Transaction.RemoveCollection o -> throw foreign(o);
                case Transaction.SplitCollection o -> throw foreign(o);
            }
        }

        private Encoder head(int code, ObjectId object) {
            if (object.equals(last)) {
                return out.u8(code | SAME_OBJECT);
            }
            last = object;
            return out.u8(code).put(ObjectId.CODEC, object);
        }

        private static IllegalArgumentException foreign(Transaction.Op op) {
            return new IllegalArgumentException("not a change within a placement group: " + op);
        }
    }

    private static final class Reader {
        private final CollectionId collection;
        private final Decoder in;
        private final Bytes data;
        private int dataAt;
        private ObjectId last = ObjectId.MIN;

        Reader(CollectionId collection, Decoder in, Bytes data) {
            this.collection = collection;
            this.in = in;
            this.data = data;
        }

        Transaction.Op read() {
            int code = in.u8();
            if ((code & SAME_OBJECT) == 0) {
                last = in.get(ObjectId.CODEC);
            }
            ObjectId object = last;
            return switch (code & ~SAME_OBJECT) {
                case TOUCH -> new Transaction.Touch(collection, object);
                case WRITE -> new Transaction.Write(collection, object, in.u64(), nextData());
                case ZERO -> new Transaction.Zero(collection, object, in.u64(), in.u64());
                case TRUNCATE -> new Transaction.Truncate(collection, object, in.u64());
                case REMOVE -> new Transaction.Remove(collection, object);
                case SET_ATTRIBUTES -> new Transaction.SetAttributes(collection, object, pairs());
                case REMOVE_ATTRIBUTE -> new Transaction.RemoveAttribute(collection, object, in.name());
                case REMOVE_ATTRIBUTES -> new Transaction.RemoveAttributes(collection, object);
                case CLONE -> new Transaction.Clone(collection, object, in.get(ObjectId.CODEC));
                case CLONE_RANGE ->
                    new Transaction.CloneRange(
                            collection, object, in.get(ObjectId.CODEC), in.u64(), in.u64(), in.u64());
                case OMAP_SET -> new Transaction.OmapSet(collection, object, pairs());
                case OMAP_REMOVE -> new Transaction.OmapRemove(collection, object, in.list(Decoder::name));
                case OMAP_REMOVE_RANGE -> new Transaction.OmapRemoveRange(collection, object, in.name(), in.name());
                case OMAP_CLEAR -> new Transaction.OmapClear(collection, object);
                case OMAP_SET_HEADER -> new Transaction.OmapSetHeader(collection, object, in.name());
                default -> throw new MalformedInput("no change of a transaction has the code " + code);
            };
        }

        private SortedMap<Bytes, Bytes> pairs() {
            SortedMap<Bytes, Bytes> pairs = new TreeMap<>();
            int count = in.count(8);
            for (int i = 0; i < count; i++) {
                Bytes key = in.name();
                pairs.put(key, in.name());
            }
            return pairs;
        }

        private Bytes nextData() {
            long length = in.u32();
            if (length > data.size() - dataAt) {
                throw new MalformedInput("a transaction's data ends early");
            }
            Bytes piece = data.slice(dataAt, (int) length);
            dataAt += (int) length;
            return piece;
        }
    }
}

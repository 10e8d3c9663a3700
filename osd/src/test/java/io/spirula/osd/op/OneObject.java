package io.spirula.osd.op;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.env.Clock;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.pg.ReqId;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.cls.ObjectClasses;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.MemoryStore;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One object in a memory store, and vectors of operations carried out on it as a placement group with nobody else would. */
final class OneObject {
    static final CollectionId COLLECTION = CollectionId.of(ShardPgId.replica(new PgId(1, 0)));
    static final ObjectId ID = ObjectId.head(1, Bytes.EMPTY, Bytes.EMPTY, Bytes.of("object"), 0);
    static final Instant NOW = Instant.ofEpochSecond(1_700_000_000L);

    final ObjectStore store;
    final ObjectContexts contexts;
    final OpEnvironment environment;
    private long version;

    OneObject() {
        this(ObjectClasses.NONE, OpLimits.DEFAULT);
    }

    OneObject(ObjectClasses classes, OpLimits limits) {
        store = new MemoryStore(new MemoryStore.Disk(), Runnable::run);
        store.submit(new Transaction().add(new Transaction.CreateCollection(COLLECTION)), () -> {});
        contexts = new ObjectContexts(store, COLLECTION, 16);
        Clock clock = new Clock() {
            @Override
            public Instant now() {
                return NOW;
            }

            @Override
            public long nanoTime() {
                return 0;
            }
        };
        environment = new OpEnvironment(store, COLLECTION, clock, () -> limits, classes, true, new Nobody());
    }

    /** Watchers of whom none is connected. */
    private record Nobody() implements Watchers {
        @Override
        public long nextNotifyId() {
            return 77;
        }

        @Override
        public boolean isConnected(ObjectId object, long cookie, EntityId client) {
            return false;
        }

        @Override
        public int watchSeconds() {
            return 30;
        }

        @Override
        public int notifySeconds() {
            return 30;
        }
    }

    /** What a vector came to: the overall result and each operation's outcome. */
    record Done(int result, List<OpExecution.Outcome> outcomes, OpExecution execution) {
        Bytes output(int index) {
            return outcomes.get(index).output();
        }
    }

    Done run(ObjectOp... ops) {
        OpSource source =
                new OpSource(new ReqId(new EntityId(EntityType.CLIENT, 4), ++version, 0), EntityAddr.NONE, NOW);
        OpExecution x = new OpExecution(environment, contexts.load(ID), source, List.of(ops));
        boolean[] done = new boolean[1];
        x.run(() -> done[0] = true);
        if (!done[0]) {
            throw new IllegalStateException("still running");
        }
        if (x.isModified()) {
            OpExecution.Sealed sealed = x.seal(new EVersion(1, version), version - 1);
            store.submit(new Transaction().addAll(sealed.changes()), () -> {});
        }
        return new Done(x.result(), x.outcomes(), x);
    }

    int result(ObjectOp... ops) {
        return run(ops).result();
    }

    /** The object's bytes as a client reads them. */
    String contents() {
        return run(read(0, 0)).output(0).utf8();
    }

    /** Forgets what is cached, as a restart does. */
    void restart() {
        contexts.clear();
    }

    static ObjectOp extent(OsdOpCode code, long offset, long length, String data) {
        return new ObjectOp(code, new ObjectOpArgs.Extent(offset, length, 0, 0), Bytes.of(data));
    }

    static ObjectOp read(long offset, long length) {
        return extent(OsdOpCode.READ, offset, length, "");
    }

    static ObjectOp write(long offset, String data) {
        return extent(OsdOpCode.WRITE, offset, data.length(), data);
    }

    static ObjectOp writeFull(String data) {
        return extent(OsdOpCode.WRITEFULL, 0, data.length(), data);
    }

    static ObjectOp append(String data) {
        return extent(OsdOpCode.APPEND, 0, data.length(), data);
    }

    static ObjectOp truncate(long size) {
        return extent(OsdOpCode.TRUNCATE, size, 0, "");
    }

    static ObjectOp zero(long offset, long length) {
        return extent(OsdOpCode.ZERO, offset, length, "");
    }

    static ObjectOp createOp(boolean exclusive) {
        ObjectOp op = new ObjectOp(OsdOpCode.CREATE);
        return exclusive ? op.withFlags(ObjectOp.FLAG_EXCL) : op;
    }

    static ObjectOp remove() {
        return new ObjectOp(OsdOpCode.DELETE);
    }

    static ObjectOp stat() {
        return new ObjectOp(OsdOpCode.STAT);
    }

    static ObjectOp xattr(OsdOpCode code, String name, String value) {
        return new ObjectOp(code, new ObjectOpArgs.Xattr(name.length(), value.length(), 0, 0), Bytes.of(name + value));
    }

    static ObjectOp compareXattr(String name, String value, int comparison) {
        return new ObjectOp(
                OsdOpCode.CMPXATTR,
                new ObjectOpArgs.Xattr(name.length(), value.length(), comparison, 1),
                Bytes.of(name + value));
    }

    static ObjectOp assertVersion(long version) {
        return new ObjectOp(OsdOpCode.ASSERT_VER, new ObjectOpArgs.AssertVersion(version), Bytes.EMPTY);
    }

    static ObjectOp omapSet(String... pairs) {
        Map<String, String> map = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return new ObjectOp(
                OsdOpCode.OMAPSETVALS,
                new Encoder()
                        .map(map, (k, o) -> o.string(k), (v, o) -> o.string(v))
                        .toBytes());
    }

    static ObjectOp omapValues(String after, long max, String prefix) {
        return new ObjectOp(
                OsdOpCode.OMAPGETVALS,
                new Encoder().string(after).u64(max).string(prefix).toBytes());
    }

    static ObjectOp omapKeys(String after, long max) {
        return new ObjectOp(
                OsdOpCode.OMAPGETKEYS, new Encoder().string(after).u64(max).toBytes());
    }

    static ObjectOp omapByKeys(OsdOpCode code, String... keys) {
        return new ObjectOp(
                code, new Encoder().list(List.of(keys), (k, o) -> o.string(k)).toBytes());
    }

    static ObjectOp omapCompare(String key, String value, int operator) {
        return new ObjectOp(
                OsdOpCode.OMAP_CMP,
                new Encoder().u32(1).string(key).string(value).u32(operator).toBytes());
    }

    /** What an omap listing gave, as {@code key=value} texts, the last one "more" where it was cut. */
    static List<String> listing(Bytes output, boolean values) {
        io.spirula.common.encoding.Decoder in = new io.spirula.common.encoding.Decoder(output);
        List<String> texts = new ArrayList<>();
        int count = in.i32();
        for (int i = 0; i < count; i++) {
            String key = in.string();
            texts.add(values ? key + "=" + in.string() : key);
        }
        if (in.bool()) {
            texts.add("more");
        }
        return texts;
    }
}

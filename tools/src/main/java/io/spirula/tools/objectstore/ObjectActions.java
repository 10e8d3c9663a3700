package io.spirula.tools.objectstore;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.StoreException;
import io.spirula.osd.store.Transaction;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What can be done with one object. Words and texts are those of tools/ceph_objectstore_tool.cc. */
final class ObjectActions {
    private static final int PAIRS_AT_ONCE = 1000;

    private final OfflineStore store;
    private final CollectionId collection;
    private final ObjectId object;
    private final InputStream in;
    private final PrintStream out;

    ObjectActions(OfflineStore store, CollectionId collection, ObjectId object, InputStream in, PrintStream out) {
        this.store = store;
        this.collection = collection;
        this.object = object;
        this.in = in;
        this.out = out;
    }

    /** Throws Refusal for what can't be done. */
    void run(List<String> words) throws IOException {
        Iterator<String> rest = words.iterator();
        String verb = rest.next();
        switch (verb) {
            case "remove" -> remove();
            case "get-bytes" -> write(next(rest), bytes());
            case "set-bytes" -> setBytes(read(next(rest)));
            case "list-attrs" ->
                onReactor(s -> s.attributes(collection, object)).keySet().forEach(k -> out.println(k.utf8()));
            case "get-attr" -> write(null, attribute(required(rest, "get-attr")));
            case "set-attr" -> setAttribute(required(rest, "set-attr"), read(next(rest)));
            case "rm-attr" ->
                change(new Transaction.RemoveAttribute(collection, object, Bytes.of(required(rest, "rm-attr"))));
            case "list-omap" -> pairs().keySet().forEach(k -> out.println(k.utf8()));
            case "get-omap" -> write(null, pair(required(rest, "get-omap")));
            case "set-omap" -> setPair(required(rest, "set-omap"), read(next(rest)));
            case "rm-omap" ->
                change(new Transaction.OmapRemove(collection, object, List.of(Bytes.of(required(rest, "rm-omap")))));
            case "get-omaphdr" -> write(null, onReactor(s -> s.omapHeader(collection, object)));
            case "set-omaphdr" -> change(new Transaction.OmapSetHeader(collection, object, read(next(rest))));
            default -> throw new ObjectstoreTool.Refusal("Unknown object command '" + verb + "'");
        }
        if (rest.hasNext()) {
            throw new ObjectstoreTool.Refusal("too many arguments for " + verb);
        }
    }

    private static @Nullable String next(Iterator<String> words) {
        return words.hasNext() ? words.next() : null;
    }

    private static String required(Iterator<String> words, String verb) {
        if (!words.hasNext()) {
            throw new ObjectstoreTool.Refusal("Missing key for " + verb);
        }
        return words.next();
    }

    private <T> T onReactor(java.util.function.Function<ObjectStore, T> question) {
        return store.ask(question);
    }

    private void change(Transaction.Op op) {
        store.submit(new Transaction().add(op));
    }

    private void remove() {
        change(new Transaction.Remove(collection, object));
        out.println("remove " + object);
    }

    private Bytes bytes() {
        return store.read(collection, object);
    }

    private void setBytes(Bytes data) {
        Transaction transaction = new Transaction()
                .add(new Transaction.Touch(collection, object))
                .add(new Transaction.Truncate(collection, object, 0));
        if (!data.isEmpty()) {
            transaction.add(new Transaction.Write(collection, object, 0, data));
        }
        store.submit(transaction);
    }

    private Bytes attribute(String name) {
        Bytes value = onReactor(s -> s.attributes(collection, object)).get(Bytes.of(name));
        if (value == null) {
            throw new ObjectstoreTool.Refusal("getattr: (61) No data available");
        }
        return value;
    }

    private void setAttribute(String name, Bytes value) {
        change(new Transaction.SetAttributes(collection, object, one(name, value)));
    }

    private static SortedMap<Bytes, Bytes> one(String name, Bytes value) {
        SortedMap<Bytes, Bytes> one = new TreeMap<>();
        one.put(Bytes.of(name), value);
        return one;
    }

    private SortedMap<Bytes, Bytes> pairs() {
        return onReactor(s -> {
            TreeMap<Bytes, Bytes> all = new TreeMap<>();
            Bytes after = null;
            for (SortedMap<Bytes, Bytes> page = s.omap(collection, object, null, PAIRS_AT_ONCE);
                    !page.isEmpty();
                    page = s.omap(collection, object, after, PAIRS_AT_ONCE)) {
                all.putAll(page);
                after = page.lastKey();
            }
            return all;
        });
    }

    private Bytes pair(String key) {
        Bytes value = onReactor(s -> s.omapValues(collection, object, List.of(Bytes.of(key))))
                .get(Bytes.of(key));
        if (value == null) {
            throw new ObjectstoreTool.Refusal("Key not found");
        }
        return value;
    }

    private void setPair(String key, Bytes value) {
        change(new Transaction.OmapSet(collection, object, one(key, value)));
    }

    /** A file's bytes; those of standard input for none or {@code -}. */
    private Bytes read(@Nullable String file) throws IOException {
        return Bytes.wrap(file == null || file.equals("-") ? in.readAllBytes() : Files.readAllBytes(Path.of(file)));
    }

    private void write(@Nullable String file, Bytes data) throws IOException {
        if (file != null && !file.equals("-")) {
            Files.write(Path.of(file), data.toArray());
            return;
        }
        OutputStream raw = out;
        raw.write(data.toArray());
        out.flush();
    }

    /** Whether the object is there. */
    static boolean exists(OfflineStore store, CollectionId collection, ObjectId object) {
        try {
            return store.ask(s -> s.exists(collection, object));
        } catch (StoreException e) {
            return true; // damaged, but there
        }
    }
}

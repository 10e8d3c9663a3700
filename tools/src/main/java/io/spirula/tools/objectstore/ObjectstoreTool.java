package io.spirula.tools.objectstore;

import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.pg.PgInfo;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.peering.PgPeering;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.StoreCheck;
import io.spirula.osd.store.StoreException;
import io.spirula.osd.store.Transaction;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The {@code ceph-objectstore-tool} command, on our stores. Source of its behaviour: tools/ceph_objectstore_tool.cc; of its operations those that have a meaning here. */
public final class ObjectstoreTool {
    private static final String USAGE = """
            usage: ceph-objectstore-tool --data-path DIR [--pgid PG] --op OPERATION [OBJECT]
                   ceph-objectstore-tool --data-path DIR [--pgid PG] OBJECT ACTION

              --op list [OBJECT]   all objects, or those of that name
              --op list-pgs        all placement groups
              --op info            what the group of --pgid says of itself
              --op remove --force  removes the group of --pgid
              --op fsck            checks the store

            OBJECT is a name, or what --op list prints. ACTION is one of
              remove
              get-bytes [FILE]     set-bytes [FILE]
              list-attrs           get-attr KEY     set-attr KEY [FILE]     rm-attr KEY
              list-omap            get-omap KEY     set-omap KEY [FILE]     rm-omap KEY
              get-omaphdr          set-omaphdr [FILE]
            """;
    private static final int LISTED_AT_ONCE = 1000;

    /** What can't be done, as a line. */
    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refusal(String line) {
            super(line);
        }
    }

    private @Nullable Path data;
    private @Nullable CollectionId group;
    private @Nullable String operation;
    private boolean force;
    private final List<String> words = new ArrayList<>();
    private final InputStream in;
    private final PrintStream out;

    private ObjectstoreTool(InputStream in, PrintStream out) {
        this.in = in;
        this.out = out;
    }

    public static void main(String[] args) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        int code = run(List.of(args), System.in, out, System.err);
        out.flush();
        System.exit(code);
    }

    /** Returns the exit code. */
    public static int run(List<String> args, InputStream in, PrintStream out, PrintStream err) {
        ObjectstoreTool tool = new ObjectstoreTool(in, out);
        try {
            if (args.isEmpty() || args.contains("--help") || args.contains("-h")) {
                out.print(USAGE);
                return args.isEmpty() ? 1 : 0;
            }
            tool.parse(args);
            return tool.run();
        } catch (Refusal | StoreException | MalformedInput | IllegalArgumentException e) {
            err.println(e.getMessage());
            return 1;
        } catch (IOException e) {
            err.println("ceph-objectstore-tool: " + e);
            return 1;
        }
    }

    private void parse(List<String> args) {
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            int equals = arg.startsWith("--") ? arg.indexOf('=') : -1;
            String name = equals < 0 ? arg : arg.substring(0, equals);
            switch (name) {
                case "--force" -> force = true;
                case "--data-path", "--pgid", "--op", "--type", "--format" -> {
                    if (equals < 0 && i + 1 == args.size()) {
                        throw new Refusal("the required argument for option '" + name + "' is missing");
                    }
                    set(name, equals < 0 ? args.get(++i) : arg.substring(equals + 1));
                }
                default -> {
                    if (name.startsWith("--")) {
                        throw new Refusal("unrecognised option '" + arg + "'");
                    }
                    words.add(arg);
                }
            }
        }
    }

    private void set(String name, String value) {
        switch (name) {
            case "--data-path" -> data = Path.of(value);
            case "--pgid" -> group = StoredObjectName.collection(value);
            case "--op" -> operation = value;
            default -> {} // the kind of store is seen, and there is one format
        }
    }

    private int run() throws IOException {
        if (data == null) {
            throw new Refusal("Must provide --data-path");
        }
        Path directory = Files.isDirectory(data.resolve("store")) ? data.resolve("store") : data;
        if (!Files.isDirectory(directory)) {
            throw new Refusal("data-path: " + data + " No such file or directory");
        }
        if ("fsck".equals(operation)) {
            return check(directory);
        }
        try (OfflineStore store = new OfflineStore(directory)) {
            if (operation != null) {
                operate(store, operation);
            } else {
                act(store);
            }
        }
        return 0;
    }

    private int check(Path directory) {
        StoreCheck.Result result = StoreCheck.run(directory, out::println);
        out.println(result.problems() == 0 ? "fsck success" : "fsck found " + result.problems() + " problems");
        return result.problems() == 0 ? 0 : 1;
    }

    private void operate(OfflineStore store, String name) {
        switch (name) {
            case "list" -> {
                String wanted = words.isEmpty() ? null : words.getFirst();
                find(store, wanted).forEach(out::println);
            }
            case "list-pgs" -> groups(store).forEach(id -> out.println(StoredObjectName.text(id)));
            case "info" -> {
                CollectionId id = required(store);
                PgInfo info = store.ask(s ->
                        PgPeering.stored(s, Objects.requireNonNull(id.pg())).info());
                out.println(info.toString());
            }
            case "remove" -> {
                CollectionId id = required(store);
                if (!force) {
                    throw new Refusal("Please use export-remove or you must use --force option");
                }
                store.submit(new Transaction().add(new Transaction.RemoveCollection(id)));
                out.println("Remove successful");
            }
            default -> throw new Refusal("Must provide --op (info, remove, fsck, list, list-pgs)");
        }
    }

    private static List<CollectionId> groups(OfflineStore store) {
        return store.ask(s ->
                s.collections().stream().filter(c -> c.pg() != null).sorted().toList());
    }

    private CollectionId required(OfflineStore store) {
        CollectionId id = group;
        if (id == null || id.pg() == null) {
            throw new Refusal("Must provide pgid");
        }
        if (!store.ask(s -> s.exists(id))) {
            throw new Refusal("PG '" + StoredObjectName.text(id) + "' not found");
        }
        return id;
    }

    /** All objects, or those of a name. */
    private List<StoredObjectName> find(OfflineStore store, @Nullable String name) {
        List<StoredObjectName> found = new ArrayList<>();
        for (CollectionId collection : group == null ? groups(store) : List.of(required(store))) {
            ObjectId from = ObjectId.MIN;
            while (true) {
                ObjectId next = from;
                List<ObjectId> some = store.ask(s -> s.list(collection, next, ObjectId.MAX, LISTED_AT_ONCE));
                for (ObjectId object : some) {
                    boolean wanted = name == null || object.name().utf8().equals(name);
                    if (wanted && !object.name().isEmpty() && !object.equals(from)) {
                        found.add(new StoredObjectName(collection, object));
                    }
                }
                if (some.size() < LISTED_AT_ONCE) {
                    break;
                }
                from = some.getLast();
            }
        }
        return found;
    }

    private void act(OfflineStore store) throws IOException {
        if (words.size() < 2) {
            throw new Refusal("Must provide --op or an object and what to do with it");
        }
        String object = words.getFirst();
        StoredObjectName named = StoredObjectName.parse(object);
        if (named == null) {
            List<StoredObjectName> found = find(store, object);
            if (found.isEmpty()) {
                throw new Refusal("No object id '" + object + "' found or invalid JSON specified");
            }
            if (found.size() > 1) {
                found.forEach(out::println);
                throw new Refusal("Found " + found.size() + " objects with id '" + object
                        + "', please use a JSON spec from --op list instead");
            }
            named = found.getFirst();
        }
        CollectionId collection = named.collection() == null ? required(store) : named.collection();
        if (!store.ask(s -> s.exists(collection))) {
            throw new Refusal("PG '" + StoredObjectName.text(collection) + "' not found");
        }
        List<String> action = words.subList(1, words.size());
        if (!action.getFirst().equals("set-bytes") && !ObjectActions.exists(store, collection, named.object())) {
            throw new Refusal(named + " No such file or directory");
        }
        new ObjectActions(store, collection, named.object(), in, out).run(action);
    }
}

package io.spirula.tools.rados;

import io.spirula.common.encoding.Bytes;
import io.spirula.librados.IoCtx;
import io.spirula.librados.ListedObject;
import io.spirula.librados.RadosException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;

/** Commands on pools as a whole. */
final class PoolCommands {
    private static final int REMOVALS_AT_ONCE = 32;

    private PoolCommands() {}

    static boolean lspools(Session s) {
        s.rados().pools().forEach(s.console().out()::println);
        return true;
    }

    /** Pacific's rados has dropped it; kept here because nothing else makes a pool in one word. */
    static boolean mkpool(Session s) {
        String pool = s.words(1).get(0);
        try {
            s.rados().createPool(pool);
        } catch (RadosException e) {
            throw new CommandFailed("error creating pool " + pool + ": " + Texts.error(e));
        }
        s.console().out().println("successfully created pool " + pool);
        return true;
    }

    static boolean rmpool(Session s) {
        String pool = s.words(1).get(0);
        boolean sure = s.words().size() > 1
                && s.words().get(1).equals(pool)
                && s.arguments().has("--yes-i-really-really-mean-it");
        if (!sure) {
            throw new CommandFailed("""
                WARNING:
                  This will PERMANENTLY DESTROY an entire pool of objects with no way back.
                  To confirm, pass the pool to remove twice, followed by
                  --yes-i-really-really-mean-it\
                """);
        }
        try {
            s.rados().deletePool(pool);
        } catch (RadosException e) {
            throw new CommandFailed("error deleting pool " + pool + ": " + Texts.error(e));
        }
        s.console().out().println("successfully deleted pool " + pool);
        return true;
    }

    static boolean ls(Session s) {
        String pool = s.arguments().find("pool");
        if (pool == null) {
            throw new CommandFailed("either pool name or pg id needs to be specified");
        }
        IoCtx io;
        try {
            io = s.rados().ioCtx(pool);
        } catch (RadosException e) {
            throw new CommandFailed("error opening pool " + pool + ": " + Texts.error(e));
        }
        boolean all = s.arguments().has("--all") && !s.arguments().has("--default");
        String namespace = s.arguments().find("namespace");
        io = all ? io.withAllNamespaces() : namespace != null ? io.withNamespace(namespace) : io;
        String format = s.arguments().get("format", "plain");
        Iterator<ListedObject> objects = io.objects().iterator();
        try {
            if (format.equals("plain")) {
                lsPlain(objects, all, s.console().out());
            } else {
                lsJson(objects, format.equals("json-pretty"), s.console().out());
            }
        } catch (IOException e) {
            throw new CommandFailed("error writing: " + e.getMessage());
        }
        return true;
    }

    private static void lsPlain(Iterator<ListedObject> objects, boolean all, PrintStream out) throws IOException {
        while (objects.hasNext()) {
            ListedObject o = objects.next();
            if (all) {
                out.write(o.namespace().toArray());
                out.write('\t');
            }
            out.write(o.name().toArray());
            if (!o.locatorKey().isEmpty()) {
                out.write('\t');
                out.write(o.locatorKey().toArray());
            }
            out.write('\n');
        }
    }

    private static void lsJson(Iterator<ListedObject> objects, boolean pretty, PrintStream out) {
        String indent = pretty ? "\n        " : "";
        String colon = pretty ? ": " : ":";
        out.print('[');
        String separator = "";
        while (objects.hasNext()) {
            ListedObject o = objects.next();
            out.print(separator + (pretty ? "\n    {" : "{"));
            out.print(
                    indent + "\"namespace\"" + colon + Texts.json(o.namespace().utf8()));
            out.print("," + indent + "\"name\"" + colon + Texts.json(o.name().utf8()));
            if (!o.locatorKey().isEmpty()) {
                out.print("," + indent + "\"locator\"" + colon
                        + Texts.json(o.locatorKey().utf8()));
            }
            out.print(pretty ? "\n    }" : "}");
            separator = ",";
        }
        out.print(pretty ? "\n]\n" : "]");
    }

    static boolean purge(Session s) {
        String pool = s.words(1).get(0);
        if (!s.arguments().has("--yes-i-really-really-mean-it")) {
            throw new CommandFailed("""
                WARNING:
                  This will PERMANENTLY DESTROY all objects from a pool with no way back.
                  To confirm, follow pool with --yes-i-really-really-mean-it\
                """);
        }
        IoCtx io = s.rados().ioCtx(pool);
        s.console().out().println("Warning: using slow linear search");
        long removed = removeAll(io.withAllNamespaces().objects().iterator(), io);
        s.console().out().println("Removed " + removed + (removed == 1 ? " object" : " objects"));
        s.console().out().println("successfully purged pool " + pool);
        return true;
    }

    /** Removes what the listing gives, several at once. */
    static long removeAll(Iterator<ListedObject> objects, IoCtx io) {
        ArrayDeque<CompletableFuture<Void>> underWay = new ArrayDeque<>();
        long removed = 0;
        while (objects.hasNext()) {
            ListedObject o = objects.next();
            if (underWay.size() == REMOVALS_AT_ONCE) {
                DataCommands.await(underWay.removeFirst());
            }
            underWay.addLast(io.withNamespace(o.namespace())
                    .withLocatorKey(o.locatorKey())
                    .async()
                    .remove(o.name()));
            removed++;
        }
        underWay.forEach(DataCommands::await);
        return removed;
    }

    static boolean cppool(Session s) {
        IoCtx from = s.rados().ioCtx(s.words(2).get(0));
        IoCtx to = s.rados().ioCtx(s.words().get(1));
        from.withAllNamespaces().objects().forEach(o -> {
            IoCtx source = from.withNamespace(o.namespace()).withLocatorKey(o.locatorKey());
            IoCtx target = to.withNamespace(o.namespace()).withLocatorKey(o.locatorKey());
            Bytes name = o.name();
            s.console().out().println(from.poolName() + ":" + name + " => " + to.poolName() + ":" + name);
            DataCommands.copy(source, name, target, name);
        });
        return true;
    }
}

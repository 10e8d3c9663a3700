package io.spirula.tools.rados;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.OsdOp;
import io.spirula.common.types.Errno;
import io.spirula.librados.AsyncIoCtx;
import io.spirula.librados.IoCtx;
import io.spirula.librados.ObjectStat;
import io.spirula.librados.OperationResult;
import io.spirula.librados.RadosException;
import io.spirula.librados.ReadOperation;
import io.spirula.librados.Step;
import io.spirula.librados.WriteOperation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Commands on an object's data. */
final class DataCommands {
    private static final long DEFAULT_BLOCK = 4 << 20;
    /** Blocks of one object under way at once: they go to the same OSD and keep their order. */
    private static final int BLOCKS_AT_ONCE = 4;

    private DataCommands() {}

    /** Waits for a future whose own deadline bounds it; throws RadosException. */
    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RadosException r) {
                throw r;
            }
            throw e;
        }
    }

    static Bytes readAll(InputStream in) {
        try {
            return Bytes.wrap(in.readAllBytes());
        } catch (IOException e) {
            throw new CommandFailed("error reading input: " + e.getMessage());
        }
    }

    static Bytes readFile(Path file) {
        try {
            return Bytes.wrap(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new CommandFailed("error reading input file " + file + ": " + Texts.error(Errno.ENOENT));
        }
    }

    private static int blockSize(Session s) {
        return Math.clamp(s.arguments().size("block-size", DEFAULT_BLOCK), 1, 64 << 20);
    }

    static boolean put(Session s) {
        String file = s.words(2).get(1);
        long offset = s.arguments().size("offset", 0);
        return withInput(s, file, (in, size) -> {
            try {
                write(s, in, size, offset);
            } catch (RadosException e) {
                throw new CommandFailed("error putting " + s.path(s.object()) + ": " + Texts.error(e));
            }
        });
    }

    private static void write(Session s, InputStream in, long size, long start) throws IOException {
        AsyncIoCtx io = s.io().async();
        int block = blockSize(s);
        ArrayDeque<CompletableFuture<Void>> underWay = new ArrayDeque<>();
        long offset = start;
        try (Progress progress = Progress.on(s.console().err(), "put", size)) {
            while (true) {
                byte[] data = in.readNBytes(block);
                if (data.length == 0 && offset > start) {
                    break;
                }
                Bytes bytes = Bytes.wrap(data);
                if (underWay.size() == BLOCKS_AT_ONCE) {
                    await(underWay.removeFirst());
                }
                // The first block replaces what was there, as in Ceph.
                underWay.addLast(offset == 0 ? io.writeFull(s.object(), bytes) : io.write(s.object(), offset, bytes));
                offset += data.length;
                progress.at(offset - start);
                if (data.length < block) {
                    break;
                }
            }
            underWay.forEach(DataCommands::await);
        }
    }

    private interface InputUse {
        void accept(InputStream in, long size) throws IOException;
    }

    private static boolean withInput(Session s, String file, InputUse use) {
        try {
            if (file.equals("-")) {
                use.accept(s.console().in(), -1);
                return true;
            }
            Path path = Path.of(file);
            try (InputStream in = Files.newInputStream(path)) {
                use.accept(in, Files.size(path));
                return true;
            }
        } catch (NoSuchFileException e) {
            s.console().err().println("error reading input file " + file + ": " + Texts.error(Errno.ENOENT));
            return true; // stock's exit code is 0 here
        } catch (IOException e) {
            throw new CommandFailed("error reading input file " + file + ": " + e.getMessage());
        }
    }

    static boolean get(Session s) {
        String file = s.words(2).get(1);
        try {
            if (file.equals("-")) {
                read(s, s.console().out());
                return true;
            }
            // Nothing is written before the object is known to be there.
            ObjectStat stat = s.io().stat(s.object());
            try (OutputStream out = Files.newOutputStream(Path.of(file))) {
                if (stat.size() > 0) {
                    read(s, out);
                }
            }
            return true;
        } catch (RadosException e) {
            throw new CommandFailed("error getting " + s.path(s.object()) + ": " + Texts.error(e));
        } catch (IOException e) {
            throw new CommandFailed("error writing to " + file + ": " + e.getMessage());
        }
    }

    private static void read(Session s, OutputStream out) throws IOException {
        AsyncIoCtx io = s.io().async();
        int block = blockSize(s);
        long size = s.io().stat(s.object()).size();
        ArrayDeque<CompletableFuture<Bytes>> underWay = new ArrayDeque<>();
        long asked = 0;
        long got = 0;
        try (Progress progress = Progress.on(s.console().err(), "get", size)) {
            boolean more = true;
            while (more) {
                // One block past the known size at most: the object may have grown.
                while (underWay.size() < BLOCKS_AT_ONCE && (asked < size || underWay.isEmpty())) {
                    underWay.addLast(io.read(s.object(), asked, block));
                    asked += block;
                }
                Bytes data = await(underWay.removeFirst());
                out.write(data.backingArray(), data.backingOffset(), data.size());
                got += data.size();
                progress.at(got);
                more = data.size() == block;
            }
        }
    }

    static boolean append(Session s) {
        return withInput(s, s.words(2).get(1), (in, size) -> {
            int block = blockSize(s);
            byte[] data = in.readNBytes(block);
            try {
                do {
                    s.io().append(s.object(), Bytes.wrap(data));
                    data = data.length < block ? new byte[0] : in.readNBytes(block);
                } while (data.length > 0);
            } catch (RadosException e) {
                throw new CommandFailed("error appending " + s.path(s.object()) + ": " + Texts.error(e));
            }
        });
    }

    static boolean truncate(Session s) {
        String text = s.words(2).get(1);
        long size;
        try {
            size = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new CommandFailed("Invalid value for size: '" + text + "'");
        }
        if (size < 0) {
            throw new CommandFailed("error, cannot truncate to negative value");
        }
        try {
            s.io().truncate(s.object(), size);
            return true;
        } catch (RadosException e) {
            throw new CommandFailed("error truncating oid " + s.object() + " to " + size + ": " + Texts.error(e));
        }
    }

    static boolean stat(Session s) {
        return stat(s, true);
    }

    static boolean stat2(Session s) {
        return stat(s, false);
    }

    private static boolean stat(Session s, boolean wholeSeconds) {
        try {
            ObjectStat stat = s.io().stat(s.object());
            Instant modified =
                    wholeSeconds ? Instant.ofEpochSecond(stat.modified().getEpochSecond()) : stat.modified();
            s.console().out().println(s.path(s.object()) + " mtime " + Texts.time(modified) + ", size " + stat.size());
            return true;
        } catch (RadosException e) {
            throw new CommandFailed(" error stat-ing " + s.path(s.object()) + ": " + Texts.error(e));
        }
    }

    static boolean rm(Session s) {
        int flags = s.arguments().has("--force-full") ? OsdOp.FLAG_FULL_FORCE : 0;
        for (String object : s.words(1)) {
            try {
                s.io().operate(Bytes.of(object), new WriteOperation().remove(), flags);
            } catch (RadosException e) {
                throw new CommandFailed("error removing " + s.io().poolName() + ">" + object + ": " + Texts.error(e));
            }
        }
        return true;
    }

    static boolean create(Session s) {
        try {
            s.io().create(s.object(), true);
            return true;
        } catch (RadosException e) {
            throw new CommandFailed("error creating " + s.path(s.object()) + ": " + Texts.error(e));
        }
    }

    static boolean touch(Session s) {
        try {
            s.io().create(s.object(), false);
            return true;
        } catch (RadosException e) {
            throw new CommandFailed("error touching " + s.path(s.object()) + ": " + Texts.error(e));
        }
    }

    static boolean setAllocHint(Session s) {
        try {
            s.io().operate(
                            s.object(),
                            new WriteOperation()
                                    .allocationHint(
                                            Long.parseLong(s.words(3).get(1)),
                                            Long.parseLong(s.words().get(2))));
            return true;
        } catch (NumberFormatException e) {
            throw new CommandFailed("couldn't parse expected_object_size or expected_write_size");
        }
    }

    static boolean cp(Session s) {
        String targetPool = s.arguments().find("target-pool");
        String targetLocator = s.arguments().find("target-locator");
        String targetNamespace = s.arguments().find("target-nspace");
        IoCtx to = targetPool == null ? s.io() : s.rados().ioCtx(targetPool).withNamespace(s.io().namespace());
        to = targetLocator == null ? to : to.withLocatorKey(Bytes.of(targetLocator));
        to = targetNamespace == null ? to : to.withNamespace(targetNamespace);
        Bytes target = s.words(1).size() > 1 ? Bytes.of(s.words().get(1)) : s.object();
        if (target.equals(s.object()) && targetPool == null && targetLocator == null && targetNamespace == null) {
            throw new CommandFailed("cannot copy object into itself");
        }
        try {
            copy(s.io(), s.object(), to, target);
            return true;
        } catch (RadosException e) {
            throw new CommandFailed("error copying " + s.path(s.object()) + " => " + to.poolName() + "/" + target + ": "
                    + Texts.error(e));
        }
    }

    /** Copies data, attributes and the sorted map through the client. */
    static void copy(IoCtx from, Bytes source, IoCtx to, Bytes target) {
        ReadOperation read = new ReadOperation();
        Step<ObjectStat> stat = read.stat();
        Step<Map<Bytes, Bytes>> xattrs = read.xattrs();
        Step<Bytes> header = read.omapHeader();
        OperationResult found = from.operate(source, read);
        WriteOperation first = new WriteOperation().writeFull(Bytes.EMPTY).clearOmap();
        found.get(xattrs).forEach((name, value) -> first.setXattr(name.utf8(), value));
        if (!found.get(header).isEmpty()) {
            first.setOmapHeader(found.get(header));
        }
        Map<Bytes, Bytes> omap = from.omap(source);
        if (!omap.isEmpty()) {
            first.setOmap(omap);
        }
        to.operate(target, first);
        long size = found.get(stat).size();
        for (long at = 0; at < size; at += DEFAULT_BLOCK) {
            to.write(target, at, from.read(source, at, (int) Math.min(DEFAULT_BLOCK, size - at)));
        }
    }
}

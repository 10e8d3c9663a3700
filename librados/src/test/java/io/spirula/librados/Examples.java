package io.spirula.librados;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.Errno;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The examples of docs/librados.md. */
final class Examples {
    private Examples() {}

    static String storeAndFetch(Path cephConf, String pool) {
        try (Rados rados = Rados.builder().conf(cephConf).connect()) {
            IoCtx io = rados.ioCtx(pool);
            io.writeFull("greeting", "hello".getBytes(UTF_8));
            return new String(io.read("greeting"), UTF_8);
        }
    }

    static Rados connectWithoutAFile(String monitors, String key) {
        return Rados.builder()
                .monHost(monitors) // v2:10.0.0.1:3300
                .name("client.admin")
                .key(key)
                .operationTimeout(Duration.ofSeconds(30))
                .connect();
    }

    /** All or nothing: the object is made with its data and its owner, unless it exists. */
    static boolean claim(IoCtx io, String object, String owner) {
        WriteOperation op =
                new WriteOperation().create(true).write(0, Bytes.of("claimed")).setXattr("owner", Bytes.of(owner));
        try {
            io.operate(Bytes.of(object), op);
            return true;
        } catch (RadosException e) {
            if (e.is(Errno.EEXIST)) {
                return false;
            }
            throw e;
        }
    }

    /** Size and owner as they were at one moment. */
    static String describe(IoCtx io, String object) {
        ReadOperation op = new ReadOperation();
        Step<ObjectStat> stat = op.stat();
        Step<Bytes> owner = op.xattr("owner");
        OperationResult result = io.operate(Bytes.of(object), op);
        return result.get(stat).size() + " bytes of " + result.get(owner);
    }

    /** Many at once: the client keeps as many under way as the cluster takes, and waits where that is too many. */
    static void storeMany(IoCtx io, int count) {
        List<CompletableFuture<Void>> writes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            writes.add(io.async().writeFull(Bytes.of("part-" + i), Bytes.of("data " + i)));
        }
        CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new)).join();
    }

    static List<String> names(IoCtx io) {
        return io.withNamespace("photos")
                .objects()
                .map(o -> o.name().utf8())
                .sorted()
                .toList();
    }

    static String health(Rados rados) {
        return rados.monCommand("{\"prefix\": \"health\"}").orThrow().output().utf8();
    }
}

package io.spirula.common.maps;

import io.spirula.common.encoding.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Every epoch of the OSD map of a stock cluster's eventful life, with what stock osdmaptool says about some of them. */
final class Corpus {
    static final int EPOCHS = 99;
    private static final TreeMap<String, Bytes> FILES = load();

    private Corpus() {}

    static boolean has(String name) {
        return FILES.containsKey(name);
    }

    static Bytes file(String name) {
        return Objects.requireNonNull(FILES.get(name), name);
    }

    static Bytes full(int epoch) {
        return file(epoch + ".full.bin");
    }

    static Bytes incremental(int epoch) {
        return file(epoch + ".inc.bin");
    }

    static OsdMap map(int epoch) {
        return OsdMap.CODEC.fromBytes(full(epoch));
    }

    private static TreeMap<String, Bytes> load() {
        TreeMap<String, Bytes> files = new TreeMap<>();
        try (InputStream resource = Objects.requireNonNull(Corpus.class.getResourceAsStream("/osdmap/corpus.zip"));
                ZipInputStream zip = new ZipInputStream(resource)) {
            for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
                files.put(e.getName(), Bytes.wrap(zip.readAllBytes()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }
}

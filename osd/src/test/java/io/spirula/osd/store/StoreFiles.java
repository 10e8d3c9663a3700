package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of a store that may be open: copies of them, as a killed process leaves them, and damage to them. */
final class StoreFiles {
    private StoreFiles() {}

    /** The mark of what is durable first, so that it is no newer than the log. A file that goes meanwhile was on its way out. */
    static void copy(Path directory, Path copy) {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> markFirst = files.sorted((a, b) -> Boolean.compare(b.endsWith("synced"), a.endsWith("synced")))
                    .toList();
            for (Path file : markFirst) {
                if (!Files.isDirectory(file)) {
                    Path target = copy.resolve(directory.relativize(file));
                    Files.createDirectories(target.getParent());
                    copyIfThere(file, target);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copyIfThere(Path file, Path target) throws IOException {
        try {
            Files.copy(file, target);
        } catch (NoSuchFileException e) {
            Files.deleteIfExists(target);
        }
    }

    /** Changes a byte in the middle of {@code wanted} wherever a file with this ending has it; returns in how many places. */
    static int flip(Path directory, String ending, Bytes wanted) {
        int places = 0;
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(f -> f.toString().endsWith(ending)).toList()) {
                byte[] all = Files.readAllBytes(file);
                for (int at = 0; at + wanted.size() <= all.length; at++) {
                    if (Bytes.wrap(all, at, wanted.size()).equals(wanted)) {
                        flip(file, at + wanted.size() / 2);
                        places++;
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return places;
    }

    static void flip(Path file, long position) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(position);
            int there = open.read();
            open.seek(position);
            open.write(there ^ 4);
        }
    }
}

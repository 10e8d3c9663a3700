package io.spirula.tools.osdmaptool;

import io.spirula.common.encoding.Bytes;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The files that the tool reads and writes, with Ceph's words for what goes wrong. */
final class MapFiles {
    private MapFiles() {}

    /** Reads all of it; the exception's message is what Ceph says. */
    static Bytes read(String file) throws IOException {
        try {
            return Bytes.wrap(Files.readAllBytes(Path.of(file)));
        } catch (IOException e) {
            throw new IOException("can't open " + file + ": " + reason(e), e);
        }
    }

    static void write(String file, Bytes bytes) throws IOException {
        try {
            Files.write(Path.of(file), bytes.toReadOnlyArray());
        } catch (IOException e) {
            throw new IOException(reason(e), e);
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException gone -> "(2) No such file or directory";
            case AccessDeniedException denied -> "(13) Permission denied";
            default ->
                String.valueOf(e.getMessage()).contains("Is a directory")
                        ? "(21) Is a directory"
                        : "(5) Input/output error";
        };
    }
}

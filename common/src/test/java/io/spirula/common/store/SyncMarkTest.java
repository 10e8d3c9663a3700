package io.spirula.common.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncMarkTest {
    @TempDir
    Path folder;

    private void note(long sequence) throws IOException {
        try (SyncMark mark = SyncMark.open(folder)) {
            mark.note(sequence);
        }
    }

    private long noted() throws IOException {
        try (SyncMark mark = SyncMark.open(folder)) {
            return mark.sequence();
        }
    }

    @Test
    void theNewestNumberIsThereAfterwards() throws IOException {
        assertThat(noted()).isZero();
        note(7);
        note(1L << 40);
        assertThat(noted()).isEqualTo(1L << 40);
    }

    @Test
    void ofADamagedOneNothingIsKnown() throws IOException {
        note(7);
        Path file = folder.resolve("synced");
        byte[] bytes = Files.readAllBytes(file);
        for (int at = 0; at < bytes.length; at++) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 1;
            Files.write(file, damaged);
            assertThat(noted()).as("byte %d", at).isZero();
        }
        Files.write(file, new byte[5]);
        assertThat(noted()).isZero();
    }
}

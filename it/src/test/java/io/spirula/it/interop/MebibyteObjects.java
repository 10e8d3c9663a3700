package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.librados.IoCtx;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** Objects of a pool that fill a disk soon: their numbers say what is in them. */
record MebibyteObjects(IoCtx io) {
    CompletableFuture<Void> write(int number) {
        return CompletableFuture.runAsync(() -> io.writeFull(name(number), contents(number)));
    }

    CompletableFuture<byte[]> read(int number) {
        return CompletableFuture.supplyAsync(() -> io.read(name(number)));
    }

    void verify(List<Integer> numbers) {
        for (int number : numbers) {
            assertThat(io.read(name(number))).as(name(number)).isEqualTo(contents(number));
        }
    }

    private static String name(int number) {
        return "object" + number;
    }

    static byte[] contents(int number) {
        byte[] bytes = new byte[1 << 20];
        new Random(number).nextBytes(bytes);
        return bytes;
    }
}

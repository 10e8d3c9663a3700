package io.spirula.it.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Ports of 127.0.0.1 where nobody listens, from below those that the system gives to whoever asks for any: a daemon that is stopped finds its own free when it comes back. Drawn at random, so that clusters of several processes keep
 * apart.
 */
public final class FreePorts {
    private static final int FIRST = 14_000;
    private static final int LAST = 30_000;

    private FreePorts() {}

    public static int one() {
        return row(1);
    }

    /** The first of some in a row. */
    public static int row(int count) {
        while (true) {
            int first = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (IntStream.range(first, first + count).allMatch(FreePorts::isFree)) {
                return first;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}

package io.spirula.tools.rados;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The objects of a benchmark as Ceph's ObjBencher (common/obj_bencher.cc) writes them, so that one's reads verify the other's writes.
 *
 * @param prefix in front of {@code _objectN}
 * @param objectSize bytes of an object, a multiple of the operations' size
 * @param operations how many were written
 */
record BenchObjects(String prefix, long objectSize, int operations, int pid, long operationSize) {
    static final String DEFAULT_RUN = "benchmark_last_metadata";

    Bytes metadata() {
        return new Encoder(24)
                .u64(objectSize)
                .u32(operations)
                .u32(pid)
                .u64(operationSize)
                .toBytes();
    }

    static BenchObjects of(Bytes metadata, String host) {
        Decoder in = new Decoder(metadata);
        long objectSize = in.u64();
        int operations = in.i32();
        int pid = in.i32();
        return new BenchObjects(prefix(host, pid), objectSize, operations, pid, in.u64());
    }

    static String prefix(String host, int pid) {
        return "benchmark_data_" + host + "_" + pid;
    }

    private long operationsPerObject() {
        return Math.max(1, objectSize / operationSize);
    }

    Bytes objectOf(int operation) {
        return Bytes.of(prefix + "_object" + operation / operationsPerObject());
    }

    long offsetOf(int operation) {
        return operation % operationsPerObject() * operationSize;
    }

    int objectCount() {
        return (int) ((operations + operationsPerObject() - 1) / operationsPerObject());
    }

    static void fill(byte[] data) {
        Arrays.fill(data, (byte) 'z');
    }

    /** Marks the data as that operation's, leaving the filling. */
    static void stamp(byte[] data, int operation) {
        byte[] text = stampText(operation);
        System.arraycopy(text, 0, data, 0, Math.min(text.length, data.length));
    }

    private static byte[] stampText(int operation) {
        return String.format("I'm the %16dth op!\0", operation).getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether the data is what that operation wrote. */
    boolean matches(int operation, Bytes data) {
        if (data.size() != operationSize) {
            return false;
        }
        byte[] text = stampText(operation);
        int stamped = Math.min(text.length, data.size());
        if (!data.slice(0, stamped).equals(Bytes.wrap(text, 0, stamped))) {
            return false;
        }
        byte[] array = data.backingArray();
        int end = data.backingOffset() + data.size();
        for (int i = data.backingOffset() + stamped; i < end; i++) {
            if (array[i] != 'z') {
                return false;
            }
        }
        return true;
    }
}

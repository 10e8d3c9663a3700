package io.spirula.common.encoding;

import java.util.zip.CRC32C;

/**
 * Ceph's CRC32C: the Castagnoli polynomial, starting from a given seed (usually -1) and without a final inversion. The JDK's CRC32C inverts at both ends;
 * another seed is brought in by shifting the difference through the length, so one pass at the JDK's speed serves every seed.
 */
public final class Crc32c {
    private static final int POLYNOMIAL = 0x82F63B78;
    /** {@code SHIFTS[k][b]}: what a state's byte-sized quarter contributes after 2^k zero bytes; four tables of 256 a power. */
    private static final int[][] SHIFTS = shifts();

    private Crc32c() {}

    public static int of(int seed, byte[] data, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(data, offset, length);
        int fromMinusOne = ~(int) crc.getValue();
        return seed == -1 ? fromMinusOne : fromMinusOne ^ zeros(seed ^ -1, length);
    }

    /** The CRC of two runs one after the other, from the first's CRC (any seed), and the second's CRC from seed 0. */
    public static int combine(int first, int secondFromZero, long secondLength) {
        return zeros(first, secondLength) ^ secondFromZero;
    }

    /** The state after {@code length} zero bytes. */
    public static int zeros(int state, long length) {
        int s = state;
        for (int k = 0; length != 0 && s != 0; k++, length >>>= 1) {
            if ((length & 1) != 0) {
                int[] t = SHIFTS[k];
                s = t[s & 255] ^ t[256 + (s >>> 8 & 255)] ^ t[512 + (s >>> 16 & 255)] ^ t[768 + (s >>> 24)];
            }
        }
        return s;
    }

    private static int[][] shifts() {
        int[][] tables = new int[48][];
        int[] power = new int[32]; // power[i]: where the single bit i goes
        for (int bit = 0; bit < 32; bit++) {
            int s = 1 << bit;
            for (int i = 0; i < 8; i++) {
                s = (s & 1) != 0 ? s >>> 1 ^ POLYNOMIAL : s >>> 1;
            }
            power[bit] = s;
        }
        for (int k = 0; k < tables.length; k++) {
            int[] t = new int[1024];
            for (int i = 0; i < 1024; i++) {
                t[i] = apply(power, (i & 255) << 8 * (i >>> 8));
            }
            tables[k] = t;
            int[] squared = new int[32];
            for (int bit = 0; bit < 32; bit++) {
                squared[bit] = apply(power, power[bit]);
            }
            power = squared;
        }
        return tables;
    }

    private static int apply(int[] matrix, int vector) {
        int sum = 0;
        for (int v = vector; v != 0; v &= v - 1) {
            sum ^= matrix[Integer.numberOfTrailingZeros(v)];
        }
        return sum;
    }
}

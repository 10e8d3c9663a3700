package io.spirula.crush;

/**
 * Robert Jenkins' 32-bit mix over one to four integers, seeded and ordered as in Ceph's src/crush/hash.c. All placement
 * rests on it. The rounds are written out: the loop over a bucket's items spends nearly all its time here.
 */
public final class CrushHash {
    /** The only hash function that Ceph defines; a bucket that names another one hashes everything to 0. */
    public static final int RJENKINS1 = 0;

    static final int SEED = 1315423911;
    static final int X = 231232;
    static final int Y = 1232;

    private CrushHash() {}

    public static int hash(int a0, int b0) {
        int a = a0;
        int b = b0;
        int x = X;
        int y = Y;
        int h = SEED ^ a ^ b;
        a = (a - b - h) ^ (h >>> 13);
        b = (b - h - a) ^ (a << 8);
        h = (h - a - b) ^ (b >>> 13);
        a = (a - b - h) ^ (h >>> 12);
        b = (b - h - a) ^ (a << 16);
        h = (h - a - b) ^ (b >>> 5);
        a = (a - b - h) ^ (h >>> 3);
        b = (b - h - a) ^ (a << 10);
        h = (h - a - b) ^ (b >>> 15);
        x = (x - a - h) ^ (h >>> 13);
        a = (a - h - x) ^ (x << 8);
        h = (h - x - a) ^ (a >>> 13);
        x = (x - a - h) ^ (h >>> 12);
        a = (a - h - x) ^ (x << 16);
        h = (h - x - a) ^ (a >>> 5);
        x = (x - a - h) ^ (h >>> 3);
        a = (a - h - x) ^ (x << 10);
        h = (h - x - a) ^ (a >>> 15);
        b = (b - y - h) ^ (h >>> 13);
        y = (y - h - b) ^ (b << 8);
        h = (h - b - y) ^ (y >>> 13);
        b = (b - y - h) ^ (h >>> 12);
        y = (y - h - b) ^ (b << 16);
        h = (h - b - y) ^ (y >>> 5);
        b = (b - y - h) ^ (h >>> 3);
        y = (y - h - b) ^ (b << 10);
        h = (h - b - y) ^ (y >>> 15);
        return h;
    }

    public static int hash(int a0, int b0, int c0) {
        int a = a0;
        int b = b0;
        int c = c0;
        int x = X;
        int y = Y;
        int h = SEED ^ a ^ b ^ c;
        a = (a - b - h) ^ (h >>> 13);
        b = (b - h - a) ^ (a << 8);
        h = (h - a - b) ^ (b >>> 13);
        a = (a - b - h) ^ (h >>> 12);
        b = (b - h - a) ^ (a << 16);
        h = (h - a - b) ^ (b >>> 5);
        a = (a - b - h) ^ (h >>> 3);
        b = (b - h - a) ^ (a << 10);
        h = (h - a - b) ^ (b >>> 15);
        c = (c - x - h) ^ (h >>> 13);
        x = (x - h - c) ^ (c << 8);
        h = (h - c - x) ^ (x >>> 13);
        c = (c - x - h) ^ (h >>> 12);
        x = (x - h - c) ^ (c << 16);
        h = (h - c - x) ^ (x >>> 5);
        c = (c - x - h) ^ (h >>> 3);
        x = (x - h - c) ^ (c << 10);
        h = (h - c - x) ^ (x >>> 15);
        y = (y - a - h) ^ (h >>> 13);
        a = (a - h - y) ^ (y << 8);
        h = (h - y - a) ^ (a >>> 13);
        y = (y - a - h) ^ (h >>> 12);
        a = (a - h - y) ^ (y << 16);
        h = (h - y - a) ^ (a >>> 5);
        y = (y - a - h) ^ (h >>> 3);
        a = (a - h - y) ^ (y << 10);
        h = (h - y - a) ^ (a >>> 15);
        b = (b - x - h) ^ (h >>> 13);
        x = (x - h - b) ^ (b << 8);
        h = (h - b - x) ^ (x >>> 13);
        b = (b - x - h) ^ (h >>> 12);
        x = (x - h - b) ^ (b << 16);
        h = (h - b - x) ^ (x >>> 5);
        b = (b - x - h) ^ (h >>> 3);
        x = (x - h - b) ^ (b << 10);
        h = (h - b - x) ^ (x >>> 15);
        y = (y - c - h) ^ (h >>> 13);
        c = (c - h - y) ^ (y << 8);
        h = (h - y - c) ^ (c >>> 13);
        y = (y - c - h) ^ (h >>> 12);
        c = (c - h - y) ^ (y << 16);
        h = (h - y - c) ^ (c >>> 5);
        y = (y - c - h) ^ (h >>> 3);
        c = (c - h - y) ^ (y << 10);
        h = (h - y - c) ^ (c >>> 15);
        return h;
    }

    public static int hash(int a0, int b0, int c0, int d0) {
        int a = a0;
        int b = b0;
        int c = c0;
        int d = d0;
        int x = X;
        int y = Y;
        int h = SEED ^ a ^ b ^ c ^ d;
        a = (a - b - h) ^ (h >>> 13);
        b = (b - h - a) ^ (a << 8);
        h = (h - a - b) ^ (b >>> 13);
        a = (a - b - h) ^ (h >>> 12);
        b = (b - h - a) ^ (a << 16);
        h = (h - a - b) ^ (b >>> 5);
        a = (a - b - h) ^ (h >>> 3);
        b = (b - h - a) ^ (a << 10);
        h = (h - a - b) ^ (b >>> 15);
        c = (c - d - h) ^ (h >>> 13);
        d = (d - h - c) ^ (c << 8);
        h = (h - c - d) ^ (d >>> 13);
        c = (c - d - h) ^ (h >>> 12);
        d = (d - h - c) ^ (c << 16);
        h = (h - c - d) ^ (d >>> 5);
        c = (c - d - h) ^ (h >>> 3);
        d = (d - h - c) ^ (c << 10);
        h = (h - c - d) ^ (d >>> 15);
        a = (a - x - h) ^ (h >>> 13);
        x = (x - h - a) ^ (a << 8);
        h = (h - a - x) ^ (x >>> 13);
        a = (a - x - h) ^ (h >>> 12);
        x = (x - h - a) ^ (a << 16);
        h = (h - a - x) ^ (x >>> 5);
        a = (a - x - h) ^ (h >>> 3);
        x = (x - h - a) ^ (a << 10);
        h = (h - a - x) ^ (x >>> 15);
        y = (y - b - h) ^ (h >>> 13);
        b = (b - h - y) ^ (y << 8);
        h = (h - y - b) ^ (b >>> 13);
        y = (y - b - h) ^ (h >>> 12);
        b = (b - h - y) ^ (y << 16);
        h = (h - y - b) ^ (b >>> 5);
        y = (y - b - h) ^ (h >>> 3);
        b = (b - h - y) ^ (y << 10);
        h = (h - y - b) ^ (b >>> 15);
        c = (c - x - h) ^ (h >>> 13);
        x = (x - h - c) ^ (c << 8);
        h = (h - c - x) ^ (x >>> 13);
        c = (c - x - h) ^ (h >>> 12);
        x = (x - h - c) ^ (c << 16);
        h = (h - c - x) ^ (x >>> 5);
        c = (c - x - h) ^ (h >>> 3);
        x = (x - h - c) ^ (c << 10);
        h = (h - c - x) ^ (x >>> 15);
        y = (y - d - h) ^ (h >>> 13);
        d = (d - h - y) ^ (y << 8);
        h = (h - y - d) ^ (d >>> 13);
        y = (y - d - h) ^ (h >>> 12);
        d = (d - h - y) ^ (y << 16);
        h = (h - y - d) ^ (d >>> 5);
        y = (y - d - h) ^ (h >>> 3);
        d = (d - h - y) ^ (y << 10);
        h = (h - y - d) ^ (d >>> 15);
        return h;
    }
}

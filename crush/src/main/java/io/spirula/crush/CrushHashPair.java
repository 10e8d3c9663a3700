package io.spirula.crush;

/**
 * Two hashes of three integers at once, which differ in the second. Their steps are interleaved, for each alone is one long
 * chain in which every step waits for the one before.
 */
final class CrushHashPair {
    private CrushHashPair() {}

    /** The lower halves of {@code hash(a, first, c)} (in the lower half) and {@code hash(a, second, c)}. */
    static int hash(int a, int first, int second, int c) {
        int a1 = a;
        int b1 = first;
        int c1 = c;
        int x1 = CrushHash.X;
        int y1 = CrushHash.Y;
        int h1 = CrushHash.SEED ^ a ^ first ^ c;
        int a2 = a;
        int b2 = second;
        int c2 = c;
        int x2 = CrushHash.X;
        int y2 = CrushHash.Y;
        int h2 = CrushHash.SEED ^ a ^ second ^ c;
        a1 = (a1 - b1 - h1) ^ (h1 >>> 13);
        a2 = (a2 - b2 - h2) ^ (h2 >>> 13);
        b1 = (b1 - h1 - a1) ^ (a1 << 8);
        b2 = (b2 - h2 - a2) ^ (a2 << 8);
        h1 = (h1 - a1 - b1) ^ (b1 >>> 13);
        h2 = (h2 - a2 - b2) ^ (b2 >>> 13);
        a1 = (a1 - b1 - h1) ^ (h1 >>> 12);
        a2 = (a2 - b2 - h2) ^ (h2 >>> 12);
        b1 = (b1 - h1 - a1) ^ (a1 << 16);
        b2 = (b2 - h2 - a2) ^ (a2 << 16);
        h1 = (h1 - a1 - b1) ^ (b1 >>> 5);
        h2 = (h2 - a2 - b2) ^ (b2 >>> 5);
        a1 = (a1 - b1 - h1) ^ (h1 >>> 3);
        a2 = (a2 - b2 - h2) ^ (h2 >>> 3);
        b1 = (b1 - h1 - a1) ^ (a1 << 10);
        b2 = (b2 - h2 - a2) ^ (a2 << 10);
        h1 = (h1 - a1 - b1) ^ (b1 >>> 15);
        h2 = (h2 - a2 - b2) ^ (b2 >>> 15);
        c1 = (c1 - x1 - h1) ^ (h1 >>> 13);
        c2 = (c2 - x2 - h2) ^ (h2 >>> 13);
        x1 = (x1 - h1 - c1) ^ (c1 << 8);
        x2 = (x2 - h2 - c2) ^ (c2 << 8);
        h1 = (h1 - c1 - x1) ^ (x1 >>> 13);
        h2 = (h2 - c2 - x2) ^ (x2 >>> 13);
        c1 = (c1 - x1 - h1) ^ (h1 >>> 12);
        c2 = (c2 - x2 - h2) ^ (h2 >>> 12);
        x1 = (x1 - h1 - c1) ^ (c1 << 16);
        x2 = (x2 - h2 - c2) ^ (c2 << 16);
        h1 = (h1 - c1 - x1) ^ (x1 >>> 5);
        h2 = (h2 - c2 - x2) ^ (x2 >>> 5);
        c1 = (c1 - x1 - h1) ^ (h1 >>> 3);
        c2 = (c2 - x2 - h2) ^ (h2 >>> 3);
        x1 = (x1 - h1 - c1) ^ (c1 << 10);
        x2 = (x2 - h2 - c2) ^ (c2 << 10);
        h1 = (h1 - c1 - x1) ^ (x1 >>> 15);
        h2 = (h2 - c2 - x2) ^ (x2 >>> 15);
        y1 = (y1 - a1 - h1) ^ (h1 >>> 13);
        y2 = (y2 - a2 - h2) ^ (h2 >>> 13);
        a1 = (a1 - h1 - y1) ^ (y1 << 8);
        a2 = (a2 - h2 - y2) ^ (y2 << 8);
        h1 = (h1 - y1 - a1) ^ (a1 >>> 13);
        h2 = (h2 - y2 - a2) ^ (a2 >>> 13);
        y1 = (y1 - a1 - h1) ^ (h1 >>> 12);
        y2 = (y2 - a2 - h2) ^ (h2 >>> 12);
        a1 = (a1 - h1 - y1) ^ (y1 << 16);
        a2 = (a2 - h2 - y2) ^ (y2 << 16);
        h1 = (h1 - y1 - a1) ^ (a1 >>> 5);
        h2 = (h2 - y2 - a2) ^ (a2 >>> 5);
        y1 = (y1 - a1 - h1) ^ (h1 >>> 3);
        y2 = (y2 - a2 - h2) ^ (h2 >>> 3);
        a1 = (a1 - h1 - y1) ^ (y1 << 10);
        a2 = (a2 - h2 - y2) ^ (y2 << 10);
        h1 = (h1 - y1 - a1) ^ (a1 >>> 15);
        h2 = (h2 - y2 - a2) ^ (a2 >>> 15);
        b1 = (b1 - x1 - h1) ^ (h1 >>> 13);
        b2 = (b2 - x2 - h2) ^ (h2 >>> 13);
        x1 = (x1 - h1 - b1) ^ (b1 << 8);
        x2 = (x2 - h2 - b2) ^ (b2 << 8);
        h1 = (h1 - b1 - x1) ^ (x1 >>> 13);
        h2 = (h2 - b2 - x2) ^ (x2 >>> 13);
        b1 = (b1 - x1 - h1) ^ (h1 >>> 12);
        b2 = (b2 - x2 - h2) ^ (h2 >>> 12);
        x1 = (x1 - h1 - b1) ^ (b1 << 16);
        x2 = (x2 - h2 - b2) ^ (b2 << 16);
        h1 = (h1 - b1 - x1) ^ (x1 >>> 5);
        h2 = (h2 - b2 - x2) ^ (x2 >>> 5);
        b1 = (b1 - x1 - h1) ^ (h1 >>> 3);
        b2 = (b2 - x2 - h2) ^ (h2 >>> 3);
        x1 = (x1 - h1 - b1) ^ (b1 << 10);
        x2 = (x2 - h2 - b2) ^ (b2 << 10);
        h1 = (h1 - b1 - x1) ^ (x1 >>> 15);
        h2 = (h2 - b2 - x2) ^ (x2 >>> 15);
        y1 = (y1 - c1 - h1) ^ (h1 >>> 13);
        y2 = (y2 - c2 - h2) ^ (h2 >>> 13);
        c1 = (c1 - h1 - y1) ^ (y1 << 8);
        c2 = (c2 - h2 - y2) ^ (y2 << 8);
        h1 = (h1 - y1 - c1) ^ (c1 >>> 13);
        h2 = (h2 - y2 - c2) ^ (c2 >>> 13);
        y1 = (y1 - c1 - h1) ^ (h1 >>> 12);
        y2 = (y2 - c2 - h2) ^ (h2 >>> 12);
        c1 = (c1 - h1 - y1) ^ (y1 << 16);
        c2 = (c2 - h2 - y2) ^ (y2 << 16);
        h1 = (h1 - y1 - c1) ^ (c1 >>> 5);
        h2 = (h2 - y2 - c2) ^ (c2 >>> 5);
        y1 = (y1 - c1 - h1) ^ (h1 >>> 3);
        y2 = (y2 - c2 - h2) ^ (h2 >>> 3);
        c1 = (c1 - h1 - y1) ^ (y1 << 10);
        c2 = (c2 - h2 - y2) ^ (y2 << 10);
        h1 = (h1 - y1 - c1) ^ (c1 >>> 15);
        h2 = (h2 - y2 - c2) ^ (c2 >>> 15);
        return (h1 & 0xffff) | (h2 << 16);
    }
}

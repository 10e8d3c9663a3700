package io.spirula.crush;

/** The straw lengths of a straw bucket, as a function of all its weights. Ceph: crush_calc_straw in src/crush/builder.c. */
final class StrawLengths {
    private StrawLengths() {}

    /** @param version the map's straw_calc_version: 0 spreads equal weights as one step, 1 counts each item */
    static int[] of(int[] weights, int version) {
        int size = weights.length;
        int[] straws = new int[size];
        int[] order = ascending(weights);
        int left = size;
        double straw = 1.0;
        double below = 0;
        double last = 0;
        int i = 0;
        while (i < size) {
            int current = order[i];
            if (weights[current] == 0) {
                straws[current] = 0;
                i++;
                if (version >= 1) {
                    left--;
                }
                continue;
            }
            straws[current] = (int) (long) (straw * 0x10000);
            i++;
            if (i == size) {
                break;
            }
            int next = order[i];
            if (version == 0 && weights[next] == weights[current]) {
                continue;
            }
            below += (unsigned(weights[current]) - last) * left;
            if (version == 0) {
                for (int j = i; j < size && weights[order[j]] == weights[next]; j++) {
                    left--;
                }
            } else {
                left--;
            }
            // Ceph multiplies 32-bit unsigned numbers here, with their overflow.
            double above = unsigned(left * (weights[next] - weights[current]));
            straw *= StrictMath.pow(1.0 / (below / (below + above)), 1.0 / left);
            last = unsigned(weights[current]);
        }
        return straws;
    }

    private static double unsigned(int weight) {
        return Integer.toUnsignedLong(weight);
    }

    /** A stable insertion sort by weight, equal weights in item order. */
    private static int[] ascending(int[] weights) {
        int[] order = new int[weights.length];
        for (int i = 1; i < weights.length; i++) {
            int at = i;
            for (int j = 0; j < i; j++) {
                if (Integer.compareUnsigned(weights[i], weights[order[j]]) < 0) {
                    at = j;
                    break;
                }
            }
            System.arraycopy(order, at, order, at + 1, i - at);
            order[at] = i;
        }
        return order;
    }
}

package io.spirula.crush;

import java.util.NavigableMap;
import java.util.TreeMap;

/** A CRUSH map being changed. */
public final class CrushEditor extends CrushContent {
    public CrushEditor(CrushMap map) {
        super(map, false);
    }

    CrushEditor(Tunables tunables) {
        super(tunables);
    }

    /** The changed map. */
    public CrushMap build() {
        maxDevices = 0;
        for (Bucket bucket : buckets()) {
            for (int item : bucket.items) {
                maxDevices = Math.max(maxDevices, item + 1);
            }
        }
        if (!itemNames.isEmpty() && itemNames.lastKey() >= maxDevices) {
            maxDevices = itemNames.lastKey() + 1;
        }
        return new CrushMap(this);
    }

    /** Drops what belongs to no straw2 bucket, and gives weight sets the size of their bucket. Ceph: update_choose_args. */
    void repairChooseArgs() {
        chooseArgs.replaceAll((pool, args) -> repaired(args));
    }

    private ChooseArgs repaired(ChooseArgs args) {
        int positions = args.positions();
        NavigableMap<Integer, ChooseArg> kept = new TreeMap<>();
        args.byIndex().forEach((index, arg) -> {
            if (bucket(-1 - index) instanceof Straw2Bucket bucket) {
                int[][] sets = arg.weightSets().clone();
                for (int p = 0; sets.length == positions && p < positions; p++) {
                    if (sets[p].length != bucket.size()) {
                        sets[p] = java.util.Arrays.copyOf(sets[p], bucket.size());
                    }
                }
                kept.put(index, new ChooseArg(sets, arg.ids()));
            }
        });
        return new ChooseArgs(kept);
    }
}

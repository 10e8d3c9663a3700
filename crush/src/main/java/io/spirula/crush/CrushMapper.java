package io.spirula.crush;

import java.util.Arrays;

/**
 * The function from a rule and an input number to an ordered list of devices, bit for bit as Ceph's src/crush/mapper.c
 * computes it. Immutable and safe to share; each thread brings a {@link Workspace} of its own, and then a mapping
 * allocates nothing.
 */
public final class CrushMapper {
    /** What indep rules leave at a position for which they found no device. Ceph: CRUSH_ITEM_NONE. */
    public static final int NONE = 0x7fffffff;

    private final CrushMap map;
    private final FlatMap flat;

    public CrushMapper(CrushMap map) {
        this.map = map;
        this.flat = new FlatMap(map);
    }

    public CrushMap map() {
        return map;
    }

    public Workspace newWorkspace() {
        return new Workspace(flat);
    }

    /**
     * Maps one input.
     *
     * @param rule the rule's number; one that does not exist maps to nothing
     * @param x the input
     * @param size the most devices to return
     * @param result receives the devices (or {@link #NONE}); at least size long
     * @param weights by device, how much of it is in: 0x10000 all, 0 nothing; devices beyond the end are out
     * @param pool whose {@link ChooseArgs} to use, if it or {@link ChooseArgs#DEFAULT} has any
     * @param workspace of this mapper, not shared with another thread
     * @return how many devices the result has
     */
    public int map(int rule, int x, int size, int[] result, int[] weights, long pool, Workspace workspace) {
        if (workspace.flat() != flat) {
            throw new IllegalArgumentException("the workspace is another mapper's");
        }
        return workspace.run(rule, x, size, result, weights, flat.strawsFor(pool));
    }

    /** The convenient form, for the occasional mapping. */
    public int[] map(int rule, int x, int size, int[] weights, long pool) {
        int[] result = new int[size];
        return Arrays.copyOf(result, map(rule, x, size, result, weights, pool, newWorkspace()));
    }
}

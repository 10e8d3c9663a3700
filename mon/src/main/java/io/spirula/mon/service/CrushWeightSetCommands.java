package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.maps.CephRelease;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.types.Errno;
import io.spirula.crush.BucketAlgorithm;
import io.spirula.crush.ChooseArgs;
import io.spirula.crush.CrushEditException;
import io.spirula.crush.CrushMap;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;

/** The commands that change weight sets: weights for choosing that differ from those of the hierarchy, of one pool or of all others. Source of their answers: mon/OSDMonitor.cc. */
final class CrushWeightSetCommands {
    private static final String WEIGHTS = " name=item,type=CephString name=weight,type=CephFloat,range=0.0,n=N";

    private final OsdmapService osdmap;
    private final CrushEdits crush;

    CrushWeightSetCommands(OsdmapService osdmap, CrushEdits crush) {
        this.osdmap = osdmap;
        this.crush = crush;
    }

    void register(CommandTable table) {
        table.add(
                "osd crush weight-set create-compat",
                "create a default backward-compatible weight-set",
                "osd",
                "rw",
                c -> create(ChooseArgs.DEFAULT, 1));
        table.add(
                "osd crush weight-set create name=pool,type=CephPoolname"
                        + " name=mode,type=CephChoices,strings=flat|positional",
                "create a weight-set for a given pool",
                "osd",
                "rw",
                this::createForPool);
        table.add(
                "osd crush weight-set rm name=pool,type=CephPoolname",
                "remove the weight-set for a given pool",
                "osd",
                "rw",
                c -> remove(pool(c)));
        table.add(
                "osd crush weight-set rm-compat",
                "remove the backward-compatible weight-set",
                "osd",
                "rw",
                c -> remove(ChooseArgs.DEFAULT));
        table.add(
                "osd crush weight-set reweight name=pool,type=CephPoolname" + WEIGHTS,
                "set weight for an item (bucket or osd) in a pool's weight-set",
                "osd",
                "rw",
                c -> reweight(c, () -> pool(c)));
        table.add(
                "osd crush weight-set reweight-compat" + WEIGHTS,
                "set weight for an item (bucket or osd) in the backward-compatible weight-set",
                "osd",
                "rw",
                c -> reweight(c, () -> ChooseArgs.DEFAULT));
    }

    private long pool(CommandCall call) {
        String name = call.string("pool");
        long id = osdmap.pendingMap().poolId(name);
        if (id < 0) {
            throw new Refusal(Errno.ENOENT, "pool '" + name + "' not found");
        }
        return id;
    }

    private Outcome createForPool(CommandCall call) {
        requireStraw2();
        OsdMap map = osdmap.pendingMap();
        if (!map.requireMinCompatClient().atLeast(CephRelease.LUMINOUS)) {
            return Outcome.refused(
                    Errno.EPERM,
                    "require_min_compat_client " + map.requireMinCompatClient()
                            + " < luminous, which is required for per-pool weight-sets. Try 'ceph osd"
                            + " set-require-min-compat-client luminous' before using the new interface");
        }
        long id = pool(call);
        int size = Objects.requireNonNull(map.pool(id)).size();
        return create(id, call.string("mode").equals("flat") ? 1 : size);
    }

    private void requireStraw2() {
        if (crush.pending().buckets().stream().anyMatch(b -> b.algorithm() != BucketAlgorithm.STRAW2)) {
            throw new Refusal(Errno.EPERM, "crush map contains one or more bucket(s) that are not straw2");
        }
    }

    private Outcome create(long pool, int positions) {
        requireStraw2();
        boolean created = crush.changeIf(e -> e.createChooseArgs(pool, positions));
        if (created) {
            return Outcome.committed("");
        }
        return Outcome.text(
                pool == ChooseArgs.DEFAULT
                        ? "compat weight-set already created"
                        : "weight-set for pool '" + crush.weightSetName(pool) + "' already created");
    }

    private Outcome remove(long pool) {
        crush.apply(e -> e.removeChooseArgs(pool));
        return Outcome.committed("");
    }

    private Outcome reweight(CommandCall call, LongSupplier wanted) {
        String name = call.string("item");
        List<String> words = call.strings("weight");
        if (call.has("weight") && (words.isEmpty() || words.contains(""))) {
            return Outcome.refused(Errno.EINVAL, "bad or missing field 'weight'");
        }
        long pool = wanted.getAsLong();
        CrushMap map = crush.pending();
        if (map.chooseArgs().get(pool) == null) {
            return Outcome.refused(
                    Errno.ENOENT,
                    pool == ChooseArgs.DEFAULT
                            ? "no backward-compatible weight-set"
                            : "no weight-set for pool '" + crush.weightSetName(pool) + "'");
        }
        Integer item = map.itemId(name);
        if (item == null) {
            return Outcome.refused(Errno.ENOENT, "item '" + name + "' does not exist");
        }
        int positions = Objects.requireNonNull(map.chooseArgs().get(pool)).positions();
        if (pool != ChooseArgs.DEFAULT && words.size() != positions) {
            return Outcome.refused(Errno.EINVAL, "must specify exact " + positions + " weight values");
        }
        int[] weights = new int[words.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (int) (Float.parseFloat(words.get(i)) * 0x10000);
        }
        try {
            crush.tryChange(e -> {
                e.adjustChooseArgsWeight(pool, item, weights);
                return true;
            });
        } catch (CrushEditException e) {
            return Outcome.refused(e.errno().number(), String.valueOf(e.getMessage()));
        }
        return Outcome.committed("");
    }
}

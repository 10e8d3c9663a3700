package io.spirula.crush.bench;

import io.spirula.crush.CrushEditor;
import io.spirula.crush.CrushMap;
import io.spirula.crush.CrushMapper;
import io.spirula.crush.Rule;
import io.spirula.crush.Workspace;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Mappings a second on one core: three replicas in different hosts, of 1,000 devices in 10 racks of 10 hosts of 10. The
 * same with stock: {@code crushtool --build --num_osds 1000 host straw2 10 rack straw2 10 root straw2 0 -o MAP} and
 * {@code time crushtool -i MAP --test --num-rep 3 --min-x 0 --max-x 999999 --show-statistics}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CrushMapperBenchmark {
    private static final int FANOUT = 10;
    private static final int ONE = 0x10000;

    private final int[] devices = new int[3];
    private int[] weights = new int[0];
    private CrushMapper mapper = new CrushMapper(CrushMap.empty());
    private Workspace workspace = mapper.newWorkspace();
    private int x;

    @Setup
    public void build() {
        CrushEditor editor = new CrushEditor(CrushMap.empty());
        String[] types = {"osd", "host", "rack", "root"};
        for (int type = 0; type < types.length; type++) {
            editor.setTypeName(type, types[type]);
        }
        int[] items = new int[FANOUT * FANOUT * FANOUT];
        for (int osd = 0; osd < items.length; osd++) {
            items[osd] = osd;
            editor.setItemName(osd, "osd." + osd);
        }
        int weight = ONE;
        for (int type = 1; type < types.length; type++) {
            int[] above = new int[items.length / FANOUT];
            int[] each = new int[FANOUT];
            Arrays.fill(each, weight);
            for (int i = 0; i < above.length; i++) {
                int[] own = Arrays.copyOfRange(items, i * FANOUT, (i + 1) * FANOUT);
                above[i] = editor.addBucket(0, Optional.empty(), type, own, each);
                editor.setItemName(above[i], types[type] + i);
            }
            items = above;
            weight *= FANOUT;
        }
        editor.addSimpleRule("rule", "root0", "host", "", "firstn", Rule.REPLICATED);
        mapper = new CrushMapper(editor.build());
        workspace = mapper.newWorkspace();
        weights = new int[FANOUT * FANOUT * FANOUT];
        Arrays.fill(weights, ONE);
    }

    @Benchmark
    public int map() {
        mapper.map(0, x++, 3, devices, weights, 0, workspace);
        return devices[0];
    }
}

package io.spirula.crush;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the package's guide promises, and the maps that clusters begin with. */
class LibraryGuideTest {
    @Test
    void theExamplesOfTheGuideWork() {
        CrushEditor editor = new CrushEditor(SimpleMap.of(0));
        for (int osd = 0; osd < 12; osd++) {
            editor.insertItem(osd, 1.0f, "osd." + osd, Map.of("host", "host" + osd / 3, "root", "default"), true);
        }
        CrushMap built = editor.build();
        CrushMap same = CrushCompiler.compile(CrushDecompiler.decompile(built), "map.txt");
        assertThat(CrushDecompiler.decompile(same)).isEqualTo(CrushDecompiler.decompile(built));

        CrushMapper mapper = new CrushMapper(built);
        Workspace workspace = mapper.newWorkspace();
        int[] in = new int[built.maxDevices()];
        Arrays.fill(in, 0x10000);
        int[] devices = new int[3];
        int found = mapper.map(built.ruleId("replicated_rule"), 4711, 3, devices, in, 0, workspace);
        assertThat(found).isEqualTo(3);
        Set<Integer> hosts = new HashSet<>();
        for (int device : devices) {
            hosts.add(device / 3);
        }
        assertThat(hosts).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    void theSimpleMapIsStocksOwn(int osds) {
        byte[] stock = Corpus.resource("/osdmap/simple-" + osds + ".bin.gz");
        assertThat(CrushDecompiler.decompile(SimpleMap.of(osds)))
                .isEqualTo(CrushDecompiler.decompile(CrushMap.decode(stock)));
        assertThat(SimpleMap.of(osds).encode()).isEqualTo(stock);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "40", "60", "91"})
    void theMapsOfALivingClusterAreEncodedTheSameAgain(String epoch) {
        byte[] stock = Corpus.resource("/osdmap/crush-" + epoch + ".bin.gz");
        assertThat(CrushMap.decode(stock).encode()).isEqualTo(stock);
    }

    @Test
    void aRemovedDeviceMovesOnlyWhatItHeld() {
        CrushMap before = SimpleMap.of(10, "osd");
        CrushEditor editor = new CrushEditor(before);
        editor.removeItem(7, false);
        CrushMapper mapper = new CrushMapper(before);
        CrushMapper without = new CrushMapper(editor.build());
        int[] in = new int[10];
        Arrays.fill(in, 0x10000);
        for (int x = 0; x < 500; x++) {
            int first = mapper.map(0, x, 1, in, 0)[0];
            int then = without.map(0, x, 1, in, 0)[0];
            assertThat(then == first || first == 7).isTrue();
        }
    }
}

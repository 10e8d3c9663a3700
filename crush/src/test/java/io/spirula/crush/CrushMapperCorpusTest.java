package io.spirula.crush;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every mapping that stock crushtool made of the corpus' maps. */
class CrushMapperCorpusTest {
    @ParameterizedTest
    @MethodSource("io.spirula.crush.Corpus#names")
    void everyMappingIsStocksOwn(String name) {
        CrushMap map = Corpus.map(name);
        CrushMapper mapper = new CrushMapper(map);
        Workspace workspace = mapper.newWorkspace();
        int size = 0;
        int[] weights = new int[0];
        int[] result = new int[64];
        int checked = 0;
        for (String line : Corpus.lines("/corpus/" + name + ".mappings.gz")) {
            List<String> words = Arrays.asList(line.split(" "));
            if (line.startsWith("#")) {
                size = Integer.parseInt(words.get(words.indexOf("--num-rep") + 1));
                weights = weights(map, words);
                continue;
            }
            int rule = Integer.parseInt(words.get(2));
            int x = Integer.parseInt(words.get(4));
            int length = mapper.map(rule, x, size, result, weights, 0, workspace);
            String mapped = Arrays.toString(Arrays.copyOf(result, length)).replace(" ", "");
            assertThat(mapped).as("map %s rule %s x %s", name, rule, x).isEqualTo(words.get(5));
            checked++;
        }
        assertThat(checked).isPositive();
    }

    /** As crushtool: all that is in the map is in, but for what the options say. */
    private static int[] weights(CrushMap map, List<String> options) {
        int[] weights = new int[map.maxDevices()];
        for (int device = 0; device < weights.length; device++) {
            weights[device] = map.isPlaced(device) ? 0x10000 : 0;
        }
        for (int i = 0; i < options.size(); i++) {
            if (options.get(i).equals("--weight")) {
                weights[Integer.parseInt(options.get(i + 1))] = (int) (Float.parseFloat(options.get(i + 2)) * 0x10000);
            }
        }
        return weights;
    }
}

package io.spirula.common.maps;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.format.JsonFormatter;
import java.util.TimeZone;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MapTextTest {
    private static final TimeZone HERE = TimeZone.getDefault();

    @BeforeAll
    static void thereWhereTheCorpusWasPrinted() {
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    }

    @AfterAll
    static void hereAgain() {
        TimeZone.setDefault(HERE);
    }

    private static String compact(Consumer<JsonFormatter> members) {
        JsonFormatter f = JsonFormatter.compact();
        f.object("map", () -> members.accept(f));
        return f.toString();
    }

    @Test
    void osdMapsAreDumpedAsCephDid() {
        int maps = 0;
        for (int epoch = 1; epoch <= Corpus.EPOCHS; epoch++) {
            if (Corpus.has(epoch + ".json")) {
                assertThat(compact(Corpus.map(epoch)::dump))
                        .as("epoch %d", epoch)
                        .isEqualTo(Corpus.file(epoch + ".json").utf8().strip());
                maps++;
            }
        }
        assertThat(maps).isGreaterThan(10);
    }

    @Test
    void osdMapsArePrintedAsCephDid() {
        for (int epoch : new int[] {1, 3, 54, 75, 99}) {
            assertThat(Corpus.map(epoch).print())
                    .as("epoch %d", epoch)
                    .isEqualTo(OtherMapsTest.resource("print-" + epoch + ".txt").utf8());
        }
    }

    @Test
    void theMonitorMapIsDumpedAsCephDid() {
        MonMap map = MonMap.CODEC.fromBytes(Corpus.file("monmap.bin"));
        JsonFormatter f = JsonFormatter.pretty();
        f.openObject("monmap");
        map.dump(f);
        f.array("quorum", () -> f.put("rank", 0));
        f.close();
        assertThat(f.toString().strip())
                .isEqualTo(Corpus.file("monmap.json").utf8().strip());
    }

    @Test
    void theMonitorMapIsPrintedAsCephDid() {
        assertThat(MonMap.CODEC.fromBytes(Corpus.file("monmap.bin")).print()).isEqualTo("""
            epoch 1
            fsid 5ef4e36c-5583-4fb8-a40b-d933d902eb1a
            last_changed 2026-11-22T10:26:11.662113+0000
            created 2026-11-22T10:26:11.662113+0000
            min_mon_release 16 (pacific)
            election_strategy: 1
            0: [v2:127.0.0.1:23300/0,v1:127.0.0.1:26789/0] mon.a
            """);
    }

    @Test
    void theManagerMapIsDumpedAsCephDid() {
        MgrMap map = MgrMap.CODEC.fromBytes(OtherMapsTest.resource("mgrmap.bin.gz"));
        assertThat(compact(map::dump))
                .isEqualTo(OtherMapsTest.resource("mgrmap.json.gz").utf8().strip());
    }
}

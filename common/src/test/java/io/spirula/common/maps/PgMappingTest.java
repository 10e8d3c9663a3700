package io.spirula.common.maps;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.PgId;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PgMappingTest {
    @Test
    void everyPlacementGroupIsWhereCephPutIt() {
        int groups = 0;
        for (int epoch = 1; epoch <= Corpus.EPOCHS; epoch++) {
            if (!Corpus.has(epoch + ".pgs.txt")) {
                continue;
            }
            OsdMap map = Corpus.map(epoch);
            for (String line : Corpus.file(epoch + ".pgs.txt").utf8().split("\n")) {
                if (line.matches("[0-9]+\\.[0-9a-f]+ raw.*")) {
                    assertThat(describe(map, PgId.parse(line.substring(0, line.indexOf(' ')))))
                            .as("epoch %d", epoch)
                            .isEqualTo(line);
                    groups++;
                }
            }
        }
        assertThat(groups).isGreaterThan(1000);
    }

    private static String describe(OsdMap map, PgId pg) {
        UpActing where = map.pgToUpActing(pg);
        List<Integer> raw = map.pgToRawOsds(pg);
        int rawPrimary =
                raw.stream().filter(o -> o != UpActing.NONE).findFirst().orElse(-1);
        return pg + " raw " + set(raw, rawPrimary) + " up " + set(where.up(), where.upPrimary()) + " acting "
                + set(where.acting(), where.actingPrimary());
    }

    private static String set(List<Integer> osds, int primary) {
        return osds.stream().map(String::valueOf).collect(Collectors.joining(",", "([", "], p" + primary + ")"));
    }

    @Test
    void objectsHashAsInCeph() {
        // ceph_str_hash_rjenkins of these names, as "ceph osd map" shows them
        assertThat(ObjectHash.rjenkins(Bytes.of("foo"))).isEqualTo(0x7fc1f406);
    }

    @Test
    void aNamespaceAndAKeyTakePartInTheHash() {
        PgPool pool = PgPool.builder().pgNum(8).pgpNum(8).build();
        assertThat(pool.hashKey(Bytes.of("name"), Bytes.of("ns")))
                .isEqualTo(ObjectHash.rjenkins(Bytes.of("ns\u001fname")));
        OsdMap map = Corpus.map(99);
        PgId byKey = map.objectToRawPg(2, Bytes.EMPTY, Bytes.of("key"), Bytes.of("name"));
        assertThat(byKey).isEqualTo(map.objectToRawPg(2, Bytes.EMPTY, Bytes.EMPTY, Bytes.of("key")));
    }

    @Test
    void aPoolThatDoesNotExistIsNowhere() {
        assertThat(Corpus.map(99).pgToUpActing(new PgId(77, 0))).isEqualTo(UpActing.NOWHERE);
    }
}

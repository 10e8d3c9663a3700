package io.spirula.common.maps;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Crc32c;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.PgId;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged maps whose CRC was made right again, so that nothing stands between the damage and the decoder. */
class HostileMapTest {
    private static final int ROUNDS = 1500;

    @Test
    void aDamagedFullMapIsRefusedOrUsable() {
        Random random = new Random(3);
        int usable = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = damaged(Corpus.full(1 + random.nextInt(Corpus.EPOCHS)), random);
            seal(bytes, bytes.length - 4, bytes.length);
            OsdMap map;
            try {
                map = OsdMap.CODEC.fromBytes(Bytes.wrap(bytes));
            } catch (MalformedInput expected) {
                continue;
            }
            usable++;
            for (long pool : map.pools().keySet()) {
                for (int pg = 0; pg < 4; pg++) {
                    assertThat(map.pgToUpActing(new PgId(pool, pg))).isNotNull();
                }
            }
            assertThat(map.print()).isNotEmpty();
            assertThat(OsdMap.CODEC.fromBytes(map.encoded())).isEqualTo(map);
        }
        assertThat(usable).isPositive();
    }

    @Test
    void aDamagedIncrementalIsRefusedOrApplied() {
        Random random = new Random(4);
        int applied = 0;
        for (int round = 0; round < ROUNDS; round++) {
            int epoch = 2 + random.nextInt(Corpus.EPOCHS - 1);
            byte[] bytes = damaged(Corpus.incremental(epoch), random);
            seal(bytes, bytes.length - 8, bytes.length - 4);
            try {
                Corpus.map(epoch - 1).apply(OsdMapIncremental.CODEC.fromBytes(Bytes.wrap(bytes)));
                applied++;
            } catch (MalformedInput | IllegalArgumentException expected) {
                // an IllegalArgumentException is for one that is well-formed but for another map
            }
        }
        assertThat(applied).isPositive();
    }

    private static byte[] damaged(Bytes whole, Random random) {
        byte[] bytes = whole.toArray();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = 6 + random.nextInt(bytes.length - 14);
            bytes[at] = (byte) (random.nextBoolean() ? random.nextInt() : random.nextBoolean() ? -1 : bytes[at] + 1);
        }
        return bytes;
    }

    private static void seal(byte[] bytes, int crcAt, int tailAt) {
        int crc = Crc32c.of(-1, bytes, 0, crcAt);
        crc = Crc32c.of(crc, bytes, crcAt + 4, bytes.length - crcAt - 4);
        for (int i = 0; i < 4; i++) {
            bytes[crcAt + i] = (byte) (crc >>> 8 * i);
        }
        assertThat(tailAt).isEqualTo(crcAt + 4);
    }
}

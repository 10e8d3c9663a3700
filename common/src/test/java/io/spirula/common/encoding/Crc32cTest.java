package io.spirula.common.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Crc32cTest {
    @Test
    void cephsOwnTestVectorsHold() { // from Ceph's test/common/test_crc32c.cc
        byte[] foo = "foo bar baz".getBytes(StandardCharsets.US_ASCII);
        byte[] whiz = "whiz bang boom".getBytes(StandardCharsets.US_ASCII);
        assertThat(Crc32c.of(0, foo, 0, foo.length)).isEqualTo((int) 4119623852L);
        assertThat(Crc32c.of(1234, foo, 0, foo.length)).isEqualTo(881700046);
        assertThat(Crc32c.of(0, whiz, 0, whiz.length)).isEqualTo((int) 2360230088L);
        assertThat(Crc32c.of(5678, whiz, 0, whiz.length)).isEqualTo((int) 3743019208L);
    }

    @Test
    void anySeedAgreesWithTheDefinition() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 200; i++) {
            byte[] data = new byte[random.nextInt(300)];
            random.nextBytes(data);
            int seed = random.nextInt();
            assertThat(Crc32c.of(seed, data, 0, data.length)).isEqualTo(bitwise(seed, data));
        }
    }

    @Test
    void twoRunsCombineToTheWhole() {
        SplittableRandom random = new SplittableRandom(8);
        byte[] data = new byte[10_000];
        random.nextBytes(data);
        int first = Crc32c.of(-1, data, 0, 3_333);
        int second = Crc32c.of(0, data, 3_333, data.length - 3_333);
        assertThat(Crc32c.combine(first, second, data.length - 3_333)).isEqualTo(Crc32c.of(-1, data, 0, data.length));
    }

    private static int bitwise(int seed, byte[] data) {
        int crc = seed;
        for (byte b : data) {
            crc ^= b & 255;
            for (int k = 0; k < 8; k++) {
                crc = (crc & 1) != 0 ? crc >>> 1 ^ 0x82F63B78 : crc >>> 1;
            }
        }
        return crc;
    }
}

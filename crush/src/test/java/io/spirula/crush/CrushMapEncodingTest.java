package io.spirula.crush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CrushMapEncodingTest {
    @ParameterizedTest
    @MethodSource("io.spirula.crush.Corpus#names")
    void whatStockEncodedIsEncodedTheSameAgain(String name) {
        assertThat(Corpus.map(name).encode()).isEqualTo(Corpus.binary(name));
    }

    @Test
    void theShorterEncodingsOfOldReleasesMeanTheLegacyTunables() {
        CrushMap map = CrushMap.decode(
                new byte[] {0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        assertThat(map.tunables()).isEqualTo(Tunables.legacy());
        assertThat(map.classNames()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("io.spirula.crush.Corpus#names")
    void aTruncatedMapIsRefusedOrIsAShorterEncoding(String name) {
        byte[] bytes = Corpus.binary(name);
        int step = Math.max(1, bytes.length / 3000);
        for (int length = 0; length < bytes.length; length += length > bytes.length - 200 ? 1 : step) {
            decodesOrRefuses(Arrays.copyOf(bytes, length));
        }
    }

    @ParameterizedTest
    @MethodSource("io.spirula.crush.Corpus#names")
    void aDamagedMapIsRefusedOrStillMaps(String name) {
        byte[] bytes = Corpus.binary(name);
        Random random = new Random(name.hashCode());
        for (int i = 0; i < 200; i++) {
            byte[] damaged = bytes.clone();
            for (int n = random.nextInt(3); n >= 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) (random.nextBoolean() ? random.nextInt() : 0xff);
            }
            decodesOrRefuses(damaged);
        }
    }

    /** Nothing but the one exception, and what is decoded can be encoded and mapped with. */
    private static void decodesOrRefuses(byte[] bytes) {
        CrushMap map;
        try {
            map = CrushMap.decode(bytes);
        } catch (MalformedCrushMap refused) {
            return;
        }
        assertThat(CrushMap.decode(map.encode()).encode()).isEqualTo(map.encode());
        Tunables t = map.tunables();
        if (isFew(t.chooseTotalTries()) && isFew(t.chooseLocalTries()) && isFew(t.chooseLocalFallbackTries())) {
            CrushMapper mapper = new CrushMapper(map);
            for (int number = 0; number < Math.min(3, map.maxRules()); number++) {
                Rule rule = map.rule(number);
                if (rule != null
                        && rule.steps().stream().allMatch(s -> s.op() == RuleStep.TAKE || isFew(Math.abs(s.arg1())))) {
                    mapper.map(number, 7, 3, new int[] {0x10000, 0x10000, 0x10000}, 0);
                }
            }
        }
    }

    @Test
    void anotherMagicNumberIsRefused() {
        byte[] bytes = Corpus.binary("003");
        bytes[0] = 1;
        assertThatThrownBy(() -> CrushMap.decode(bytes)).isInstanceOf(MalformedCrushMap.class);
    }

    /** More retries than this are legal, and take their time. */
    private static boolean isFew(int tries) {
        return tries >= 0 && tries <= 100;
    }
}

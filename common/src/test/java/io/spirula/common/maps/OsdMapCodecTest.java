package io.spirula.common.maps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.MalformedInput;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OsdMapCodecTest {
    @Test
    void everyFullMapIsEncodedAsCephDid() {
        for (int epoch = 1; epoch <= Corpus.EPOCHS; epoch++) {
            assertThat(Corpus.map(epoch).encoded().hex())
                    .as("epoch %d", epoch)
                    .isEqualTo(Corpus.full(epoch).hex());
        }
    }

    @Test
    void everyIncrementalIsEncodedAsCephDid() {
        for (int epoch = 1; epoch <= Corpus.EPOCHS; epoch++) {
            OsdMapIncremental inc = OsdMapIncremental.CODEC.fromBytes(Corpus.incremental(epoch));
            assertThat(inc.epoch()).isEqualTo(epoch);
            assertThat(inc.encoded().hex())
                    .as("epoch %d", epoch)
                    .isEqualTo(Corpus.incremental(epoch).hex());
        }
    }

    @Test
    void eachIncrementalLeadsToTheNextFullMap() {
        OsdMap map = OsdMap.empty(Corpus.map(1).fsid());
        for (int epoch = 1; epoch <= Corpus.EPOCHS; epoch++) {
            OsdMapIncremental inc = OsdMapIncremental.CODEC.fromBytes(Corpus.incremental(epoch));
            map = map.apply(inc);
            assertThat(map.encoded().hex())
                    .as("epoch %d", epoch)
                    .isEqualTo(Corpus.full(epoch).hex());
            assertThat(map.crc()).isEqualTo(inc.fullCrc());
        }
    }

    @Test
    void aSealedIncrementalCarriesTheCrcOfWhatItLeadsTo() {
        OsdMap before = Corpus.map(49);
        OsdMapIncremental inc = OsdMapIncremental.CODEC.fromBytes(Corpus.incremental(50));
        assertThat(inc.toBuilder().fullCrc(0).build().sealed(before)).isEqualTo(inc);
    }

    @Test
    void anIncrementalOfAnotherEpochOrClusterIsRefused() {
        OsdMapIncremental inc = OsdMapIncremental.CODEC.fromBytes(Corpus.incremental(50));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Corpus.map(50).apply(inc));
        OsdMap other = Corpus.map(49).toBuilder()
                .fsid(io.spirula.common.types.Uuid.ZERO)
                .build();
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> other.apply(inc));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 40, 75, 99})
    void aTruncatedMapIsRefused(int epoch) {
        truncateEverywhere(OsdMap.CODEC, Corpus.full(epoch));
        truncateEverywhere(OsdMapIncremental.CODEC, Corpus.incremental(epoch));
    }

    private static <T> void truncateEverywhere(Codec<T> codec, Bytes whole) {
        for (int length = 0; length < whole.size(); length++) {
            Bytes part = whole.slice(0, length);
            assertThatExceptionOfType(MalformedInput.class)
                    .as("%d of %d bytes", length, whole.size())
                    .isThrownBy(() -> codec.fromBytes(part));
        }
    }

    @Test
    void aFlippedBitIsNoticed() {
        Random random = new Random(1);
        for (int round = 0; round < 3000; round++) {
            int epoch = 1 + random.nextInt(Corpus.EPOCHS);
            assertThatExceptionOfType(MalformedInput.class)
                    .as("round %d", round)
                    .isThrownBy(() -> OsdMap.CODEC.fromBytes(damaged(Corpus.full(epoch), random)));
            assertThatExceptionOfType(MalformedInput.class)
                    .as("round %d", round)
                    .isThrownBy(() -> OsdMapIncremental.CODEC.fromBytes(damaged(Corpus.incremental(epoch), random)));
        }
    }

    private static Bytes damaged(Bytes whole, Random random) {
        byte[] bytes = whole.toArray();
        int bits = 1 + random.nextInt(4);
        int first = random.nextInt(bytes.length * 8);
        for (int i = 0; i < bits; i++) { // a burst that a CRC is sure to notice
            int bit = Math.min(first + i, bytes.length * 8 - 1);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
        return Bytes.wrap(bytes);
    }
}

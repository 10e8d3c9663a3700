package io.spirula.common.maps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.MalformedInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class OtherMapsTest {
    private static final Bytes MON_MAP = Corpus.file("monmap.bin");
    private static final Bytes MGR_MAP = resource("mgrmap.bin.gz");
    private static final Bytes FS_MAP = resource("fsmap.bin");

    static Bytes resource(String name) {
        try (InputStream in = Objects.requireNonNull(OtherMapsTest.class.getResourceAsStream("/osdmap/" + name));
                InputStream plain = name.endsWith(".gz") ? new GZIPInputStream(in) : in) {
            return Bytes.wrap(plain.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theMonitorMapIsEncodedAsCephDid() {
        MonMap map = MonMap.CODEC.fromBytes(MON_MAP);
        assertThat(map.encoded().hex()).isEqualTo(MON_MAP.hex());
        assertThat(map.monitor(0).addrs()).hasToString("[v2:127.0.0.1:23300/0,v1:127.0.0.1:26789/0]");
        assertThat(map.rank("a")).isZero();
        assertThat(map.rank(map.monitor(0).addrs())).isZero();
        assertThat(MonMap.of(map.fsid(), 1, map.created(), java.util.List.of(map.monitor(0))))
                .isEqualTo(map);
    }

    @Test
    void theManagerMapIsEncodedAsCephDid() {
        MgrMap map = MgrMap.CODEC.fromBytes(MGR_MAP);
        assertThat(map.encoded().hex()).isEqualTo(MGR_MAP.hex());
        assertThat(map.activeName()).isEqualTo("x");
        assertThat(map.clients()).extracting(MgrMap.Client::name).containsExactly("rbd_support", "volumes");
    }

    @Test
    void theMapOfNoFileSystemsIsEncodedAsCephDid() {
        assertThat(FsMap.CODEC.fromBytes(FS_MAP)).isEqualTo(new FsMap(1));
        assertThat(new FsMap(1).encoded().hex()).isEqualTo(FS_MAP.hex());
    }

    @Test
    void truncatedMapsAreRefused() {
        for (int length = 0; length < MON_MAP.size(); length++) {
            refused(MonMap.CODEC, MON_MAP.slice(0, length));
        }
        for (int length = 0; length < MGR_MAP.size(); length += length < 500 ? 1 : 97) {
            refused(MgrMap.CODEC, MGR_MAP.slice(0, length));
        }
    }

    private static void refused(Codec<?> codec, Bytes bytes) {
        assertThatExceptionOfType(MalformedInput.class)
                .as("%d bytes", bytes.size())
                .isThrownBy(() -> codec.fromBytes(bytes));
    }

    @Test
    void damageThrowsNothingButMalformedInput() {
        Random random = new Random(2);
        for (int round = 0; round < 5000; round++) {
            damaged(MonMap.CODEC, MON_MAP, random);
            if (round % 20 == 0) {
                damaged(MgrMap.CODEC, MGR_MAP, random);
            }
        }
    }

    private static void damaged(Codec<?> codec, Bytes whole, Random random) {
        byte[] bytes = whole.toArray();
        for (int i = random.nextInt(6); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        try {
            codec.fromBytes(Bytes.wrap(bytes));
        } catch (MalformedInput expected) {
            // as it should
        }
    }
}

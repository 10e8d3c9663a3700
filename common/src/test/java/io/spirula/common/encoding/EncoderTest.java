package io.spirula.common.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EncoderTest {
    @Test
    void everyKindOfValueMayBeTheOneThatOutgrowsTheArray() {
        for (int before = 0; before < 16; before++) {
            Encoder out = new Encoder(16);
            out.zeros(before).u8(1);
            out.u16(0x0302).u32(0x07060504).u64(0x0f0e0d0c0b0a0908L).raw(new byte[] {16, 17});
            String hex = "0102030405060708090a0b0c0d0e0f1011";
            assertThat(out.toBytes().hex()).isEqualTo("00".repeat(before) + hex);
        }
    }
}

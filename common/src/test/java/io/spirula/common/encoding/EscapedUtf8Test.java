package io.spirula.common.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EscapedUtf8Test {
    @Test
    void textIsItself() {
        for (String text : new String[] {"", "osd", "größer", "\ufffd", "\ud83e\udd91", "\u0000"}) {
            assertThat(EscapedUtf8.decode(Bytes.of(text))).isEqualTo(text);
            assertThat(EscapedUtf8.isText(text)).isTrue();
        }
    }

    @Test
    void whatIsNoTextCanBeToldAndIsWrittenAsItWas() {
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            String text = EscapedUtf8.decode(Bytes.wrap(bytes));
            assertThat(EscapedUtf8.encode(text).toArray()).isEqualTo(bytes);
            byte[] readAndWritten = new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
            assertThat(EscapedUtf8.isText(text)).isEqualTo(Arrays.equals(readAndWritten, bytes));
        }
    }
}

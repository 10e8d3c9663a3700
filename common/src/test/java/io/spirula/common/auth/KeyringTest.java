package io.spirula.common.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.EntityName;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyringTest {
    private static final String KEY = "AQDK6gJrxPM6ERAAtslLK5xQCiT/p9Whl5Gl6w==";

    @Test
    void whatCephAuthtoolWritesIsReadAndPrintedAlike() {
        String text = """
            [mon.]
            \tkey = AQDK6gJrRQAUEhAA3tW/OTO7YMv8GYQCUREwPA==
            \tcaps mon = "allow *"
            [client.admin]
            \tkey = AQDK6gJrxPM6ERAAtslLK5xQCiT/p9Whl5Gl6w==
            \tcaps mgr = "allow *"
            \tcaps mon = "allow *"
            \tcaps osd = "allow *"
            """;
        Keyring keyring = Keyring.parse(text);
        assertThat(keyring.print()).isEqualTo(text);
        assertThat(auth(keyring, "client.admin").caps()).containsEntry("osd", "allow *");
    }

    @Test
    void commentsOddSpacingAndQuotesAreUnderstood() {
        Keyring keyring = Keyring.parse("# a comment\r\n  [ client.x ]  \r\n;another\n\n key=" + KEY
                + " # behind\n"
                + " caps_mon  =  'allow r, allow command \"osd ls\"'\n"
                + "\tcaps   osd = allow \\\n"
                + " rwx\n"
                + " auid = 5\n");
        assertThat(auth(keyring, "client.x").key().toBase64()).isEqualTo(KEY);
        assertThat(auth(keyring, "client.x").caps())
                .containsEntry("mon", "allow r, allow command \"osd ls\"")
                .containsEntry("osd", "allow rwx");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "key = " + KEY,
                "[client.x\nkey = " + KEY,
                "[client.x]\nkey = nonsense",
                "[client.x]\nkey = AAAA",
                "[client.x]\nkey =",
                "[nobody]\n",
                "[alien.x]\n",
                "[client.x]\njust words",
                "[client.x]\ncaps mon = \"allow",
                "[client.x]\nsecret = 5",
                "\u0000\u0001\ufffd"
            })
    void damagedTextIsRefusedWithItsLine(String text) {
        assertThatThrownBy(() -> Keyring.parse(text))
                .isInstanceOf(MalformedInput.class)
                .hasMessageStartingWith("line ");
    }

    @Test
    void randomBytesAreRefusedAndNothingWorse() {
        Random random = new Random(5);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            String text =
                    (i % 2 == 0 ? "[client.x]\n" : "") + new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
            try {
                Keyring.parse(text);
            } catch (MalformedInput expected) {
                assertThat(expected).hasMessageStartingWith("line ");
            }
        }
    }

    @Test
    void aKeyDoesNotShowItsSecret() {
        assertThat(CryptoKey.parse(KEY).toString()).doesNotContain(KEY.substring(20));
        assertThat(Keyring.of(EntityName.client("x"), CryptoKey.parse(KEY)).toString())
                .doesNotContain(KEY.substring(20));
    }

    private static EntityAuth auth(Keyring keyring, String name) {
        return Objects.requireNonNull(keyring.find(EntityName.parse(name)));
    }
}

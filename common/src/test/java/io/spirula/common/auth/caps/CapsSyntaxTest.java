package io.spirula.common.auth.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammars of capabilities: what is one, what is said where it is none, and how one is printed. */
class CapsSyntaxTest {
    /** Recorded by interop/record_caps_syntax.py. */
    @Test
    void everyTextIsTakenOrRefusedInStocksWords() throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<String> differences = new ArrayList<>();
        int count = 0;
        try (InputStream in = CapsSyntaxTest.class.getResourceAsStream("/auth/caps-syntax.tsv")) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String line : all.split("\n")) {
                String[] fields = line.split("\t");
                String service = json.readValue(fields[0], String.class);
                String text = json.readValue(fields[1], String.class);
                String stock = json.readValue(fields[2], String.class);
                String ours = answer(service, text);
                count++;
                if (!ours.equals(stock)) {
                    differences.add(service + " <" + text + ">\n  stock: " + stock + "\n  ours:  " + ours);
                }
            }
        }
        assertThat(differences).isEmpty();
        assertThat(count).isGreaterThan(2000);
    }

    private static String answer(String service, String text) {
        try {
            Caps.check(service, text);
            return "ok";
        } catch (CapsSyntaxException e) {
            return e.text();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "allow *",
                "allow rwx",
                "allow rx network 10.0.0.0/8",
                "allow service osd rw",
                "allow service \"a b\" x, allow r",
                "allow profile osd",
                "allow profile \"a/b\" network fe80::/10",
                "allow command foo",
                "allow command \"osd pool create\" with a=b c prefix \"d e\" f regex \"^g.*$\""
            })
    void monitorsCapabilitiesArePrintedAsTheyAreWrittenBest(String text) {
        assertThat(MonCaps.print(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "' allow  service=osd   r ;allow  all'|'allow service osd r, allow *'",
                "profile rbd|allow profile rbd",
                "allow command=\"foo\" with b=\"c\" a=1|allow command foo with a=1 b=c",
                "allow command foo with a=1 a=2|allow command foo with a=1"
            })
    void monitorsCapabilitiesArePrintedAlikeHoweverTheyAreWritten(String text, String printed) {
        assertThat(MonCaps.print(text)).isEqualTo(printed);
        assertThat(MonCaps.print(printed)).isEqualTo(printed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "allow *",
                "allow service pg r",
                "allow module balancer rw",
                "allow module x with a=b c prefix d r",
                "allow command \"pg dump\" with a=b",
                "profile rbd pool=a, profile osd network 10.0.0.0/8"
            })
    void managersCapabilitiesArePrintedAsTheyAreWrittenBest(String text) {
        assertThat(MgrCaps.print(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "allow *|osdcap[grant(*)]",
                "allow rwx pool=a namespace=b object_prefix c|osdcap[grant(pool a namespace b object_prefix c rwx)]",
                "allow pool a r|osdcap[grant(pool a r)]",
                "allow r class-read|osdcap[grant(r class-read)]",
                "allow class foo bar|osdcap[grant(class 'foo' 'bar')]",
                "allow rw tag cephfs data=*|osdcap[grant(app cephfs key data val * rw)]",
                "allow r namespace=\"\"|osdcap[grant(namespace \"\" r)]",
                "allow r,allow w network 10.0.0.0/8|osdcap[grant(r),grant(w network 10.0.0.0/8)]"
            })
    void whatOsdsReadIsPrintedAsCephsLogsHaveIt(String text, String printed) {
        assertThat(OsdCaps.print(text)).isEqualTo(printed);
    }

    @Test
    void aTextThatIsNoCapabilityCannotBePrinted() {
        assertThatThrownBy(() -> MonCaps.print("allow")).isInstanceOf(CapsSyntaxException.class);
        assertThatThrownBy(() -> OsdCaps.print("allow")).isInstanceOf(CapsSyntaxException.class);
        assertThatThrownBy(() -> MgrCaps.print("allow")).isInstanceOf(CapsSyntaxException.class);
    }
}

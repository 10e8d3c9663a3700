package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.Errno;
import io.spirula.it.cluster.InProcessCluster;
import io.spirula.librados.CommandResult;
import io.spirula.librados.Rados;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What is no command at all, sent to the monitors, to the manager and to an OSD: EINVAL and a short line, and nothing changes. Stock 16.2.15 answers EINVAL as well, where it does not die of it, or never answer (a prefix that is
 * no text); it overlooks a comma too many.
 */
class MalformedCommandTest {
    private static final int LONG = 1 << 20;
    private static final int DEEP = 100_000;
    private static final int LONGEST_ANSWER = 1 << 10;

    private static Map<String, String> malformed() {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("nothing", "");
        texts.put("a blank", " ");
        texts.put("words", "osd dump");
        texts.put("no end", "{\"prefix\":\"osd dump\"");
        texts.put("no end of a text", "{\"prefix\":\"osd du");
        texts.put("no end of a list", "{\"prefix\":\"osd dump\",\"a\":[1");
        texts.put("no quotes", "{prefix:\"osd dump\"}");
        texts.put("a comma too many", "{\"prefix\":\"osd dump\",}");
        texts.put("a list", "[\"osd dump\"]");
        texts.put("a text", "\"osd dump\"");
        texts.put("a number", "7");
        texts.put("null", "null");
        texts.put("no prefix", "{}");
        texts.put("no prefix but another", "{\"format\":\"json\"}");
        texts.put("an empty prefix", "{\"prefix\":\"\"}");
        texts.put("a number for a prefix", "{\"prefix\":7}");
        texts.put("a list for a prefix", "{\"prefix\":[\"osd\",\"dump\"]}");
        texts.put("an object for a prefix", "{\"prefix\":{\"a\":1}}");
        texts.put("null for a prefix", "{\"prefix\":null}");
        texts.put("a number for a format", "{\"prefix\":\"osd dump\",\"format\":7}");
        texts.put("a list for a format", "{\"prefix\":\"osd dump\",\"format\":[\"json\"]}");
        texts.put("an unknown prefix", "{\"prefix\":\"bogus\"}");
        texts.put("a line break within a text", "{\"prefix\":\"osd\ndump\"}");
        texts.put("an escaped line break", "{\"prefix\":\"osd\\ndumps\"}");
        texts.put("half a character", "{\"prefix\":\"\\ud800\"}");
        texts.put(
                "half a character in a value", "{\"prefix\":\"osd pool create\",\"pool\":\"a\\udcffb\",\"pg_num\":1}");
        texts.put("a byte that is no text", "{\"prefix\":\"osd pool create\",\"pool\":\"a\udcffb\",\"pg_num\":1}");
        texts.put("a character cut short", "{\"prefix\":\"config-key set\",\"key\":\"k\",\"val\":\"\udce2\udc82\"}");
        texts.put(
                "a character written too long",
                "{\"prefix\":\"config-key set\",\"key\":\"\udcc0\udcaf\",\"val\":\"v\"}");
        texts.put(
                "such bytes in a list",
                "{\"prefix\":\"config-key set\",\"key\":\"k\",\"val\":\"v\",\"a\":[\"\udcff\"]}");
        texts.put("such a byte in a prefix", "{\"prefix\":\"osd \udcff\"}");
        texts.put("such a byte in a name", "{\"prefix\":\"osd dump\",\"\udcff\":1}");
        texts.put("such a byte in front", "\udcff{\"prefix\":\"osd dump\"}");
        texts.put("such a byte after it", "{\"prefix\":\"osd dump\"}\udcff");
        texts.put("words after it", "{\"prefix\":\"osd dump\"} x");
        texts.put("a command after it", "{\"prefix\":\"osd dump\"}{\"prefix\":\"fsid\"}");
        texts.put("a mark of the byte order", "\ufeff{\"prefix\":\"osd dump\"}");
        texts.put("apostrophes", "{'prefix':'osd dump'}");
        texts.put("a comment", "{\"prefix\":\"osd dump\"/* all of it */}");
        texts.put("no number", "{\"prefix\":\"osd dump\",\"epoch\":NaN}");
        texts.put("a number with a sign", "{\"prefix\":\"osd dump\",\"epoch\":+1}");
        texts.put("a number with a nought in front", "{\"prefix\":\"osd dump\",\"epoch\":01}");
        texts.put("an escape that is none", "{\"prefix\":\"osd dump\",\"a\":\"\\x41\"}");
        texts.put("what is not printed", "{\"prefix\":\"\u0000\u0001\ufffd\"}");
        texts.put("long words", "x".repeat(LONG));
        texts.put("a long prefix", "{\"prefix\":\"" + "x".repeat(LONG) + "\"}");
        texts.put("a rather long prefix", "{\"prefix\":\"" + "x".repeat(LONG / 2) + "\"}");
        texts.put("a long name", "{\"prefix\":\"bogus\",\"" + "x".repeat(LONG / 2) + "\":1}");
        texts.put("a long number", "{\"prefix\":\"osd dump\",\"epoch\":" + "9".repeat(LONG / 2) + "}");
        texts.put("deep lists", "{\"prefix\":\"osd dump\",\"a\":" + "[".repeat(DEEP) + "]".repeat(DEEP) + "}");
        texts.put("deep objects", "{\"a\":".repeat(DEEP) + "1" + "}".repeat(DEEP));
        return texts;
    }

    @Test
    void whatIsNoCommandIsRefusedInAShortLineAndChangesNothing() {
        List<String> wrong = new ArrayList<>();
        try (InProcessCluster cluster = InProcessCluster.builder().osds(1).start();
                Rados rados =
                        cluster.client().option("rados_mon_op_timeout", "10s").connect()) {
            String before = state(rados);
            malformed().forEach((what, text) -> {
                check("mon, " + what, rados.monCommand(text), wrong);
                check("mon.a, " + what, rados.tellMonitor("0", text, Bytes.EMPTY), wrong);
                check("mgr, " + what, rados.mgrCommand(text, Bytes.EMPTY), wrong);
                check("osd.0, " + what, rados.osdCommand(0, text, Bytes.EMPTY), wrong);
            });
            assertThat(String.join("\n", wrong)).isEmpty();
            assertThat(state(rados)).isEqualTo(before);
        }
    }

    @Test
    void ofWhatIsSaidTwiceTheLastIsMeant() {
        try (InProcessCluster cluster = InProcessCluster.builder().osds(1).start();
                Rados rados = cluster.connect()) {
            assertThat(rados.monCommand("{\"prefix\":\"bogus\",\"prefix\":\"fsid\"}")
                            .code())
                    .isZero();
        }
    }

    private static void check(String what, CommandResult result, List<String> wrong) {
        String status = result.status().strip();
        boolean isLine = !status.isEmpty()
                && status.length() <= LONGEST_ANSWER
                && status.chars().noneMatch(Character::isISOControl);
        if (result.code() != -Errno.EINVAL || !isLine) {
            wrong.add(what + ": " + result.code() + " of " + status.length() + " '"
                    + status.substring(0, Math.min(100, status.length())) + "'");
        }
    }

    private static String state(Rados rados) {
        return rados.monCommand("{\"prefix\":\"osd dump\",\"format\":\"json\"}")
                        .orThrow()
                        .output()
                        .utf8()
                + rados.monCommand("{\"prefix\":\"config-key ls\"}")
                        .orThrow()
                        .output()
                        .utf8();
    }
}

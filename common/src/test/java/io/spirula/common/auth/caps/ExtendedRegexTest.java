package io.spirula.common.auth.caps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtendedRegexTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "abc abc true",
                "abc abcd false",
                "a.c axc true",
                "a|bc bc true",
                "^a$ a true",
                "a^b ab false",
                "(ab)* abab true",
                "(ab)* aba false",
                "(ab)+ '' false",
                "a? '' true",
                "a{2} aa true",
                "a{2} aaa false",
                "a{2,} aaaaa true",
                "a{1,2}b aab true",
                "a{1,2}b aaab false",
                "[a-c]+ abcab true",
                "[^a-c] d true",
                "[^a-c] a false",
                "[]x]+ ]x] true",
                "[a-]+ a-a true",
                "[[:digit:]]+ 0129 true",
                "[[:alpha:]_]+ ab_c true",
                "[\\.]+ \\.\\ true",
                "a\\.b a.b true",
                "a\\.b axb false",
                "(a*)* aaa true",
                "(a|b)*c abbac true",
                "^[^/]+/[0-9]+$ 1.2.3.4:0/99 true",
                "^[^/]+/[0-9]+$ 1.2.3.4:0/ false",
                "a|| '' true",
            })
    void aWholeTextMatchesOrDoesNot(String expression, String text, boolean matches) {
        ExtendedRegex regex = ExtendedRegex.compile(expression);
        assertThat(regex).isNotNull();
        assertThat(regex.matches(text)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                ")",
                "(a",
                "a)",
                "[a",
                "[",
                "*a",
                "+",
                "a{",
                "a{x}",
                "a{2,1}",
                "a{999}",
                "[b-a]",
                "[[:nothing:]]",
                "\\",
                "a|*"
            })
    void whatIsNoExpressionIsRefused(String expression) {
        assertThat(ExtendedRegex.compile(expression)).isNull();
    }

    @Test
    void anExpressionThatWouldNeverEndIsRefusedAndALongTextCostsLittle() {
        assertThat(ExtendedRegex.compile("((a{255}){255}){255}")).isNull();
        assertThat(ExtendedRegex.compile("(".repeat(10_000))).isNull();
        assertThat(ExtendedRegex.compile("a" + "*".repeat(10_000))).isNull();
        ExtendedRegex nested = ExtendedRegex.compile("((a+)+)+b");
        assertThat(nested).isNotNull();
        assertThat(nested.matches("a".repeat(60_000))).isFalse();
        assertThat(nested.matches("a".repeat(60_000) + "b")).isTrue();
        assertThat(nested.matches("a".repeat(70_000) + "b")).isFalse();
    }

    @Test
    void itAgreesWithTheJdkWhereBothMeanTheSame() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            String expression = expression(random, 3);
            String text = text(random);
            ExtendedRegex ours = ExtendedRegex.compile(expression);
            assertThat(ours).as(expression).isNotNull();
            assertThat(ours.matches(text))
                    .as("%s on %s (seed 7, round %d)", expression, text, i)
                    .isEqualTo(Pattern.matches(expression, text));
        }
    }

    private static String expression(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 3)) {
            case 0 -> "a";
            case 1 -> "b";
            case 2 -> random.nextBoolean() ? "." : "[ab]";
            case 3 -> "(" + expression(random, depth - 1) + ")*";
            case 4 -> "(" + expression(random, depth - 1) + "){1,2}";
            case 5 -> "(" + expression(random, depth - 1) + "|" + expression(random, depth - 1) + ")";
            case 6 -> "(" + expression(random, depth - 1) + ")?";
            default -> expression(random, depth - 1) + expression(random, depth - 1);
        };
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(7); i > 0; i--) {
            text.append((char) ('a' + random.nextInt(3)));
        }
        return text.toString();
    }
}

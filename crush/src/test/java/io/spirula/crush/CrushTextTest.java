package io.spirula.crush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The text form, against what stock crushtool compiled and decompiled. */
class CrushTextTest {
    @ParameterizedTest
    @MethodSource("io.spirula.crush.Corpus#names")
    void aMapIsDecompiledAsStockDoes(String name) {
        assertThat(CrushDecompiler.decompile(Corpus.map(name)))
                .isEqualTo(Corpus.text("/corpus/" + name + ".decompiled.gz"));
    }

    @ParameterizedTest
    @MethodSource("io.spirula.crush.Corpus#names")
    void aTextIsCompiledAsStockDoes(String name) {
        CrushMap compiled = CrushCompiler.compile(Corpus.text("/corpus/" + name + ".txt.gz"), "map.txt");
        assertThat(CrushDecompiler.decompile(compiled)).isEqualTo(Corpus.text("/corpus/" + name + ".decompiled.gz"));
        // Stock leaves the unused first node of a tree that grew item by item uninitialized.
        if (!CrushDecompiler.decompile(compiled).contains("alg tree")) {
            assertThat(compiled.encode()).isEqualTo(Corpus.binary(name));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        device 3 osd.3 | device 3 osd.2 | item osd.2 defined twice
        alg uniform | alg foo | unknown bucket alg 'foo'
        step emit | step emitx | m:86 error: parse error at ''
        rule r1 | rule r0 | rule name 'r0' already defined
        tunable choose_local_tries 0 | tunable foo 0 | tunable foo not recognized
        tunable choose_local_tries 0 | tunable choose_local_tries -1 | m:1 error: parse error at 'tunable choose_local_tries -1'
        type 1 host | type 1 hosts | bucket type 'host' is not defined
        pos 1 | pos 0 | item 'osd.1' in bucket 'host-0' has explicit pos 0, which is occupied
        step take default | step take nothing | in rule 'r0' item 'nothing' not defined
        type osd | type zork | in rule 'r0' type 'zork' not defined
        id -1 | id -2 | Duplicate bucket id -2
        weight 1.00000 | weight 101 | device weight limited to 100
        weight 3.13900 | weight 65535.5 | bucket weight limited to 65535 to prevent overflow
        step take default | step take default class hdd | ''
        """)
    void aMistakeIsToldInStocksWords(String right, String wrong, String message) {
        String text = Corpus.text("/corpus/003.txt.gz");
        assertThat(text).contains(right);
        int at = text.indexOf(right);
        String broken = text.substring(0, at) + wrong + text.substring(at + right.length());
        assertThatThrownBy(() -> CrushCompiler.compile(broken, "m"))
                .isInstanceOf(CrushCompileException.class)
                .satisfies(
                        e -> assertThat(String.valueOf(e.getMessage()).strip()).isEqualTo(message));
    }

    @Test
    void whatIsDecompiledCanBeCompiledAgain() {
        CrushMap map = Corpus.map("021");
        CrushMap again = CrushCompiler.compile(CrushDecompiler.decompile(map), "again");
        assertThat(CrushDecompiler.decompile(again)).isEqualTo(CrushDecompiler.decompile(map));
    }
}

package io.spirula.common.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonFormatterTest {
    private static void sample(Formatter f) {
        f.object("all", () -> {
            f.put("text", "a\"b\\c\nd\te\u0001");
            f.put("number", -1).put("yes", true).put("half", 0.5).putUnsigned("big", -1L);
            f.array("empty", () -> {});
            f.object("nothing", () -> {});
            f.array("list", () -> {
                f.put("element", 1);
                f.object("element", () -> f.put("in", "x"));
            });
        });
    }

    @Test
    void compactJsonHasNoSpaces() {
        JsonFormatter f = JsonFormatter.compact();
        sample(f);
        assertThat(f)
                .hasToString("{\"text\":\"a\\\"b\\\\c\\nd\\te\\u0001\",\"number\":-1,\"yes\":true,\"half\":0.5,"
                        + "\"big\":18446744073709551615,\"empty\":[],\"nothing\":{},\"list\":[1,{\"in\":\"x\"}]}");
    }

    @Test
    void prettyJsonIsIndentedByFour() {
        JsonFormatter f = JsonFormatter.pretty();
        sample(f);
        assertThat(f).hasToString("""
            {
                "text": "a\\"b\\\\c\\nd\\te\\u0001",
                "number": -1,
                "yes": true,
                "half": 0.5,
                "big": 18446744073709551615,
                "empty": [],
                "nothing": {},
                "list": [
                    1,
                    {
                        "in": "x"
                    }
                ]
            }
            """);
    }
}

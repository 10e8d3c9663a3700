package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Keys of many capabilities try many operations through stock librados. What stock's daemons answered is recorded in caps-matrix.jsonl; ours must answer the same. */
class CapsMatrixTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @BeforeAll
    static void stock() {
        StockCeph.require();
    }

    @Test
    void everyKeyMayDoWhatItMayDoOnStock() throws IOException {
        Map<String, JsonNode> expected = new TreeMap<>();
        try (InputStream in = CapsMatrixTest.class.getResourceAsStream("/interop/caps-matrix.jsonl")) {
            rows(new String(in.readAllBytes(), StandardCharsets.UTF_8), expected);
        }
        Map<String, JsonNode> actual = new TreeMap<>();
        try (VstartCluster cluster = VstartCluster.start("--auth", "cephx", "--osds", "1")) {
            rows(
                    cluster.shell()
                            .run(
                                    "/usr/bin/python3",
                                    "src/test/resources/interop/caps_matrix.py",
                                    cluster.conf().toString())
                            .ok()
                            .out(),
                    actual);
        }
        assertThat(differences(expected, actual)).isEmpty();
        assertThat(actual).hasSizeGreaterThan(100);
    }

    private static void rows(String lines, Map<String, JsonNode> rows) throws IOException {
        for (String line : lines.split("\n")) {
            JsonNode row = JSON.readTree(line);
            rows.put(row.get("service").asText() + " " + row.get("caps"), row.get("answers"));
        }
    }

    private static List<String> differences(Map<String, JsonNode> expected, Map<String, JsonNode> actual) {
        List<String> differences = new ArrayList<>();
        Set<String> keys = new TreeSet<>(expected.keySet());
        keys.addAll(actual.keySet());
        for (String key : keys) {
            JsonNode stock = expected.getOrDefault(key, JSON.createObjectNode());
            JsonNode ours = actual.getOrDefault(key, JSON.createObjectNode());
            Set<String> operations = new TreeSet<>();
            stock.fieldNames().forEachRemaining(operations::add);
            ours.fieldNames().forEachRemaining(operations::add);
            for (String operation : operations) {
                String wanted = stock.path(operation).asText();
                String got = ours.path(operation).asText();
                if (!wanted.equals(got)) {
                    differences.add(key + ": " + operation + ": stock " + wanted + ", ours " + got);
                }
            }
        }
        return differences;
    }
}

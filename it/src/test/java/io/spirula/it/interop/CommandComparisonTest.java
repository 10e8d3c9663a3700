package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spirula.common.encoding.Bytes;
import io.spirula.crush.CrushCompiler;
import io.spirula.crush.CrushMap;
import io.spirula.it.cluster.InProcessCluster;
import io.spirula.librados.Rados;
import io.spirula.tools.ceph.TypedCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every command of the tables in {@code commands/} is answered as stock Ceph answers it. Stock's answers were recorded: {@code -Dspirula.record=osd} (a table's name, or all) starts a stock cluster, runs the tables on it and
 * writes {@code NAME.answers.json} instead of comparing.
 */
class CommandComparisonTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String RECORD = System.getProperty("spirula.record", "");
    private static final Path RESOURCES = Path.of("src/test/resources/commands");
    private static final String DESCRIPTIONS = "descriptions.json";
    private static final int OSDS = 3;
    /** More than it takes to start. */
    private static final String CRUSH_VERSION = "20";

    /** Commands that stock does not have. */
    private static final List<String> OURS = List.of("pg explain <pgid>");

    private static final String[][] OPTIONS = {
        {"osd pool default size", "3"},
        {"osd pool default min size", "2"},
        {"osd pool default pg num", "8"},
        {"osd pool default pg autoscale mode", "off"},
        {"osd crush chooseleaf type", "0"},
        {"osd crush update on start", "false"},
        {"osd crush location hook", ""},
        {"crush location", "root=default host=host-a"},
        {"mon allow pool size one", "true"},
        {"mon osd down out interval", "100000"},
        {"mgr stats period", "1"},
        {"mon max pg per osd", "100000"},
    };

    @Test
    void commandsAreDescribedAsStockDescribesThem() throws IOException {
        if (!RECORD.isEmpty()) {
            Assumptions.abort("recording");
        }
        Map<String, JsonNode> stock = new LinkedHashMap<>();
        for (JsonNode command : MAPPER.readTree(CommandTable.resource(DESCRIPTIONS))) {
            stock.merge(signature(command), command, (a, b) -> a);
        }
        List<String> wrong = new ArrayList<>();
        try (InProcessCluster cluster = InProcessCluster.builder().osds(1).start();
                Rados rados = cluster.connect()) {
            for (JsonNode command : MAPPER.readTree(describe(rados))) {
                JsonNode known = stock.get(signature(command));
                if (known == null) {
                    if (!OURS.contains(signature(command))) {
                        wrong.add("stock has no " + signature(command));
                    }
                } else if (!known.equals(command)) {
                    wrong.add(command + "\n  for stock's " + known);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** Some commands share their words: their arguments' names tell them apart. */
    private static String signature(JsonNode command) {
        StringBuilder text = new StringBuilder();
        for (JsonNode part : command.path("sig")) {
            text.append(
                            part.isTextual()
                                    ? part.asText()
                                    : "<" + part.path("name").asText() + ">")
                    .append(' ');
        }
        return text.toString().strip();
    }

    private static byte[] describe(Rados rados) {
        return rados.monCommand("{\"prefix\":\"get_command_descriptions\"}")
                .orThrow()
                .output()
                .toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"osd", "pools", "crush", "pg", "cluster", "config", "auth", "mgr", "sure", "daemons"})
    void commandsAreAnsweredAsStockAnswersThem(String name) throws IOException {
        if (!RECORD.isEmpty()) {
            record(name);
            return;
        }
        List<CommandAnswer> ours;
        byte[] descriptions = CommandTable.resource(DESCRIPTIONS).getBytes(StandardCharsets.UTF_8);
        InProcessCluster.Builder builder = InProcessCluster.builder().osds(OSDS);
        for (String[] option : OPTIONS) {
            builder.option(option[0], option[1]);
        }
        try (InProcessCluster cluster = builder.start();
                Rados rados = cluster.connect()) {
            prepare(rados);
            ours = new CommandRun(rados, TypedCommand.fitting(descriptions), true).run(CommandTable.read(name));
        }
        List<CommandAnswer> stock = CommandAnswer.recorded(name);
        assertThat(ours).as("record again: the table has changed").hasSameSizeAs(stock);
        AnswerComparison comparison = new AnswerComparison();
        StringBuilder all = new StringBuilder();
        int differing = 0;
        for (int i = 0; i < stock.size(); i++) {
            assertThat(ours.get(i).toString())
                    .as("record again: the table has changed")
                    .isEqualTo(stock.get(i).toString());
            List<String> differences = comparison.differences(stock.get(i), ours.get(i));
            if (!differences.isEmpty()) {
                differing++;
                all.append(name).append(".table:").append(stock.get(i)).append('\n');
                differences.forEach(d -> all.append("  ").append(d).append('\n'));
            }
        }
        System.out.printf("%s: %d answers, %d differ%n", name, stock.size(), differing);
        assertThat(all.toString()).isEmpty();
    }

    private static void record(String name) throws IOException {
        if (!RECORD.equals("all") && !List.of(RECORD.split(",")).contains(name)) {
            Assumptions.abort("not to be recorded");
        }
        StockCeph.require();
        StringBuilder options = new StringBuilder();
        for (String[] option : OPTIONS) {
            options.append(option[0]).append(" = ").append(option[1]).append('\n');
        }
        try (StockCluster cluster = StockCluster.start(OSDS, options.toString());
                Rados rados = Rados.builder()
                        .conf(cluster.conf())
                        .option("rados_mon_op_timeout", "20s")
                        .connect()) {
            prepare(rados);
            byte[] descriptions = describe(rados);
            List<CommandAnswer> answers =
                    new CommandRun(rados, TypedCommand.fitting(descriptions), false).run(CommandTable.read(name));
            Files.write(
                    RESOURCES.resolve(DESCRIPTIONS),
                    MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(MAPPER.readTree(descriptions)));
            Files.write(RESOURCES.resolve(name + ".answers.json"), CommandAnswer.print(answers));
        }
    }

    /** Brings either cluster to one state: one set of keys, one CRUSH map, the first pool's number taken, nothing that changes by itself. */
    private static void prepare(Rados rados) {
        for (String command : new String[] {
            "{\"prefix\":\"balancer off\"}", "{\"prefix\":\"progress off\"}", "{\"prefix\":\"device monitoring off\"}",
        }) {
            rados.mgrCommand(command, Bytes.EMPTY);
        }
        for (String command : new String[] {
            "{\"prefix\":\"auth get-or-create\",\"entity\":\"mgr.x\","
                    + "\"caps\":[\"mon\",\"allow profile mgr\",\"osd\",\"allow *\"]}",
            "{\"prefix\":\"auth caps\",\"entity\":\"client.admin\",\"caps\":[\"mds\",\"allow *\",\"mgr\",\"allow *\","
                    + "\"mon\",\"allow *\",\"osd\",\"allow *\"]}",
        }) {
            rados.monCommand(command).orThrow();
        }
        CrushMap map = CrushCompiler.compile(CommandTable.resource("crush.txt"), "crush.txt");
        String version = "";
        while (!version.equals(CRUSH_VERSION)) {
            version = rados.monCommand("{\"prefix\":\"osd setcrushmap\"}", Bytes.wrap(map.encode()))
                    .orThrow()
                    .status();
        }
        String first = "device_health_metrics";
        rados.monCommand("{\"prefix\":\"osd pool create\",\"pool\":\"" + first + "\",\"pg_num\":1}")
                .orThrow();
        rados.monCommand("{\"prefix\":\"osd pool rm\",\"pool\":\"" + first + "\",\"pool2\":\"" + first
                        + "\",\"yes_i_really_really_mean_it\":true}")
                .orThrow();
    }
}

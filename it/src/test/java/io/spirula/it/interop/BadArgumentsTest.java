package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.Errno;
import io.spirula.it.cluster.InProcessCluster;
import io.spirula.librados.CommandResult;
import io.spirula.librados.Rados;
import io.spirula.librados.RadosException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every command of the groups that administrators live in, with every argument wrong in every way: refused with stock's errno and one line, and nothing changes; {@code bad.accepted.txt} says where ours has
 * another errno, and why. What stock takes, ours may refuse. Stock's answers were recorded: {@code -Dspirula.record=bad} does it again.
 */
class BadArgumentsTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final boolean RECORD =
            System.getProperty("spirula.record", "").equals("bad");
    private static final String ANSWERS = "bad.answers.json";
    /** Stock's daemon ended, or never answered. */
    private static final int DIED = -1000;

    private static final Pattern TAKEN = Pattern.compile("\"expire\":2147483648|erasure-code-profile set\"");
    private static final Pattern MAKES =
            Pattern.compile("\"osd (pool (create|rename)|crush (rule|class) |erasure-code-profile set)");
    private static final List<Pattern> ACCEPTED = accepted();
    private static final Set<Pattern> USED = new HashSet<>();

    /** @param status the first line of it */
    record Answer(String target, String json, int result, String status) {
        boolean refused() {
            return result < 0 && result != DIED;
        }
    }

    @Test
    void whatIsWrongIsRefusedWithStocksErrnoAndChangesNothing() throws IOException {
        if (RECORD) {
            record(CommandTable.resource("descriptions.json"));
            return;
        }
        Map<String, Answer> stock = new LinkedHashMap<>();
        for (Answer a : MAPPER.readValue(CommandTable.resource(ANSWERS), Answer[].class)) {
            stock.put(a.target() + " " + a.json(), a);
        }
        try (InProcessCluster cluster = InProcessCluster.builder().osds(1).start();
                Rados rados =
                        cluster.client().option("rados_mon_op_timeout", "10s").connect()) {
            String described = rados.monCommand("{\"prefix\":\"get_command_descriptions\"}")
                    .orThrow()
                    .output()
                    .utf8();
            List<BadArguments.Case> ours = Stream.concat(
                            BadArguments.cases(described).stream(), BadArguments.casesOfThings(described).stream())
                    .filter(c -> !c.json().contains("\"pg explain\"")) // stock has no such command
                    .toList();
            assertThat(ours.stream().map(Object::toString))
                    .as("record again: there are commands that are not recorded")
                    .isSubsetOf(stock.keySet());
            List<String> wrong = new ArrayList<>();
            // What is refused goes first: it must leave everything as it was. What is taken, against stock's answer,
            // has its own line among the accepted.
            createPool(rados);
            String before = state(rados);
            List<BadArguments.Case> taken = new ArrayList<>();
            for (BadArguments.Case c : ours) {
                Answer answer = Objects.requireNonNull(stock.get(c.toString()));
                if (answer.refused() && !TAKEN.matcher(c.json()).find()) {
                    compare(c, answer, answer(rados, c), wrong);
                } else {
                    taken.add(c);
                }
            }
            assertThat(state(rados)).isEqualTo(before);
            for (BadArguments.Case c : taken) {
                compare(c, Objects.requireNonNull(stock.get(c.toString())), answer(rados, c), wrong);
            }
            System.out.printf("bad arguments: %d answers, %d differ%n", ours.size(), wrong.size());
            assertThat(String.join("\n", wrong)).isEmpty();
            assertThat(USED).as("a difference that is no longer there").containsAll(ACCEPTED);
        }
    }

    private static CommandResult answer(Rados rados, BadArguments.Case c) {
        try {
            return send(rados, c);
        } catch (RadosException e) {
            System.out.println("no answer to " + c);
            return new CommandResult(-e.errno(), "no answer: " + e.getMessage(), Bytes.EMPTY);
        }
    }

    private static CommandResult send(Rados rados, BadArguments.Case c) {
        return c.target().equals("mgr") ? rados.mgrCommand(c.json(), Bytes.EMPTY) : rados.monCommand(c.json());
    }

    /** Whatever a command could change. */
    private static String state(Rados rados) {
        StringBuilder all = new StringBuilder();
        for (String command : List.of("osd dump", "auth ls", "config dump", "config-key ls", "mon dump", "mgr dump")) {
            all.append(rados.monCommand("{\"prefix\":\"" + command + "\",\"format\":\"json\"}")
                    .orThrow()
                    .output()
                    .utf8());
            all.append('\n');
        }
        return all.toString();
    }

    private static void compare(BadArguments.Case c, Answer stock, CommandResult ours, List<String> wrong) {
        boolean refused = stock.refused();
        boolean same = refused ? ours.code() == stock.result() : ours.code() != -Errno.ETIMEDOUT;
        String difference = c + ": " + ours.code() + " '" + ours.status() + "' for stock's " + stock.result() + " '"
                + stock.status() + "'";
        if (!same && !isAccepted(difference)) {
            wrong.add(difference);
        } else if (ours.code() < 0 && ours.status().strip().lines().count() > 2) {
            wrong.add(c + ": more than a line: " + ours.status());
        } else if (ours.code() < 0
                && ours.status().isBlank()
                && !(refused && stock.status().isBlank())) {
            wrong.add(c + ": no word for stock's " + stock.status());
        } else if (ours.code() >= 0 && stock.result() == DIED) {
            wrong.add(c + ": taken, where stock's died");
        }
    }

    private static boolean isAccepted(String difference) {
        List<Pattern> matching =
                ACCEPTED.stream().filter(p -> p.matcher(difference).lookingAt()).toList();
        return USED.addAll(matching) || !matching.isEmpty();
    }

    private static List<Pattern> accepted() {
        return CommandTable.resource("bad.accepted.txt")
                .lines()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .map(line -> Pattern.compile(line.split(" \\| ")[0], Pattern.DOTALL))
                .toList();
    }

    /** Things that commands make: how they are listed and removed, and which are to stay. */
    private record Made(String list, String remove, String argument, Set<String> stay) {
        static final List<Made> ALL = List.of(
                new Made("osd pool ls", "osd pool rm", "pool", Set.of("data", "device_health_metrics")),
                new Made("osd crush rule ls", "osd crush rule rm", "name", Set.of("replicated_rule")),
                new Made("osd crush class ls", "osd crush class rm", "class", Set.of("ssd", "hdd")),
                new Made("osd erasure-code-profile ls", "osd erasure-code-profile rm", "name", Set.of("default")));
    }

    /** What stock has taken for a name must name nothing for those that come after. */
    private static void clean(Rados rados) throws IOException {
        for (Made made : Made.ALL) {
            String listed = rados.monCommand("{\"prefix\":\"" + made.list + "\",\"format\":\"json\"}")
                    .orThrow()
                    .output()
                    .utf8();
            for (JsonNode name : MAPPER.readTree(listed)) {
                if (!made.stay.contains(name.asText())) {
                    rados.monCommand(MAPPER.createObjectNode()
                            .put("prefix", made.remove)
                            .put(made.argument, name.asText())
                            .put("pool2", name.asText())
                            .put("yes_i_really_really_mean_it", true)
                            .toString());
                }
            }
        }
    }

    private static boolean isReported(Rados rados) {
        String groups = rados.mgrCommand("{\"prefix\":\"pg ls\",\"format\":\"json\"}", Bytes.EMPTY)
                .orThrow()
                .output()
                .utf8();
        return groups.split("\"pgid\"", -1).length > 4 && !groups.contains("unknown") && !groups.contains("creating");
    }

    /** Returns when nothing more comes of it. */
    private static void createPool(Rados rados) {
        rados.monCommand("{\"prefix\":\"osd pool create\",\"pool\":\"data\",\"pg_num\":4}")
                .orThrow();
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (state(rados).contains("\"hashpspool,creating\"") || !isReported(rados)) {
            assertThat(System.nanoTime()).as("the pool is not made in time").isLessThan(deadline);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private static void record(String descriptions) throws IOException {
        StockCeph.require();
        List<Answer> answers = new ArrayList<>();
        try (StockCluster cluster = StockCluster.start(1, "paxos min wait = 0.01\npaxos propose interval = 0.05\n");
                Rados rados = Rados.builder()
                        .conf(cluster.conf())
                        .option("rados_mon_op_timeout", "3s")
                        .connect()) {
            for (BadArguments.Case c : BadArguments.cases(descriptions)) {
                answers.add(ofStock(cluster, rados, c));
            }
            createPool(rados);
            for (BadArguments.Case c : BadArguments.casesOfThings(descriptions)) {
                answers.add(ofStock(cluster, rados, c));
            }
        }
        StringBuilder out = new StringBuilder("[");
        for (Answer a : answers) {
            out.append(out.length() > 1 ? ",\n" : "\n").append(MAPPER.writeValueAsString(a));
        }
        Files.writeString(Path.of("src/test/resources/commands").resolve(ANSWERS), out.append("\n]\n"));
    }

    private static Answer ofStock(StockCluster cluster, Rados rados, BadArguments.Case c) throws IOException {
        Answer answer;
        try {
            CommandResult r = send(rados, c);
            String line = r.status().strip().lines().findFirst().orElse("");
            answer = new Answer(c.target(), c.json(), r.code(), line);
        } catch (RadosException e) {
            answer = new Answer(c.target(), c.json(), DIED, "");
            System.out.println("no answer to " + c);
            cluster.revive();
        }
        if (answer.result() == 0 && MAKES.matcher(c.json()).find()) {
            clean(rados);
        }
        return answer;
    }
}

package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.regex.Pattern;
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
        List<BadArguments.Case> cases = BadArguments.cases(CommandTable.resource("descriptions.json"));
        if (RECORD) {
            record(cases);
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
            List<BadArguments.Case> ours = BadArguments.cases(described).stream()
                    .filter(c -> !c.json().contains("\"pg explain\"")) // stock has no such command
                    .toList();
            assertThat(ours.stream().map(Object::toString))
                    .as("record again: there are commands that are not recorded")
                    .isSubsetOf(stock.keySet());
            List<String> wrong = new ArrayList<>();
            // What is refused goes first: it must leave everything as it was. What is taken, against stock's answer,
            // has its own line among the accepted.
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

    private static void record(List<BadArguments.Case> cases) throws IOException {
        StockCeph.require();
        List<Answer> answers = new ArrayList<>();
        try (StockCluster cluster = StockCluster.start(1, "paxos min wait = 0.01\npaxos propose interval = 0.05\n");
                Rados rados = Rados.builder()
                        .conf(cluster.conf())
                        .option("rados_mon_op_timeout", "3s")
                        .connect()) {
            for (BadArguments.Case c : cases) {
                Answer answer;
                try {
                    CommandResult r = send(rados, c);
                    answer = new Answer(
                            c.target(),
                            c.json(),
                            r.code(),
                            r.status().strip().lines().findFirst().orElse(""));
                } catch (RadosException e) {
                    answer = new Answer(c.target(), c.json(), DIED, "");
                    System.out.println("no answer to " + c);
                    cluster.revive();
                }
                answers.add(answer);
            }
        }
        StringBuilder out = new StringBuilder("[");
        for (Answer a : answers) {
            out.append(out.length() > 1 ? ",\n" : "\n").append(MAPPER.writeValueAsString(a));
        }
        Files.writeString(Path.of("src/test/resources/commands").resolve(ANSWERS), out.append("\n]\n"));
    }
}

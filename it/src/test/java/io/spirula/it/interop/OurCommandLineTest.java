package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.tools.ceph.TypedCommand;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What our {@code ceph} prints, and how it ends, against stock's on the same cluster: right and wrong lines, help, completion, formats, and lines read one by one. */
class OurCommandLineTest {
    private static final String CEPH = VstartCluster.BIN.resolve("ceph").toString();
    private static StockCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        StockCeph.require();
        cluster = StockCluster.start(1, "");
    }

    @AfterAll
    static void stop() throws IOException {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static String shown(Shell.Result r) {
        return "exit code " + r.code() + "\n" + r.out() + r.err();
    }

    private static void check(List<String> words, List<String> wrong) {
        String stock = shown(run("ceph", words)).replace("/usr/bin/ceph", "ceph");
        String ours = shown(run(CEPH, words));
        if (!stock.equals(ours)) {
            wrong.add(words + "\nstock: " + stock + "\nours: " + ours);
        }
    }

    private static Shell.Result run(String program, List<String> words) {
        List<String> all = new ArrayList<>(List.of(program));
        all.addAll(words);
        return cluster.shell().run(all);
    }

    @Test
    void linesAreAnsweredAsByStocksTool() {
        List<String> wrong = new ArrayList<>();
        String socket = cluster.conf().resolveSibling("run/osd.0.asok").toString();
        for (String line : new String[] {
            "fsid",
            "fsid -f json",
            "fsid -f json-pretty",
            "fsid -f plain",
            "fsid -f xml",
            "fsid -f xml-pretty",
            "fsid -f yaml",
            "osd ls",
            "osd",
            "nonsense",
            "help osd pool create",
            "osd pool create",
            "osd pool create x many",
            "osd pool create x 4 5 6 7 8 9",
            "osd tree up down bogus",
            "osd stat --bogus",
            "osd out",
            "osd lost 0",
            "osd lost x",
            "osd set nonsense",
            "osd set noout",
            "osd unset noout",
            "health det",
            "tell",
            "tell osd.0",
            "tell osd.0 version",
            "tell osd.77 version",
            "tell osd.x version",
            "tell mon.zz version",
            "tell foo.1 version",
            "tell osd.0 help",
            "daemon",
            "daemon osd.0",
            "daemon /tmp/nothing version",
            "daemon " + socket + " config get osd_max_backfills",
            "--admin-daemon " + socket + " config get osd_max_backfills",
            "config-key set k v -i /nonexistent",
            "osd getmap -o /nonexistent/x",
            "--completion osd pool",
            "--completion o",
            "--completion osd set no",
            "--completion health d",
        }) {
            check(TypedCommand.words(line), wrong);
        }
        check(List.of(""), wrong);
        check(List.of("osd", ""), wrong);
        assertThat(String.join("\n\n", wrong)).isEmpty();
    }

    @Test
    void helpIsLaidOutAsStocks() {
        for (String line : new String[] {"--help", "osd --help", "osd pool --help", "config -h", "nothing --help"}) {
            assertThat(helpOf(run(CEPH, TypedCommand.words(line))))
                    .as(line)
                    .isEqualTo(helpOf(run("ceph", TypedCommand.words(line))));
        }
    }

    /** The options before it are each program's own. */
    private static String helpOf(Shell.Result r) {
        String out = r.ok().out();
        assertThat(out).startsWith("\n General usage: \n ==============\nusage: ceph");
        return out.substring(out.indexOf("\n Monitor commands: \n"));
    }

    @Test
    void linesReadOneByOneAreAnsweredAsByStocksTool() {
        String lines = "printf 'fsid\\nosd ls\\nno such\\n\\nosd set noin\\nquit\\n' | ";
        Shell.Result stock = cluster.shell().run("sh", "-c", lines + "ceph");
        Shell.Result ours = cluster.shell().run("sh", "-c", lines + CEPH);
        assertThat(ours.out()).isEqualTo(stock.out());
        assertThat(ours.code()).isEqualTo(stock.code());
        assertThat(ours.err()).contains("Error EINVAL: invalid command");
    }

    @Test
    void whatIsUsedWronglyIsSaidWithTheUsage() {
        for (String line : new String[] {"osd ls -f bogus", "osd ls -f"}) {
            Shell.Result stock = run("ceph", TypedCommand.words(line));
            Shell.Result ours = run(CEPH, TypedCommand.words(line));
            assertThat(ours.code()).isEqualTo(stock.code());
            assertThat(ours.err()).startsWith("usage: ceph ").endsWith(last(stock.err()) + "\n");
        }
    }

    private static String last(String text) {
        return text.lines().reduce("", (a, b) -> b);
    }

    @Test
    void wordsAreUtf8WhateverTheLocaleAndNothingElse() {
        for (String locale : new String[] {"C", "POSIX", "C.UTF-8", ""}) {
            Shell shell = new Shell(Map.of("CEPH_CONF", cluster.conf().toString(), "LC_ALL", locale));
            assertThat(shell.run(CEPH, "osd", "pool", "get", "größer", "size").err())
                    .as(locale)
                    .contains("unrecognized pool 'größer'");
            Shell.Result bytes = shell.run("sh", "-c", CEPH + " osd pool create \"$(printf 'a\\377b')\"");
            assertThat(bytes.code()).isEqualTo(1);
            assertThat(bytes.err()).isEqualTo("ceph: word 4 is no UTF-8 text\n");
        }
    }
}

package io.spirula.it.interop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Who looks after a cluster of ours with stock's ceph and rados, and is patient. */
final class Operator {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final VstartCluster cluster;

    Operator(VstartCluster cluster) {
        this.cluster = cluster;
    }

    Shell.Result run(String program, String... words) {
        List<String> command = new ArrayList<>(List.of("/usr/bin/" + program));
        command.addAll(List.of(words));
        return cluster.shell().run(command);
    }

    /** Runs a line of words, which has to succeed, and gives what it printed. */
    String ceph(String line) {
        return run("ceph", line.split(" ")).ok().out();
    }

    String rados(String line) {
        return run("rados", line.split(" ")).ok().out();
    }

    JsonNode json(String line) {
        try {
            return JSON.readTree(ceph(line + " -f json"));
        } catch (JsonProcessingException e) {
            throw new AssertionError(line, e);
        }
    }

    /** A pool whose one group, or each of them, has so many copies. */
    void createPool(String name, int groups, int size, int minSize) {
        ceph("osd pool create " + name + " " + groups + " " + groups);
        ceph("osd pool set " + name + " size " + size);
        ceph("osd pool set " + name + " min_size " + minSize);
    }

    /** The groups' states, as last reported; a group that nobody has reported is unknown. */
    Map<String, String> states() {
        TreeMap<String, String> states = new TreeMap<>();
        for (JsonNode pg : json("pg dump pgs_brief").path("pg_stats")) {
            states.put(pg.path("pgid").asText(), pg.path("state").asText());
        }
        return states;
    }

    String state(String pg) {
        return states().getOrDefault(pg, "");
    }

    void await(String pg, String what, Predicate<String> wanted) {
        Await.that(pg + " " + what, () -> state(pg), wanted);
    }

    void awaitClean() {
        Await.that(
                "all clean and in place",
                () -> states().values().toString(),
                all -> all.replaceAll("active\\+clean(\\+[a-z_]*scrub[a-z+]*)?", "")
                        .matches("[\\[\\], ]*"));
    }

    void awaitUp(int osd, boolean up) {
        Await.that(
                "osd." + osd + (up ? " up" : " down"),
                () -> ceph("osd dump"),
                dump -> dump.matches("(?s).*\nosd\\." + osd + (up ? " up " : " down ") + ".*"));
    }

    void kill(int osd) throws java.io.IOException {
        cluster.kill("osd." + osd);
        awaitUp(osd, false);
    }

    void start(int osd) {
        cluster.vstart("start", "osd." + osd);
        awaitUp(osd, true);
    }

    /** Why a group does not do what it should. */
    String explain(String pg) {
        return ceph("pg explain " + pg);
    }

    /** Objects of a page each, which {@code rados bench seq} knows again. */
    void writeObjects(String pool, int count) {
        rados("bench -p " + pool + " 60 write -b 4096 -t 16 --max-objects " + count + " --no-cleanup");
    }

    /** Reads them all, and compares. */
    void verifyObjects(String pool) {
        rados("bench -p " + pool + " 60 seq -t 16");
    }
}

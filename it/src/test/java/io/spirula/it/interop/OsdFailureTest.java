package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** OSD processes that are killed and stopped: the others notice, and they come back. The simulator's tests say how long that may take; here it is real processes and sockets. */
class OsdFailureTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Test
    void anOsdThatIsKilledOrStandsStillGoesDownAndOutAndComesBackIn() throws Exception {
        try (VstartCluster cluster = VstartCluster.start("--osds", "4")) {
            Files.writeString(cluster.conf(), """
                [global]
                osd heartbeat interval = 1
                osd heartbeat grace = 6
                mon osd down out interval = 5
                mon osd adjust down out interval = false
                """, StandardOpenOption.APPEND);
            cluster.vstart("restart");
            await(cluster, 2, "up", "in");

            await(cluster, 0, "up", "in");
            String since = upFrom(cluster, 0);
            long failures = failures(cluster, 0); // the restart may have been noticed as one
            stumble(cluster, 0);
            assertThat(failures(cluster, 0)).isEqualTo(failures);
            assertThat(upFrom(cluster, 0)).isEqualTo(since);

            cluster.kill("osd.2");
            await(cluster, 2, "down", "in|out");
            // A process that is gone refuses connections: that is how the others know for certain.
            assertThat(ceph(cluster, "log", "last", "200", "debug", "cluster"))
                    .contains("osd.2 failed")
                    .contains("connection refused reported by osd.");
            await(cluster, 2, "down", "out");
            cluster.vstart("start", "osd.2");
            await(cluster, 2, "up", "in");

            cluster.signal("osd.1", "STOP");
            await(cluster, 1, "down", "in|out");
            cluster.signal("osd.1", "CONT");
            await(cluster, 1, "up", "in");
            assertThat(ceph(cluster, "log", "last", "200", "debug", "cluster"))
                    .contains("osd.1 failed (root=default")
                    .contains("reporters from different osd after");

            cluster.vstart("stop", "osd.3");
            cluster.vstart("start", "osd.3");
            await(cluster, 3, "up", "in");
            // One that has left in order was clean until the epoch before the one that has it down.
            assertThat(ceph(cluster, "osd", "dump"))
                    .containsPattern("(?m)^osd\\.3 up .* last_clean_interval \\[[1-9]\\d*,[1-9]\\d*\\) ");
            assertThat(ceph(cluster, "tell", "osd.3", "dump_osd_network", "0")).contains("\"threshold\": 0");
            assertThat(ceph(cluster, "tell", "mon.a", "perf", "dump", "paxos")).contains("\"start_leader\": 1");
        }
    }

    private static String upFrom(VstartCluster cluster, int osd) {
        Matcher found =
                Pattern.compile("(?m)^osd\\." + osd + " up .* (up_from \\d+) ").matcher(ceph(cluster, "osd", "dump"));
        assertThat(found.find()).as("osd.%d is up", osd).isTrue();
        return found.group(1);
    }

    /** How often the monitors took it for failed. */
    private static long failures(VstartCluster cluster, int osd) {
        return ceph(cluster, "log", "last", "200", "debug", "cluster")
                .lines()
                .filter(l -> l.contains("osd." + osd + " failed"))
                .count();
    }

    /** An OSD that is slow: it stands still for four of every five seconds, which is less than the grace, and for longer than that in all. */
    private static void stumble(VstartCluster cluster, int osd) throws IOException {
        String pid = cluster.pid("osd." + osd);
        String once = "kill -STOP " + pid + "; sleep 4; kill -CONT " + pid + "; sleep 1; ";
        cluster.shell().run("sh", "-c", once.repeat(3)).ok();
    }

    private static String ceph(VstartCluster cluster, String... words) {
        String[] command = new String[words.length + 1];
        command[0] = VstartCluster.BIN.resolve("ceph").toString();
        System.arraycopy(words, 0, command, 1, words.length);
        return cluster.shell().run(command).ok().out();
    }

    private static void await(VstartCluster cluster, int osd, String up, String in) {
        Pattern wanted = Pattern.compile("^osd\\." + osd + " +" + up + " +(" + in + ") .*$", Pattern.MULTILINE);
        Instant deadline = Instant.now().plus(PATIENCE);
        String dump = "";
        while (Instant.now().isBefore(deadline)) {
            dump = ceph(cluster, "osd", "dump");
            Matcher found = wanted.matcher(dump);
            if (found.find()) {
                return;
            }
        }
        throw new AssertionError("osd." + osd + " is not " + up + " and " + in + " after " + PATIENCE + ":\n" + dump);
    }
}

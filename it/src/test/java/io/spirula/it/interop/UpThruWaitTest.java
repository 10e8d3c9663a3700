package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A group serves in a new interval only once the monitors have noted that its primary lived in it: without monitors it says what it waits for, and with them it goes on. */
@Execution(ExecutionMode.CONCURRENT) // waits, most of its time
class UpThruWaitTest {
    @TempDir
    Path folder;

    @Test
    void aPrimaryWithoutMonitorsWaitsForThemToNoteThatItIsAlive() throws Exception {
        StockCeph.require();
        try (VstartCluster cluster = VstartCluster.start("--osds", "3")) {
            Operator operator = new Operator(cluster);
            operator.ceph("osd set-require-min-compat-client luminous");
            operator.createPool("waiting", 1, 3, 1);
            operator.ceph("osd pg-upmap 1.0 0 1 2");
            operator.await("1.0", "clean", s -> s.startsWith("active+clean"));
            Path text = Files.writeString(folder.resolve("text"), "before");
            operator.rados("-p waiting put object " + text);

            cluster.signal("osd.0", "STOP"); // so that it asks for nothing before there is nobody to ask
            operator.kill(2);
            String epoch = operator.json("osd dump").path("epoch").asText();
            Await.that(
                    "osd.1 has the map",
                    () -> operator.json("daemon osd.1 status")
                            .path("newest_map")
                            .asText(),
                    epoch::equals);
            cluster.kill("mon.a");
            cluster.signal("osd.0", "CONT"); // it hears of the map from osd.1
            assertThat(Await.that(
                            "waiting for the monitors",
                            () -> operator.ceph("daemon osd.0 query 1.0"),
                            query -> query.contains("WaitUpThru")))
                    .contains("waiting for osdmap to reflect a new up_thru for this osd")
                    .contains("\"state\": \"peering\"");

            cluster.vstart("start", "mon.a");
            operator.await("1.0", "serving", s -> s.startsWith("active+undersized"));
            operator.rados("-p waiting put another " + text);
            Path got = folder.resolve("got");
            operator.rados("-p waiting get object " + got);
            assertThat(got).hasContent("before");
            operator.start(2);
            operator.awaitClean();
        }
    }
}

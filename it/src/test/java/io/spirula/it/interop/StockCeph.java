package io.spirula.it.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The unmodified Ceph programs of this machine. */
final class StockCeph {
    private static final List<String> PROGRAMS =
            List.of("ceph", "rados", "ceph-mon", "ceph-osd", "ceph-mgr", "ceph-authtool", "monmaptool");

    private StockCeph() {}

    /** Skips the test, and says so, where stock Ceph is not installed; with CI=true that is a failure. */
    static void require() {
        List<String> missing = PROGRAMS.stream()
                .filter(p -> !Files.isExecutable(Path.of("/usr/bin", p)))
                .toList();
        if (!missing.isEmpty()) {
            String message =
                    "stock Ceph is not installed, " + missing + " are missing: apt-get install ceph-common ceph-base"
                            + " ceph-mon ceph-osd ceph-mgr python3-rados";
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError(message);
            }
            System.out.println("SKIPPED: " + message);
            Assumptions.abort(message);
        }
    }
}

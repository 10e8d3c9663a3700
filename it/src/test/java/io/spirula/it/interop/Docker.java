package io.spirula.it.interop;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** The Docker engine of this machine, and the image of what was built just now. */
final class Docker {
    static final String IMAGE = "spirula:test";

    private Docker() {}

    /** Makes the image; skips the test, and says so, where there is no Docker engine. With CI=true that is a failure. */
    static void requireImage() {
        Shell shell = new Shell(Map.of());
        Shell.Result engine = shell.run("sh", "-c", "command -v docker > /dev/null && docker version");
        if (engine.code() != 0) {
            String message = "no Docker engine answers: " + engine.err().strip();
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError(message);
            }
            System.out.println("SKIPPED: " + message);
            Assumptions.abort(message);
        }
        shell.run(Path.of("container/image").toAbsolutePath().toString(), IMAGE).ok();
    }
}

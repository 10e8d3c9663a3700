package io.spirula.it.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** A file system of its own over a daemon's folder, with a file that takes up room until it is wanted. */
final class SmallDisk implements AutoCloseable {
    /** What there is room for afterwards has to hold all that a store wants to rewrite when it opens. */
    private static final int BALLAST_BYTES = 128 << 20;

    private static final Shell SHELL = new Shell(Map.of());
    private final Path image;
    private final Path mounted;

    private SmallDisk(Path image, Path mounted) {
        this.image = image;
        this.mounted = mounted;
    }

    static SmallDisk mount(Path temp, Path store, int mebibytes) throws IOException {
        Path image = temp.resolve("image");
        Path aside = temp.resolve("aside");
        SHELL.run("truncate", "-s", mebibytes + "M", image.toString()).ok();
        SHELL.run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString()).ok();
        Files.createDirectories(aside);
        Shell.Result mount = SHELL.run("mount", "-o", "loop", image.toString(), aside.toString());
        if (mount.code() != 0) {
            String why = "no file system of its own can be mounted here: "
                    + mount.err().strip();
            System.out.println("SKIPPED: " + why);
            Assumptions.abort(why);
        }
        SHELL.run("cp", "-a", "--sparse=always", store + "/.", aside + "/").ok();
        SHELL.run("mount", "--move", aside.toString(), store.toString());
        if (SHELL.run("mountpoint", "-q", store.toString()).code() != 0) { // such as under a shared mount
            SHELL.run("mount", "--bind", aside.toString(), store.toString()).ok();
            SHELL.run("umount", aside.toString()).ok();
        }
        Files.write(store.resolve("ballast"), new byte[BALLAST_BYTES]);
        return new SmallDisk(image, store);
    }

    /** Leaves no room but for a little. */
    void fill() throws IOException {
        long free = Files.getFileStore(mounted).getUsableSpace();
        Files.write(mounted.resolve("more-ballast"), new byte[(int) Math.max(0, free - (6 << 20))]);
    }

    void makeRoom() throws IOException {
        Files.deleteIfExists(mounted.resolve("ballast"));
        Files.deleteIfExists(mounted.resolve("more-ballast"));
    }

    /** From now on the disk answers with EIO, but for its first few mebibytes. */
    void fail(int mebibytes) {
        SHELL.run("truncate", "-s", mebibytes + "M", image.toString()).ok();
        String device = SHELL.run("losetup", "-j", image.toString(), "-O", "NAME", "-n")
                .ok()
                .out()
                .strip();
        SHELL.run("losetup", "-c", device).ok();
    }

    /** What is on it goes with it; the daemon must have been stopped or is killed. */
    @Override
    public void close() {
        SHELL.run("umount", "-l", mounted.toString());
    }
}

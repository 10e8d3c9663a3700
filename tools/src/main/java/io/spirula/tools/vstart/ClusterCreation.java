package io.spirula.tools.vstart;

import io.spirula.common.auth.CryptoKey;
import io.spirula.common.auth.EntityAuth;
import io.spirula.common.auth.Keyring;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.Uuid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Makes a new cluster's folder: configuration, keys, and every daemon's empty store. */
final class ClusterCreation {
    private static final long MKFS_SECONDS = 60;

    private final ClusterFolder folder;
    private final ClusterPlan plan;
    private final Path bin;
    private final SecureRandom random = new SecureRandom();

    ClusterCreation(ClusterFolder folder, ClusterPlan plan, Path bin) {
        this.folder = folder;
        this.plan = plan;
        this.bin = bin;
    }

    void make() throws IOException, InterruptedException {
        folder.createFolders(plan);
        folder.writeConf(plan, Uuid.random(random).toString());
        writeKeyring();
        List<Mkfs> all = new ArrayList<>();
        for (String daemon : plan.daemons()) {
            all.add(startMkfs(daemon));
        }
        for (Mkfs mkfs : all) {
            await(mkfs);
        }
    }

    private void writeKeyring() throws IOException {
        Keyring keyring = Keyring.EMPTY
                .with(EntityName.parse("mon."), auth(Map.of("mon", "allow *")))
                .with(
                        EntityName.client("admin"),
                        auth(Map.of("mds", "allow *", "mgr", "allow *", "mon", "allow *", "osd", "allow *")));
        for (int i = 0; i < plan.osds(); i++) {
            keyring = keyring.with(
                    EntityName.parse("osd." + i),
                    auth(Map.of("mgr", "allow profile osd", "mon", "allow profile osd", "osd", "allow *")));
        }
        Files.createFile(
                folder.keyring(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(folder.keyring(), keyring.print());
    }

    private EntityAuth auth(Map<String, String> caps) {
        return new EntityAuth(CryptoKey.generate(random, Instant.now()), caps);
    }

    private record Mkfs(DaemonProcess daemon, Process process) {}

    private Mkfs startMkfs(String name) throws IOException {
        DaemonProcess daemon = new DaemonProcess(folder, name, bin);
        List<String> command = List.of(
                bin.resolve(daemon.program()).toString(),
                "-i",
                daemon.id(),
                "-c",
                folder.conf().toString(),
                "--mkfs");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.output(name).toFile())
                .start();
        process.getOutputStream().close();
        return new Mkfs(daemon, process);
    }

    private static void await(Mkfs mkfs) throws InterruptedException {
        if (!mkfs.process().waitFor(MKFS_SECONDS, TimeUnit.SECONDS)) {
            mkfs.process().destroyForcibly();
            throw new VstartException(mkfs.daemon().name() + ": mkfs was not done within " + MKFS_SECONDS + " s");
        }
        if (mkfs.process().exitValue() != 0) {
            throw new VstartException(
                    mkfs.daemon().name() + ": mkfs failed: " + mkfs.daemon().lastWords());
        }
    }
}

package io.spirula.tools.dist;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Builds the folder that users run from: {@code bin/} with one script a command, {@code lib/} with the jars in a fixed order, only this platform's natives, and {@code lib/aot/} with the start-up caches. A build step, not
 * part of what it builds.
 *
 * <p>Arguments: the folder to make, the folder of shell scripts, the runtime class path.
 */
public final class Distribution {
    /** A command of {@code bin/}: its main class and how its JVM is set up. */
    private record Command(String name, String mainClass, String kind) {}

    private static final List<Command> COMMANDS = List.of(
            new Command("ceph", "io.spirula.tools.ceph.CephCommand", "short"),
            new Command("rados", "io.spirula.tools.rados.RadosCommand", "client"),
            new Command("crushtool", "io.spirula.tools.crush.CrushTool", "short"),
            new Command("osdmaptool", "io.spirula.tools.osdmaptool.OsdMapTool", "short"),
            new Command("ceph-mon", "io.spirula.tools.launch.MonCommand", "daemon"),
            new Command("ceph-objectstore-tool", "io.spirula.tools.objectstore.ObjectstoreTool", "client"),
            new Command("ceph-osd", "io.spirula.tools.launch.OsdCommand", "daemon"),
            new Command("vstart", "io.spirula.tools.vstart.Vstart", "short"));

    private final Path home;
    private final Path lib;

    private Distribution(Path home) {
        this.home = home;
        this.lib = home.resolve("lib");
    }

    public static void main(String[] args) throws Exception {
        Distribution distribution = new Distribution(Path.of(args[0]).toAbsolutePath());
        distribution.deleteOld();
        distribution.jars(args[2].split(File.pathSeparator));
        distribution.scripts(Path.of(args[1]));
        new StartupCaches(distribution.home).make();
    }

    private void deleteOld() throws IOException {
        if (!Files.exists(home)) {
            return;
        }
        Files.walkFileTree(home, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, java.io.IOException failure) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private void jars(String[] classPath) throws IOException {
        Files.createDirectories(lib.resolve("native"));
        List<String> names = new ArrayList<>();
        for (String entry : classPath) {
            Path jar = Path.of(entry);
            String name = jar.getFileName().toString();
            if (jar.endsWith("tools/target/classes")) {
                continue; // this module itself, whose jar is given first
            }
            if (!name.endsWith(".jar")) {
                throw new IOException(
                        entry + " is not a jar: build the distribution with 'mvn -DskipTests package' from the root");
            }
            if (name.startsWith("rocksdbjni-")) {
                withoutNatives(jar, lib.resolve(name));
            } else if (name.contains("native-epoll-") && !name.contains(nettyPlatform())) {
                continue;
            } else {
                Files.copy(jar, lib.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
            }
            names.add(name);
        }
        Files.writeString(lib.resolve("classpath"), String.join(":", names) + "\n");
        Files.writeString(lib.resolve("jdk"), System.getProperty("java.home") + "\n");
    }

    /** Copies a jar but for its shared libraries, of which this platform's goes to {@code lib/native}. */
    private void withoutNatives(Path jar, Path target) throws IOException {
        String wanted = rocksLibrary();
        Set<String> found = new TreeSet<>();
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(jar));
                OutputStream file = Files.newOutputStream(target);
                ZipOutputStream out = new ZipOutputStream(file)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String name = entry.getName();
                if (name.equals(wanted)) {
                    found.add(name);
                    copyNative(in, lib.resolve("native").resolve(wanted));
                } else if (!name.matches(".*\\.(so|jnilib|dll)")) {
                    ZipEntry copy = new ZipEntry(name);
                    copy.setTime(entry.getTime());
                    out.putNextEntry(copy);
                    in.transferTo(out);
                    out.closeEntry();
                }
            }
        }
        if (found.isEmpty()) {
            throw new IOException(jar + " has no " + wanted + " for this platform");
        }
    }

    private static void copyNative(InputStream in, Path target) throws IOException {
        try (OutputStream out = Files.newOutputStream(target)) {
            in.transferTo(out);
        }
    }

    private static String architecture() {
        return System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    }

    private static String rocksLibrary() {
        return architecture().equals("aarch64") ? "librocksdbjni-linux-aarch64.so" : "librocksdbjni-linux64.so";
    }

    private static String nettyPlatform() {
        return architecture().equals("aarch64") ? "linux-aarch_64" : "linux-x86_64";
    }

    /** Where shells look for what completes a command's words. */
    private void completion(Path sources, String script, String place) throws IOException {
        Path target = home.resolve(place);
        Files.createDirectories(target.resolveSibling("."));
        Files.copy(sources.resolve(script), target, StandardCopyOption.COPY_ATTRIBUTES);
    }

    private void scripts(Path sources) throws IOException {
        for (String script : List.of("launch.sh", "container.sh")) {
            Files.copy(sources.resolve(script), lib.resolve(script), StandardCopyOption.COPY_ATTRIBUTES);
        }
        completion(sources.resolve("completion"), "ceph.bash", "share/bash-completion/completions/ceph");
        completion(sources.resolve("completion"), "_ceph", "share/zsh/site-functions/_ceph");
        Path bin = Files.createDirectories(home.resolve("bin"));
        for (Command command : COMMANDS) {
            Path script = bin.resolve(command.name());
            Files.writeString(script, """
                #!/bin/sh
                home=$(dirname "$(dirname "$(readlink -f "$0")")")
                set -- %s %s %s "$@"
                . "$home/lib/launch.sh"
                """.formatted(command.mainClass(), command.name(), command.kind()));
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }
}

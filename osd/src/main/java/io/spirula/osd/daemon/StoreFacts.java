package io.spirula.osd.daemon;

import io.spirula.common.admin.CephRelease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What {@code ceph osd metadata} says of the folder that an OSD lives in: where it is, on what device, and since when. Ceph: BlueStore::collect_metadata, and the files that it keeps beside its block device. */
final class StoreFacts {
    private static final List<String> WRITTEN = List.of("created_at", "ceph_version_when_created");
    /** Of /proc/self/mountinfo: the device's numbers and where it is mounted. */
    private static final Pattern MOUNT = Pattern.compile("\\d+ \\d+ (\\d+:\\d+) \\S+ (\\S+) .*");

    private StoreFacts() {}

    /** Into a new OSD's folder. */
    static void write(Path folder, Instant now) throws IOException {
        Files.writeString(folder.resolve("created_at"), now.truncatedTo(ChronoUnit.MICROS) + "\n");
        Files.writeString(folder.resolve("ceph_version_when_created"), CephRelease.LONG + "\n");
    }

    static SortedMap<String, String> read(Path folder) {
        SortedMap<String, String> facts = new TreeMap<>();
        facts.put("osd_data", folder.toString());
        facts.put("osdspec_affinity", "");
        facts.put("devices", device(folder));
        facts.put("device_ids", "");
        facts.put("device_paths", "");
        for (String name : WRITTEN) {
            try {
                facts.put(name, Files.readString(folder.resolve(name)).strip());
            } catch (IOException e) {
                // Of an OSD that was made before this was written down, or that keeps nothing.
            }
        }
        return facts;
    }

    /** The name of the block device that the folder's file system is on, as the kernel calls it; empty where there is none or it can't be told. */
    private static String device(Path folder) {
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
            Path real = folder.toRealPath();
            String mount = "";
            String numbers = "";
            for (Matcher m : mounts.map(MOUNT::matcher).filter(Matcher::matches).toList()) {
                if (real.startsWith(m.group(2)) && m.group(2).length() >= mount.length()) {
                    mount = m.group(2);
                    numbers = m.group(1);
                }
            }
            Path device = Path.of("/sys/dev/block", numbers);
            return numbers.isEmpty() || !Files.exists(device)
                    ? ""
                    : String.valueOf(device.toRealPath().getFileName());
        } catch (IOException | java.io.UncheckedIOException e) {
            return "";
        }
    }
}

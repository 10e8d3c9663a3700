package io.spirula.common.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a daemon says of the host that it runs on. Ceph: collect_sys_info. */
public final class HostFacts {
    private HostFacts() {}

    public static SortedMap<String, String> collect() {
        SortedMap<String, String> facts = new TreeMap<>();
        String arch = System.getProperty("os.arch", "");
        facts.put("arch", arch.equals("amd64") ? "x86_64" : arch);
        facts.put("cpu", value("/proc/cpuinfo", "model name\\s*:\\s*(.*)"));
        facts.put("distro", value("/etc/os-release", "ID=\"?([^\"]*)\"?"));
        facts.put("distro_description", value("/etc/os-release", "PRETTY_NAME=\"?([^\"]*)\"?"));
        facts.put("distro_version", value("/etc/os-release", "VERSION_ID=\"?([^\"]*)\"?"));
        facts.put("hostname", shortName());
        facts.put("kernel_description", value("/proc/version", ".*?(#.*)"));
        facts.put("kernel_version", System.getProperty("os.version", ""));
        facts.put("mem_swap_kb", value("/proc/meminfo", "SwapTotal:\\s*(\\d+).*"));
        facts.put("mem_total_kb", value("/proc/meminfo", "MemTotal:\\s*(\\d+).*"));
        facts.put("os", System.getProperty("os.name", ""));
        return facts;
    }

    /** The host's name up to its first dot. */
    public static String shortName() {
        String name = value("/proc/sys/kernel/hostname", "([^.]*).*");
        return name.isEmpty() ? "localhost" : name;
    }

    /** The load average of the last minute by processors; 0 where it is not known. */
    public static double loadPerProcessor() {
        String load = value("/proc/loadavg", "([0-9.]+) .*");
        return load.isEmpty()
                ? 0
                : Double.parseDouble(load) / Runtime.getRuntime().availableProcessors();
    }

    /** What the first line of a file that matches has in its group; empty if there is none. */
    private static String value(String file, String pattern) {
        Pattern line = Pattern.compile(pattern);
        try (var lines = Files.lines(Path.of(file))) {
            return lines.map(line::matcher)
                    .filter(Matcher::matches)
                    .map(matched -> matched.group(1))
                    .findFirst()
                    .orElse("");
        } catch (IOException | UncheckedIOException e) {
            return "";
        }
    }
}

package io.spirula.mon.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What somebody may do with the monitors. Today's coarse form knows {@code allow *}, {@code allow rwx}, {@code allow SERVICE rwx}, {@code allow command "…"} and the profiles. Ceph: MonCap.
 */
public final class MonCaps {
    public static final MonCaps NOTHING = new MonCaps(List.of());
    public static final MonCaps ALL = new MonCaps(List.of(new Grant("", "", "rwx*")));

    private static final Set<String> CLIENT_PROFILES = Set.of(
            "rbd",
            "rbd-read-only",
            "rbd-mirror",
            "rbd-mirror-peer",
            "simple-rados-client",
            "read-only",
            "crash",
            "fs-client",
            "cephfs-mirror");

    /** A service (empty: any) or a command with what may be done with it. */
    private record Grant(String service, String command, String permissions) {}

    private final List<Grant> grants;

    private MonCaps(List<Grant> grants) {
        this.grants = grants;
    }

    /** What is not understood grants nothing. */
    public static MonCaps parse(String text) {
        List<Grant> grants = new ArrayList<>();
        for (String clause : text.split("[,;]")) {
            String[] words = clause.strip().split("\\s+");
            int at = words.length > 0 && words[0].equals("allow") ? 1 : 0;
            if (at >= words.length) {
                continue;
            }
            if (words[at].equals("profile") && at + 1 < words.length) {
                addProfile(unquoted(words[at + 1]), grants);
            } else if (at == 1 && words[at].equals("command")) {
                String command = clause.substring(clause.indexOf("command") + 7)
                        .split(" with ")[0]
                        .strip();
                grants.add(new Grant("", unquoted(command), "rwx"));
            } else if (at == 1 && words[at].equals("service") && at + 2 < words.length) {
                grants.add(new Grant(unquoted(words[at + 1]), "", words[at + 2]));
            } else if (at == 1 && words.length == at + 2) {
                grants.add(new Grant(words[at], "", words[at + 1]));
            } else if (at == 1) {
                grants.add(new Grant("", "", permissions(words[at])));
            }
        }
        return new MonCaps(List.copyOf(grants));
    }

    private static String permissions(String word) {
        return word.equals("*") || word.equals("all") ? "rwx*" : word.toLowerCase(Locale.ROOT);
    }

    private static String unquoted(String word) {
        return word.replaceAll("^[=\"']+|[\"']+$", "");
    }

    private static void addProfile(String profile, List<Grant> grants) {
        switch (profile) {
            case "mon" -> grants.add(new Grant("", "", "rwx*"));
            case "osd" -> {
                for (String service : List.of("osd", "pg", "log", "mgr")) {
                    grants.add(new Grant(service, "", "rwx"));
                }
                grants.add(new Grant("mon", "", "r"));
                grants.add(new Grant("auth", "", "r"));
                grants.add(new Grant("config", "", "r"));
            }
            case "mgr" -> {
                for (String service :
                        List.of("osd", "pg", "log", "mgr", "mon", "mds", "fs", "config-key", "config", "auth")) {
                    grants.add(new Grant(service, "", "rwx"));
                }
            }
            case "mds" -> {
                grants.add(new Grant("mds", "", "rwx"));
                grants.add(new Grant("log", "", "rw"));
                grants.add(new Grant("mon", "", "r"));
                grants.add(new Grant("osd", "", "rw"));
            }
            case "bootstrap-osd" -> {
                grants.add(new Grant("mon", "", "r"));
                grants.add(new Grant("osd", "", "r"));
                grants.add(new Grant("", "osd new", "rwx"));
                grants.add(new Grant("", "osd create", "rwx"));
                grants.add(new Grant("", "mon getmap", "rwx"));
            }
            default -> {
                if (CLIENT_PROFILES.contains(profile)) {
                    for (String service : List.of("mon", "osd", "pg", "mgr")) {
                        grants.add(new Grant(service, "", "r"));
                    }
                    if (profile.startsWith("rbd")) {
                        grants.add(new Grant("", "osd blocklist", "rwx"));
                        grants.add(new Grant("", "osd blacklist", "rwx"));
                    }
                }
            }
        }
    }

    public boolean isEmpty() {
        return grants.isEmpty();
    }

    public boolean allowsAll() {
        return grants.stream().anyMatch(g -> g.service.isEmpty() && g.command.isEmpty() && g.permissions.contains("*"));
    }

    /** Whether every letter of {@code permissions} is granted for a service, or the very command is. */
    public boolean allows(String service, String command, String permissions) {
        StringBuilder granted = new StringBuilder();
        for (Grant g : grants) {
            boolean byCommand = !g.command.isEmpty() && g.command.equals(command);
            boolean byService = g.command.isEmpty() && (g.service.isEmpty() || g.service.equals(service));
            if (byCommand || byService) {
                granted.append(g.permissions.contains("*") ? "rwx" : g.permissions);
            }
        }
        String all = granted.toString();
        return !all.isEmpty() && permissions.chars().allMatch(c -> all.indexOf(c) >= 0);
    }

    public boolean allows(String service, String permissions) {
        return allows(service, "", permissions);
    }
}

package io.spirula.common.auth.caps;

import static io.spirula.common.auth.caps.MonGrant.command;
import static io.spirula.common.auth.caps.MonGrant.service;

import io.spirula.common.types.EntityName;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The profiles at monitors, with what they grant. An unknown one grants nothing. Source: MonCapGrant::expand_profile of 16.2. */
final class MonProfiles {
    /** An address with its nonce: one client instance, never a whole host or range. */
    private static final ArgumentRule ONE_INSTANCE = new ArgumentRule.Regex("^[^/]+/[0-9]+$");

    /** What a key for block devices may have at OSDs. */
    private static final ArgumentRule RBD_CAPS = new ArgumentRule.Regex(
            "^([ ,]*profile(=|[ ]+)['\"]?rbd[^ ,'\"]*['\"]?" + "([ ]+pool(=|[ ]+)['\"]?[^,'\"]+['\"]?)?)+$");

    private MonProfiles() {}

    static List<MonGrant> grants(String profile, EntityName holder) {
        List<MonGrant> grants = new ArrayList<>();
        switch (profile) {
            case "read-only" -> grants.add(MonGrant.everything("r"));
            case "read-write" -> grants.add(MonGrant.everything("rw"));
            case "mon", "osd", "mds", "mgr" -> {
                daemon(profile, grants);
                ownKeys(holder, grants);
            }
            case "bootstrap-osd",
                    "bootstrap-mds",
                    "bootstrap-mgr",
                    "bootstrap-rgw",
                    "bootstrap-rbd",
                    "bootstrap-rbd-mirror" -> bootstrap(profile, grants);
            case "fs-client", "simple-rados-client", "simple-rados-client-with-blocklist", "cephfs-mirror" ->
                client(profile, grants);
            case "crash" -> grants.add(service("mon", "r"));
            case "role-definer" -> {
                grants.add(service("mon", "r"));
                grants.add(service("auth", "rwx"));
            }
            default -> {
                if (profile.startsWith("rbd")) {
                    blockDevices(profile, grants);
                }
            }
        }
        return grants;
    }

    private static void daemon(String profile, List<MonGrant> grants) {
        switch (profile) {
            case "mon" -> services(grants, "mon rwx", "log rwx");
            case "osd" -> {
                services(grants, "osd rwx", "mon r", "pg rw", "log w");
                grants.add(command(
                        "config set", rules("name", new ArgumentRule.Regex("osd_mclock_max_capacity_iops_(hdd|ssd)"))));
            }
            case "mds" -> {
                services(grants, "mds rwx", "mon r", "osd r", "log w");
                grants.add(command("osd pool rmsnap"));
                grants.add(command("osd blocklist"));
                grants.add(command("osd blacklist"));
            }
            default -> {
                services(
                        grants,
                        "mgr rwx",
                        "log rw",
                        "mon rw",
                        "mds rw",
                        "fs rw",
                        "osd rw",
                        "auth rwx",
                        "config-key rw",
                        "config rw");
                grants.add(command("auth get-or-create"));
                grants.add(command("auth caps"));
                grants.add(command("auth rm"));
                grants.add(command("smart"));
            }
        }
    }

    /** Every daemon has a corner of its own among the configuration keys. */
    private static void ownKeys(EntityName holder, List<MonGrant> grants) {
        SortedMap<String, ArgumentRule> own = rules("key", new ArgumentRule.Prefix("daemon-private/" + holder + "/"));
        for (String verb : List.of("get", "put", "set", "exists", "delete")) {
            grants.add(command("config-key " + verb, own));
        }
    }

    private static void bootstrap(String profile, List<MonGrant> grants) {
        services(grants, "mon r");
        boolean isRbd = profile.startsWith("bootstrap-rbd");
        if (!isRbd) {
            services(grants, "osd r");
            grants.add(command("mon getmap"));
        }
        switch (profile) {
            case "bootstrap-osd" -> {
                grants.add(command("osd new"));
                grants.add(command("osd purge-new"));
            }
            case "bootstrap-mds" ->
                grants.add(newKey("mds.", "allow profile mds", "caps_osd", "allow rwx", "caps_mds", "allow"));
            case "bootstrap-mgr" -> grants.add(newKey("mgr.", "allow profile mgr"));
            case "bootstrap-rgw" -> grants.add(newKey("client.rgw.", "allow rw", "caps_osd", "allow rwx"));
            default -> {
                SortedMap<String, ArgumentRule> rules = rules("entity", new ArgumentRule.Prefix("client."));
                String mon = profile.equals("bootstrap-rbd") ? "profile rbd" : "profile rbd-mirror";
                rules.put("caps_mon", new ArgumentRule.Equal(mon));
                rules.put("caps_osd", RBD_CAPS);
                grants.add(command("auth get-or-create", rules));
            }
        }
    }

    private static MonGrant newKey(String namesBeginWith, String mon, String... others) {
        SortedMap<String, ArgumentRule> rules = rules("entity", new ArgumentRule.Prefix(namesBeginWith));
        rules.put("caps_mon", new ArgumentRule.Equal(mon));
        for (int i = 0; i < others.length; i += 2) {
            rules.put(others[i], new ArgumentRule.Equal(others[i + 1]));
        }
        return command("auth get-or-create", rules);
    }

    private static void client(String profile, List<MonGrant> grants) {
        services(grants, "mon r", "osd r", "pg r");
        switch (profile) {
            case "fs-client" -> services(grants, "mds r");
            case "cephfs-mirror" -> {
                services(grants, "mds r");
                grants.add(command("config-key get", rules("key", new ArgumentRule.Prefix("cephfs/mirror/peer/"))));
            }
            case "simple-rados-client-with-blocklist" -> grants.add(blocklisting("blocklist"));
            default -> {}
        }
    }

    private static void blockDevices(String profile, List<MonGrant> grants) {
        services(grants, "mon r", "osd r", "pg r");
        grants.add(blocklisting("blocklist"));
        grants.add(blocklisting("blacklist"));
        if (profile.equals("rbd-mirror")) {
            grants.add(command("config-key get", rules("key", new ArgumentRule.Prefix("rbd/mirror/"))));
        } else if (profile.equals("rbd-mirror-peer")) {
            grants.add(command("config-key get", rules("key", new ArgumentRule.Regex("rbd/mirror/[^/]+"))));
            grants.add(command("config-key set", rules("key", new ArgumentRule.Prefix("rbd/mirror/peer/"))));
        }
    }

    /** A dead client whose lock is to be broken is shut out first. */
    private static MonGrant blocklisting(String spelling) {
        SortedMap<String, ArgumentRule> rules = rules(spelling + "op", new ArgumentRule.Equal("add"));
        rules.put("addr", ONE_INSTANCE);
        return command("osd " + spelling, rules);
    }

    private static SortedMap<String, ArgumentRule> rules(String argument, ArgumentRule rule) {
        SortedMap<String, ArgumentRule> rules = new TreeMap<>();
        rules.put(argument, rule);
        return rules;
    }

    private static void services(List<MonGrant> grants, String... each) {
        for (String one : each) {
            int space = one.indexOf(' ');
            grants.add(service(one.substring(0, space), one.substring(space + 1)));
        }
    }
}

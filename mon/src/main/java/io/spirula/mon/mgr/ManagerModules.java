package io.spirula.mon.mgr;

import java.util.Map;
import java.util.TreeMap;

/** Which of Ceph's manager modules a command belongs to: capabilities name modules. What is not here is the manager's own. */
final class ManagerModules {
    /** By the words that the module's commands begin with. */
    private static final TreeMap<String, String> BY_WORDS = new TreeMap<>(Map.ofEntries(
            Map.entry("alerts", "alerts"),
            Map.entry("balancer", "balancer"),
            Map.entry("crash", "crash"),
            Map.entry("dashboard", "dashboard"),
            Map.entry("device check-health", "devicehealth"),
            Map.entry("device get-health-metrics", "devicehealth"),
            Map.entry("device monitoring", "devicehealth"),
            Map.entry("device predict-life-expectancy", "devicehealth"),
            Map.entry("device query-daemon-health-metrics", "devicehealth"),
            Map.entry("device scrape-daemon-health-metrics", "devicehealth"),
            Map.entry("device scrape-health-metrics", "devicehealth"),
            Map.entry("fs clone", "volumes"),
            Map.entry("fs snap-schedule", "snap_schedule"),
            Map.entry("fs snapshot mirror", "mirroring"),
            Map.entry("fs status", "status"),
            Map.entry("fs subvolume", "volumes"),
            Map.entry("fs subvolumegroup", "volumes"),
            Map.entry("fs volume", "volumes"),
            Map.entry("influx", "influx"),
            Map.entry("insights", "insights"),
            Map.entry("iostat", "iostat"),
            Map.entry("mgr self-test", "selftest"),
            Map.entry("nfs", "nfs"),
            Map.entry("orch", "orchestrator"),
            Map.entry("osd perf counters", "osd_perf_query"),
            Map.entry("osd perf query", "osd_perf_query"),
            Map.entry("osd pool autoscale-status", "pg_autoscaler"),
            Map.entry("osd pool set noautoscale", "pg_autoscaler"),
            Map.entry("osd pool unset noautoscale", "pg_autoscaler"),
            Map.entry("osd status", "status"),
            Map.entry("progress", "progress"),
            Map.entry("prometheus", "prometheus"),
            Map.entry("rbd", "rbd_support"),
            Map.entry("restful", "restful"),
            Map.entry("telegraf", "telegraf"),
            Map.entry("telemetry", "telemetry"),
            Map.entry("zabbix", "zabbix")));

    private ManagerModules() {}

    /** Empty for the manager's own commands. */
    static String moduleOf(String command) {
        Map.Entry<String, String> before = BY_WORDS.floorEntry(command);
        boolean begins = before != null && (command + " ").startsWith(before.getKey() + " ");
        return before != null && begins ? before.getValue() : "";
    }
}

package io.spirula.mon.daemon;

import io.spirula.common.config.Config;
import io.spirula.common.maps.HealthCheck;
import io.spirula.common.maps.MonMap;
import io.spirula.mon.Services;
import io.spirula.mon.mgr.DaemonConfigs;
import io.spirula.mon.quorum.QuorumStatus;
import io.spirula.mon.quorum.TimeCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What is wrong with the monitors themselves, as their leader sees it. Ceph: HealthMonitor::check_leader_health. */
record QuorumHealth(String name, Services services, DaemonConfigs configs, Config config) {
    void check(Consumer<HealthCheck> checks) {
        down(checks);
        skew(checks);
        downOut(checks);
        reclaim(checks);
    }

    /** Of monitors that let clients keep their global ids without proof, as those from before pacific do (CVE-2021-20288). Ceph: HealthMonitor::check_member_health. */
    private void reclaim(Consumer<HealthCheck> checks) {
        List<String> who = services.quorum().get().quorum().stream()
                .map(services.monmap().map().ranks()::get)
                .filter(this::allowsInsecureReclaim)
                .toList();
        if (!who.isEmpty() && config.bool("mon_warn_on_insecure_global_id_reclaim_allowed", true)) {
            checks.accept(new HealthCheck(
                    "AUTH_INSECURE_GLOBAL_ID_RECLAIM_ALLOWED",
                    HealthCheck.WARN,
                    (who.size() == 1 ? "mon is" : "mons are") + " allowing insecure global_id reclaim",
                    who.size(),
                    who.stream()
                            .map(n -> "mon." + n + " has auth_allow_insecure_global_id_reclaim set to true")
                            .toList()));
        }
    }

    private boolean allowsInsecureReclaim(String monitor) {
        String option = "auth_allow_insecure_global_id_reclaim";
        if (monitor.equals(name)) {
            return config.bool(option, true);
        }
        DaemonConfigs.State reported = configs.of("mon." + monitor);
        // What is nowhere set is not reported, and allowed.
        return reported != null
                && (!reported.values().containsKey(option)
                        || reported.values().get(option).lastEntry().getValue().equals("true"));
    }

    /** Nothing is ever marked out here. Each of Ceph's monitors says so for itself; here the leader does. */
    private void downOut(Consumer<HealthCheck> checks) {
        if (config.integer("mon_osd_down_out_interval", 600) == 0
                && config.bool("mon_warn_on_osd_down_out_interval_zero", true)) {
            String what = " has mon_osd_down_out_interval set to 0";
            checks.accept(new HealthCheck(
                    "OSD_NO_DOWN_OUT_INTERVAL",
                    HealthCheck.WARN,
                    "mon " + name + what,
                    1,
                    List.of("mon." + name + what)));
        }
    }

    private void down(Consumer<HealthCheck> checks) {
        MonMap map = services.monmap().map();
        QuorumStatus status = services.quorum().get();
        List<String> detail = new ArrayList<>();
        List<String> in = new ArrayList<>();
        for (int rank = 0; rank < map.size(); rank++) {
            if (status.quorum().contains(rank)) {
                in.add(map.ranks().get(rank));
            } else {
                detail.add("mon." + map.ranks().get(rank) + " (rank " + rank + ") addr "
                        + map.monitor(rank).addrs() + " is down (out of quorum)");
            }
        }
        if (!detail.isEmpty() && !in.isEmpty()) {
            String summary = detail.size() + "/" + map.size() + " mons down, quorum " + String.join(",", in);
            checks.accept(new HealthCheck("MON_DOWN", HealthCheck.WARN, summary, detail.size(), detail));
        }
    }

    private void skew(Consumer<HealthCheck> checks) {
        MonMap map = services.monmap().map();
        TimeCheck.Status status = services.clocks().get();
        List<String> names = new ArrayList<>();
        List<String> detail = new ArrayList<>();
        status.skews().forEach((rank, skew) -> {
            if (Math.abs(skew) > status.allowedSeconds() && rank < map.size()) {
                String name = "mon." + map.ranks().get(rank);
                names.add(name);
                double latency = status.latencies().getOrDefault(rank, 0.0);
                detail.add(name + " clock skew " + TimeCheck.text(skew) + "s > max "
                        + TimeCheck.text(status.allowedSeconds()) + "s (latency " + TimeCheck.text(latency) + "s)");
            }
        });
        if (!names.isEmpty()) {
            String summary = "clock skew detected on " + String.join(", ", names);
            checks.accept(new HealthCheck("MON_CLOCK_SKEW", HealthCheck.WARN, summary, names.size(), detail));
        }
    }
}

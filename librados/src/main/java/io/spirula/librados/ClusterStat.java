package io.spirula.librados;

/** How full the cluster is; sizes in KiB. */
public record ClusterStat(long totalKib, long usedKib, long availableKib, long objects) {}

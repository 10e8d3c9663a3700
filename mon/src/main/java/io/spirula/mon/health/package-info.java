/**
 * What is wrong with a cluster, as far as statistics and daemons' own words tell it: pure functions of map, statistics, configuration and time, one class a subject. What the map alone tells is {@code OsdMapHealth}'s.
 * Sources of texts and rules: PGMap::get_health_checks (mon/PGMap.cc), mgr/DaemonHealthMetricCollector.cc.
 */
package io.spirula.mon.health;

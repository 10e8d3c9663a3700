/**
 * How placement groups spread over OSDs and what would spread them better; how many groups pools should have. Pure functions of map and statistics. Sources of their rules: OSDMap::calc_pg_upmaps (osd/OSDMap.cc), the manager's
 * modules balancer and pg_autoscaler.
 */
package io.spirula.mon.balancer;

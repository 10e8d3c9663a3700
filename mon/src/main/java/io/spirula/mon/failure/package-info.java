/**
 * Which OSDs the monitors take for down, and which of those for out: decisions as pure functions of the map, the reports and the time. Sources of their rules: OSDMonitor's check_failure, get_grace_time, can_mark_down and
 * so on, tick. Knows nothing of messages, sessions and proposals.
 */
package io.spirula.mon.failure;

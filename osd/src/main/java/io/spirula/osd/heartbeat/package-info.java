/** Which other OSDs an OSD watches, what it knows of their answers, and when it tells the monitors. Pure: no message is sent and no clock read here. Source: OSD::heartbeat, heartbeat_check, handle_osd_ping, maybe_update_heartbeat_peers. */
package io.spirula.osd.heartbeat;

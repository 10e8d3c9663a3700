/**
 * The OSD as a daemon: the one place where its parts are wired, and what it does beside serving placement groups: booting, following maps, heartbeats, reports, commands. {@link io.spirula.osd.daemon.OsdDaemon} has no thread of its
 * own, so that the simulator and in-process clusters run it as it is; {@link io.spirula.osd.daemon.OsdMain} is the program. Source of the semantics: Ceph's osd/OSD.cc.
 */
package io.spirula.osd.daemon;

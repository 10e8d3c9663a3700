/**
 * The messenger: its interfaces, which every daemon and client is written against, and the msgr2.1 protocol as state machines without I/O. Drivers live elsewhere: {@code msgr.netty} for real
 * networks, the simulator's for simulated ones. Source: Ceph's dev/msgr2.
 */
package io.spirula.common.msgr;

/**
 * What every daemon lets its administrator ask and change while it runs: the socket in the file system, and the commands about configuration, counters and log that all daemons have. Source: common/admin_socket.cc,
 * common/ceph_context.cc.
 */
package io.spirula.common.admin;

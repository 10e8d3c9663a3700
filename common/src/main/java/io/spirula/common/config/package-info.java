/**
 * Configuration as Ceph reads it: ceph.conf files, the options of every command line, the environment, and the cluster's addresses and keys that follow from them.
 * Source: Ceph's rados/configuration/ceph-conf and common/ConfUtils.cc.
 */
package io.spirula.common.config;

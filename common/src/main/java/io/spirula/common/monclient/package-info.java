/**
 * A client's and a daemon's side of the monitors: finding one, keeping a session with it, subscriptions, commands, versions and the renewal of tickets. Pure: driven by a reactor, a messenger and
 * a dispatcher that hands on what concerns it. Imports env, types, maps, message, msgr and auth. Source: Ceph's mon/MonClient.cc, dev/mon-bootstrap.
 */
package io.spirula.common.monclient;

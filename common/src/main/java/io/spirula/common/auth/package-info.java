/** Authentication: auth none and cephx, as client, as service and as the monitors' key server. Source: Ceph's dev/cephx_protocol and auth/. */
package io.spirula.common.auth;

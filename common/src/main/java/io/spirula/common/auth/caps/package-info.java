/**
 * Capabilities: what a key's holder may do at monitors, OSDs, managers and metadata servers. One grammar each over shared pieces, the profiles with what they grant, and the decision. Owns no key and no session: texts come
 * in, answers go out. Source: Ceph's mon/MonCap, osd/OSDCap, mgr/MgrCap, mds/MDSAuthCaps.
 */
package io.spirula.common.auth.caps;

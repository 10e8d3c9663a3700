package io.spirula.common.monclient;

/** Which versions of one of their maps the monitors have. Ceph: MMonGetVersionReply. */
public record MapVersions(long newest, long oldest) {}

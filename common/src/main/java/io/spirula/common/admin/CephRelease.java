package io.spirula.common.admin;

/** The release of Ceph that daemons speak for: peers and tools decide by it what they may ask. */
public final class CephRelease {
    public static final String VERSION = "16.2.15";
    public static final String COMMIT = "618f440892089921c3e944a991122ddc44e60516";
    public static final String NAME = "pacific";
    public static final String LONG = "ceph version " + VERSION + " (" + COMMIT + ") " + NAME + " (stable)";

    private CephRelease() {}
}

package io.spirula.mon.service;

/** The release that this monitor stands in for, as stock daemons of it name themselves. */
public final class Version {
    public static final String SHORT = "16.2.15";
    public static final String COMMIT = "618f440892089921c3e944a991122ddc44e60516";
    public static final String LONG = "ceph version " + SHORT + " (" + COMMIT + ") pacific (stable)";

    private Version() {}
}

package io.spirula.osd.daemon;

/** What this OSD says it is: the Ceph release whose protocol it speaks. */
final class OsdVersion {
    static final String SHORT = "16.2.15";
    static final String LONG = "ceph version 16.2.15 (618f440892089921c3e944a991122ddc44e60516) pacific (stable)";
    static final String RELEASE = "pacific";

    private OsdVersion() {}
}

package io.spirula.common.auth.caps;

/** The capabilities of all services by the names that keys have them under. */
public final class Caps {
    private Caps() {}

    /** Throws CapsSyntaxException, with Ceph's words, for what is no capability at a service, or no service. */
    public static void check(String service, String text) {
        switch (service) {
            case "mon" -> MonCaps.check(text);
            case "osd" -> OsdCaps.check(text);
            case "mgr" -> MgrCaps.check(text);
            case "mds" -> MdsCaps.check(text);
            default -> throw new CapsSyntaxException("unknown cap type '" + service + "'");
        }
    }
}

package io.spirula.common.msgr;

/** Ports of which a messenger takes the first that is free, so that firewalls know them. */
public record PortRange(int first, int last) {
    /** Whatever the host has free. */
    public static final PortRange FREE = new PortRange(0, 0);
}

package io.spirula.crush;

/** The refusal of bytes that are not an encoded CRUSH map. */
public final class MalformedCrushMap extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedCrushMap(String message) {
        super(message);
    }
}

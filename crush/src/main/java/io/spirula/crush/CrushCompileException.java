package io.spirula.crush;

/** The refusal of a map's text form. The message is what {@code crushtool -c} prints, possibly nothing. */
public final class CrushCompileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CrushCompileException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return java.util.Objects.requireNonNullElse(super.getMessage(), "");
    }
}

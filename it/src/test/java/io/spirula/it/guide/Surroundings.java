package io.spirula.it.guide;

import io.spirula.librados.IoCtx;
import io.spirula.librados.Rados;
import org.jspecify.annotations.Nullable;

/** What an example of the documentation takes for granted. */
public class Surroundings {
    public static @Nullable Rados rados;
    public static @Nullable IoCtx io;
    public static @Nullable String key;
    public static int count;

    protected Surroundings() {}
}

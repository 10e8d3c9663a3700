package io.spirula.osd.cls;

import io.spirula.common.encoding.Bytes;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The object classes this OSD has, by class and method name. */
public final class ObjectClasses {
    /** No class at all. */
    public static final ObjectClasses NONE = new ObjectClasses(Map.of());

    private final Map<String, ClassMethod> methods;

    private ObjectClasses(Map<String, ClassMethod> methods) {
        this.methods = methods;
    }

    /** The method, or null where there is no such class or method. */
    public @Nullable ClassMethod find(Bytes className, Bytes method) {
        return methods.isEmpty() ? null : methods.get(className.utf8() + "." + method.utf8());
    }

    /** Collects classes. */
    public static final class Builder {
        private final Map<String, ClassMethod> methods = new HashMap<>();

        public Builder add(String className, String name, ClassMethod method) {
            if (methods.put(className + "." + name, method) != null) {
                throw new IllegalStateException("two methods " + className + "." + name);
            }
            return this;
        }

        public ObjectClasses build() {
            return new ObjectClasses(Map.copyOf(methods));
        }
    }
}

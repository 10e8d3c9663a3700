package io.spirula.osd.cls;

import io.spirula.common.encoding.Bytes;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The object classes this OSD has, by class and method name. */
public final class ObjectClasses {
    /** No class at all. */
    public static final ObjectClasses NONE = new ObjectClasses(Map.of());

    /**
     * The classes whose methods the capability {@code x} permits; any other class must be granted by its name. Ceph: osd_class_default_list.
     */
    private static final Set<String> LISTED = Set.of(
            "2pc_queue",
            "cas",
            "cephfs",
            "cmpomap",
            "fifo",
            "hello",
            "journal",
            "lock",
            "log",
            "numops",
            "otp",
            "queue",
            "rbd",
            "refcount",
            "rgw",
            "rgw_gc",
            "timeindex",
            "user",
            "version");

    private final Map<String, ClassMethod> methods;

    private ObjectClasses(Map<String, ClassMethod> methods) {
        this.methods = methods;
    }

    /** Whether those who may call methods in general may call this class's. */
    public static boolean isListed(String className) {
        return LISTED.contains(className);
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

package io.spirula.it.cluster;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a JUnit test an {@link InProcessCluster}. On a class, all its tests share one; on a method, that test has its own. Tests take it, or a {@link io.spirula.librados.Rados} connected to it as {@code client.admin}, as
 * parameters.
 *
 * <pre>{@code
 * @SpirulaCluster(osds = 3)
 * class MyTest {
 *     @Test
 *     void keepsWhatWasWritten(Rados rados) { ... }
 * }
 * }</pre>
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(SpirulaExtension.class)
public @interface SpirulaCluster {
    int osds() default 3;

    /** {@code cephx} or {@code none}. */
    String auth() default "cephx";

    /** Options of Ceph's configuration, each as {@code name = value}. */
    String[] options() default {};
}

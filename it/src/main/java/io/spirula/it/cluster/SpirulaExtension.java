package io.spirula.it.cluster;

import io.spirula.librados.Rados;
import java.lang.reflect.AnnotatedElement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** What {@link SpirulaCluster} brings in: starts a cluster when the first test asks for it, and stops it when the annotated class or method is over. */
public final class SpirulaExtension implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(SpirulaExtension.class);

    /** A running cluster and its tests' client. JUnit closes it with the context that it belongs to. */
    private record Running(InProcessCluster cluster, Rados client) implements AutoCloseable {
        @Override
        public void close() {
            client.close();
            cluster.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == InProcessCluster.class || type == Rados.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ExtensionContext owner = owner(context);
        SpirulaCluster wanted = owner == null ? null : annotation(owner).orElse(null);
        if (owner == null || wanted == null) {
            throw new ParameterResolutionException("neither the test nor its class has @SpirulaCluster");
        }
        // Asked of the owner's own store, so that a method's cluster ends with the method and a class's with the class.
        Running running =
                owner.getStore(NAMESPACE).getOrComputeIfAbsent(owner.getUniqueId(), id -> start(wanted), Running.class);
        return parameter.getParameter().getType() == Rados.class ? running.client() : running.cluster();
    }

    private static @Nullable ExtensionContext owner(ExtensionContext context) {
        ExtensionContext at = context;
        while (at != null && annotation(at).isEmpty()) {
            at = at.getParent().orElse(null);
        }
        return at;
    }

    private static Optional<SpirulaCluster> annotation(ExtensionContext context) {
        AnnotatedElement element = context.getElement().orElse(null);
        return AnnotationSupport.findAnnotation(element, SpirulaCluster.class);
    }

    private static Running start(SpirulaCluster wanted) {
        InProcessCluster.Builder builder =
                InProcessCluster.builder().osds(wanted.osds()).auth(wanted.auth());
        for (String option : wanted.options()) {
            int equals = option.indexOf('=');
            if (equals < 0) {
                throw new ParameterResolutionException("not 'name = value': " + option);
            }
            builder.option(
                    option.substring(0, equals).strip(),
                    option.substring(equals + 1).strip());
        }
        InProcessCluster cluster = builder.start();
        try {
            return new Running(cluster, cluster.connect());
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }
}

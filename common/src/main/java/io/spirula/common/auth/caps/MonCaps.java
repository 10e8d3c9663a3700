package io.spirula.common.auth.caps;

import io.spirula.common.types.EntityName;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What one holder, at one address, may do with the monitors. Ceph: MonCap. */
public final class MonCaps {
    public static final MonCaps NOTHING = new MonCaps("", List.of());
    public static final MonCaps ALL = of("allow *", EntityName.client("admin"), null);

    private final String text;
    /** Profiles are replaced by what they grant, and grants for other networks are gone. */
    private final List<MonGrant> grants;

    private MonCaps(String text, List<MonGrant> grants) {
        this.text = text;
        this.grants = grants;
    }

    /** Throws CapsSyntaxException, with Ceph's words, for a text that is no capability. */
    public static void check(String text) {
        MonGrant.parseAll(text);
    }

    /** A text as Ceph prints what it has read. Throws CapsSyntaxException. */
    public static String print(String text) {
        return MonGrant.parseAll(text).stream().map(MonGrant::toString).collect(Collectors.joining(", "));
    }

    /**
     * What a text grants; a text that is no capability grants nothing.
     *
     * @param from null where it is not known: then nothing counts that is for a network
     */
    public static MonCaps of(String text, EntityName holder, @Nullable InetAddress from) {
        List<MonGrant> parsed;
        try {
            parsed = MonGrant.parseAll(text);
        } catch (CapsSyntaxException e) {
            return new MonCaps(text, List.of());
        }
        List<MonGrant> grants = new ArrayList<>();
        for (MonGrant grant : parsed) {
            if (!Network.admits(grant.network(), from)) {
                continue;
            }
            if (grant.scope() instanceof MonGrant.Scope.Profile profile) {
                grants.addAll(MonProfiles.grants(profile.name(), holder));
            } else {
                grants.add(grant);
            }
        }
        return new MonCaps(text, List.copyOf(grants));
    }

    /** As it was given. */
    public String text() {
        return text;
    }

    public boolean allowsAll() {
        return grants.stream().anyMatch(MonGrant::isEverything);
    }

    /** @param letters of {@code rwx}: all of them are needed, whichever grants give them */
    public boolean allows(String service, String letters) {
        return allows(service, "", Map.of(), letters);
    }

    /**
     * Whether a command is permitted, by its service or by itself.
     *
     * @param arguments the command's, as texts
     */
    public boolean allows(String service, String command, Map<String, String> arguments, String letters) {
        Permissions wanted = Permissions.of(letters);
        Permissions granted = Permissions.NONE;
        for (MonGrant grant : grants) {
            if (grant.isEverything()) {
                return true;
            }
            granted = granted.with(granted(grant, service, command, arguments));
            if (granted.covers(wanted)) {
                return true;
            }
        }
        return false;
    }

    private static Permissions granted(MonGrant grant, String service, String command, Map<String, String> arguments) {
        return switch (grant.scope()) {
            // Keys that are nobody's business are not among "everything", unless that is "*".
            case MonGrant.Scope.Everything e -> service.equals("config-key") ? Permissions.NONE : grant.permissions();
            case MonGrant.Scope.Service s -> s.name().equals(service) ? grant.permissions() : Permissions.NONE;
            case MonGrant.Scope.Command c ->
                c.prefix().equals(command) && ArgumentRule.accept(c.arguments(), arguments)
                        ? Permissions.ALL
                        : Permissions.NONE;
            case MonGrant.Scope.Profile p -> throw new IllegalStateException("a profile within a profile: " + p.name());
        };
    }

    @Override
    public String toString() {
        return text;
    }
}

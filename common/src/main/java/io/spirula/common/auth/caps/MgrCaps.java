package io.spirula.common.auth.caps;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What one holder, at one address, may do with the manager. Ceph: MgrCap. */
public final class MgrCaps {
    /** Profiles are replaced by what they grant, and grants for other networks are gone. */
    private final List<MgrGrant> grants;

    private MgrCaps(List<MgrGrant> grants) {
        this.grants = grants;
    }

    /** Throws CapsSyntaxException, with Ceph's words, for a text that is no capability. */
    public static void check(String text) {
        MgrGrant.parseAll(text);
    }

    /** A text as Ceph prints what it has read. Throws CapsSyntaxException. */
    public static String print(String text) {
        return MgrGrant.parseAll(text).stream().map(MgrGrant::toString).collect(Collectors.joining(", "));
    }

    /**
     * What a text grants; a text that is no capability grants nothing.
     *
     * @param from null where it is not known: then nothing counts that is for a network
     */
    public static MgrCaps of(String text, @Nullable InetAddress from) {
        try {
            return new MgrCaps(MgrGrant.parseAll(text).stream()
                    .filter(g -> Network.admits(g.network(), from))
                    .flatMap(g -> g.expanded().stream())
                    .toList());
        } catch (CapsSyntaxException e) {
            return new MgrCaps(List.of());
        }
    }

    public boolean allowsAll() {
        return grants.stream().anyMatch(MgrGrant::isEverything);
    }

    /**
     * Whether a command is permitted.
     *
     * @param module the manager module whose command it is, empty for the manager's own
     * @param arguments the command's, as texts
     * @param letters of {@code rwx}: all of them are needed, whichever grants give them
     */
    public boolean allows(
            String service, String module, String command, Map<String, String> arguments, String letters) {
        Permissions wanted = Permissions.of(letters);
        Permissions granted = Permissions.NONE;
        for (MgrGrant grant : grants) {
            if (grant.isEverything()) {
                return true;
            }
            granted = granted.with(granted(grant, service, module, command, arguments));
            if (granted.covers(wanted)) {
                return true;
            }
        }
        return false;
    }

    private static Permissions granted(
            MgrGrant grant, String service, String module, String command, Map<String, String> arguments) {
        boolean applies = switch (grant.scope()) {
            case MgrGrant.Scope.Everything e -> true;
            case MgrGrant.Scope.Service s -> s.name().equals(service);
            // A module looks at its commands' arguments by itself.
            case MgrGrant.Scope.Module m ->
                m.name().equals(module) && (!command.isEmpty() || ArgumentRule.accept(grant.arguments(), arguments));
            case MgrGrant.Scope.Command c ->
                c.prefix().equals(command) && ArgumentRule.accept(grant.arguments(), arguments);
            case MgrGrant.Scope.Profile p -> false;
        };
        if (!applies) {
            return Permissions.NONE;
        }
        return grant.scope() instanceof MgrGrant.Scope.Command ? Permissions.ANY : grant.permissions();
    }
}

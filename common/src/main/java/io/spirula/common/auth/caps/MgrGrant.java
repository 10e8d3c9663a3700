package io.spirula.common.auth.caps;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One grant at the manager. Ceph: MgrCapGrant.
 *
 * @param arguments what a command's, or a module's commands' arguments must be like
 */
record MgrGrant(
        Scope scope,
        SortedMap<String, ArgumentRule> arguments,
        Permissions permissions,
        @Nullable Network network) {
    /** With what. */
    sealed interface Scope {
        record Everything() implements Scope {}

        record Service(String name) implements Scope {}

        record Module(String name) implements Scope {}

        record Command(String prefix) implements Scope {}

        record Profile(String name) implements Scope {}
    }

    private static final SortedMap<String, ArgumentRule> ANY = new TreeMap<>();

    /** Throws CapsSyntaxException, also for an unknown profile. */
    static List<MgrGrant> parseAll(String text) {
        List<MgrGrant> grants = Grants.parse(Grants.Dialect.MGR, text, MgrGrant::read);
        StringBuilder wrong = new StringBuilder();
        for (MgrGrant grant : grants) {
            wrong.append(grant.wrongProfile());
        }
        if (!wrong.isEmpty()) {
            throw new CapsSyntaxException("mgr capability parse failed during profile evaluation: " + wrong);
        }
        return grants;
    }

    private static @Nullable MgrGrant read(CapText in) {
        int start = in.position();
        in.spaces();
        MgrGrant grant = plain(in);
        grant = grant == null ? profile(in) : grant;
        grant = grant == null ? serviceOrModule(in, "service") : grant;
        grant = grant == null ? serviceOrModule(in, "module") : grant;
        grant = grant == null ? command(in) : grant;
        if (grant == null) {
            in.backTo(start);
        } else {
            in.spaces();
        }
        return grant;
    }

    private static @Nullable MgrGrant plain(CapText in) {
        int start = in.position();
        Permissions permissions = in.literal("allow") && in.spaces() ? Permissions.read(in) : null;
        if (permissions == null) {
            in.backTo(start);
            return null;
        }
        return new MgrGrant(new Scope.Everything(), ANY, permissions, Network.read(in));
    }

    private static @Nullable MgrGrant profile(CapText in) {
        int start = in.position();
        in.all(() -> in.literal("allow"), in::spaces);
        String name = in.literal("profile") && in.equalsOrSpaces() ? in.string() : null;
        if (name == null) {
            in.backTo(start);
            return null;
        }
        SortedMap<String, ArgumentRule> arguments = ArgumentRule.readAll(in, true);
        return new MgrGrant(new Scope.Profile(name), arguments, Permissions.NONE, Network.read(in));
    }

    private static @Nullable MgrGrant serviceOrModule(CapText in, String which) {
        int start = in.position();
        boolean isModule = which.equals("module");
        String name = in.literal("allow") && in.introduces(which) ? in.string() : null;
        SortedMap<String, ArgumentRule> arguments = name != null && isModule ? ArgumentRule.with(in, true) : ANY;
        Permissions permissions = name != null && in.spaces() ? Permissions.read(in) : null;
        if (name == null || permissions == null) {
            in.backTo(start);
            return null;
        }
        Scope scope = isModule ? new Scope.Module(name) : new Scope.Service(name);
        return new MgrGrant(scope, arguments, permissions, Network.read(in));
    }

    private static @Nullable MgrGrant command(CapText in) {
        int start = in.position();
        String prefix = in.literal("allow") && in.introduces("command") ? in.string() : null;
        if (prefix == null) {
            in.backTo(start);
            return null;
        }
        SortedMap<String, ArgumentRule> arguments = ArgumentRule.with(in, true);
        return new MgrGrant(new Scope.Command(prefix), arguments, Permissions.NONE, Network.read(in));
    }

    private String wrongProfile() {
        if (!(scope instanceof Scope.Profile profile)) {
            return "";
        }
        return switch (profile.name) {
            case "read-only", "read-write", "crash", "osd", "mds" -> "";
            case "rbd", "rbd-read-only" ->
                arguments.keySet().stream()
                        .filter(key -> !key.equals("pool") && !key.equals("namespace"))
                        .findFirst()
                        .map(key -> "profile '" + profile.name + "' does not recognize key '" + key + "'")
                        .orElse("");
            default -> "unrecognized profile '" + profile.name + "'";
        };
    }

    /** What a profile stands for; anything else stands for itself. */
    List<MgrGrant> expanded() {
        if (!(scope instanceof Scope.Profile profile)) {
            return List.of(this);
        }
        return switch (profile.name) {
            case "read-only" -> List.of(new MgrGrant(new Scope.Everything(), ANY, Permissions.of("r"), null));
            case "read-write" -> List.of(new MgrGrant(new Scope.Everything(), ANY, Permissions.of("rw"), null));
            case "crash" -> List.of(new MgrGrant(new Scope.Command("crash post"), ANY, Permissions.NONE, null));
            case "rbd" -> List.of(new MgrGrant(new Scope.Module("rbd_support"), arguments, Permissions.of("rw"), null));
            case "rbd-read-only" ->
                List.of(new MgrGrant(new Scope.Module("rbd_support"), arguments, Permissions.of("r"), null));
            default -> List.of(); // osd and mds are known, and grant nothing
        };
    }

    boolean isEverything() {
        return scope instanceof Scope.Everything && permissions.any();
    }

    @Override
    public String toString() {
        String what = switch (scope) {
            case Scope.Everything e -> "allow";
            case Scope.Service s -> "allow service " + Grants.quoted(s.name);
            case Scope.Module m -> "allow module " + Grants.quoted(m.name);
            case Scope.Command c -> "allow command " + Grants.quoted(c.prefix);
            case Scope.Profile p -> "profile " + Grants.quoted(p.name);
        };
        String with = arguments.isEmpty()
                ? ""
                : (scope instanceof Scope.Profile ? "" : " with") + ArgumentRule.print(arguments);
        return what + with + (permissions.equals(Permissions.NONE) ? "" : " " + permissions) + Network.print(network);
    }
}

package io.spirula.common.auth.caps;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One grant at the monitors: what may be done, with what, and from where. Ceph: MonCapGrant.
 *
 * @param fileSystem the only file system that the holder sees, or empty; monitors without metadata servers have nothing to hide by it
 */
record MonGrant(
        Scope scope, Permissions permissions, @Nullable Network network, String fileSystem) {
    /** With what. */
    sealed interface Scope {
        record Everything() implements Scope {}

        record Service(String name) implements Scope {}

        /** @param arguments what the command's arguments must be like */
        record Command(String prefix, SortedMap<String, ArgumentRule> arguments) implements Scope {}

        record Profile(String name) implements Scope {}
    }

    static MonGrant service(String name, String letters) {
        return new MonGrant(new Scope.Service(name), Permissions.of(letters), null, "");
    }

    static MonGrant everything(String letters) {
        return new MonGrant(new Scope.Everything(), Permissions.of(letters), null, "");
    }

    static MonGrant command(String prefix) {
        return command(prefix, new TreeMap<>());
    }

    static MonGrant command(String prefix, SortedMap<String, ArgumentRule> arguments) {
        return new MonGrant(new Scope.Command(prefix, arguments), Permissions.NONE, null, "");
    }

    /** Throws CapsSyntaxException. */
    static List<MonGrant> parseAll(String text) {
        return Grants.parse(Grants.Dialect.MON, text, MonGrant::read);
    }

    private static @Nullable MonGrant read(CapText in) {
        int start = in.position();
        in.spaces();
        MonGrant grant = plain(in);
        grant = grant == null ? profile(in) : grant;
        grant = grant == null ? service(in) : grant;
        grant = grant == null ? command(in) : grant;
        if (grant == null) {
            in.backTo(start);
        } else {
            in.spaces();
        }
        return grant;
    }

    private static @Nullable MonGrant plain(CapText in) {
        int start = in.position();
        Permissions permissions = in.literal("allow") && in.spaces() ? Permissions.read(in) : null;
        if (permissions == null) {
            in.backTo(start);
            return null;
        }
        Network network = Network.read(in);
        int before = in.position();
        String fileSystem = in.introduces("fsname") ? in.nameOfFileSystem() : null;
        if (fileSystem == null) {
            in.backTo(before);
        }
        return new MonGrant(new Scope.Everything(), permissions, network, fileSystem == null ? "" : fileSystem);
    }

    private static @Nullable MonGrant profile(CapText in) {
        int start = in.position();
        in.all(() -> in.literal("allow"), in::spaces);
        String name = in.literal("profile") && in.equalsOrSpaces() ? in.string() : null;
        if (name == null) {
            in.backTo(start);
            return null;
        }
        return new MonGrant(new Scope.Profile(name), Permissions.NONE, Network.read(in), "");
    }

    private static @Nullable MonGrant service(CapText in) {
        int start = in.position();
        String name = in.literal("allow") && in.introduces("service") ? in.string() : null;
        Permissions permissions = name != null && in.spaces() ? Permissions.read(in) : null;
        if (name == null || permissions == null) {
            in.backTo(start);
            return null;
        }
        return new MonGrant(new Scope.Service(name), permissions, Network.read(in), "");
    }

    private static @Nullable MonGrant command(CapText in) {
        int start = in.position();
        String prefix = in.literal("allow") && in.introduces("command") ? in.string() : null;
        if (prefix == null) {
            in.backTo(start);
            return null;
        }
        SortedMap<String, ArgumentRule> arguments = ArgumentRule.with(in, false);
        return new MonGrant(new Scope.Command(prefix, arguments), Permissions.NONE, Network.read(in), "");
    }

    boolean isEverything() {
        return scope instanceof Scope.Everything && permissions.any() && fileSystem.isEmpty();
    }

    @Override
    public String toString() {
        String what = switch (scope) {
            case Scope.Everything e -> "";
            case Scope.Service s -> " service " + Grants.quoted(s.name);
            case Scope.Profile p -> " profile " + Grants.quoted(p.name);
            case Scope.Command c ->
                " command " + Grants.quoted(c.prefix)
                        + (c.arguments.isEmpty() ? "" : " with" + ArgumentRule.print(c.arguments));
        };
        return "allow" + what + (permissions.equals(Permissions.NONE) ? "" : " " + permissions)
                + Network.print(network);
    }
}

package io.spirula.common.auth.caps;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One grant at OSDs. Ceph: OSDCapGrant.
 *
 * @param profile the name of a profile, which stands for several grants; empty for a plain grant
 */
record OsdGrant(
        String profile, OsdMatch match, Spec spec, @Nullable Network network) {
    /**
     * What may be done: {@code permissions}, or else calls of one class's methods.
     *
     * @param method empty for every method
     */
    record Spec(OsdPermissions permissions, String className, String method) {
        static final Spec NONE = new Spec(OsdPermissions.NONE, "", "");

        static Spec of(OsdPermissions permissions) {
            return new Spec(permissions, "", "");
        }

        static Spec ofClass(String className, String method) {
            return new Spec(OsdPermissions.NONE, className, method);
        }

        static @Nullable Spec read(CapText in) {
            OsdPermissions permissions = OsdPermissions.parse(in);
            if (permissions != null) {
                return of(permissions);
            }
            int start = in.position();
            String className = in.keyword("class") && in.spaces() ? in.string() : null;
            if (className == null) {
                in.backTo(start);
                return null;
            }
            int before = in.position();
            String method = in.spaces() ? in.string() : null;
            if (method == null) {
                in.backTo(before);
            }
            return ofClass(className, method == null ? "" : method);
        }

        boolean namesCall(String calledClass, String calledMethod) {
            return !className.isEmpty()
                    && className.equals(calledClass)
                    && (method.isEmpty() || method.equals(calledMethod));
        }

        @Override
        public String toString() {
            if (!permissions.equals(OsdPermissions.NONE)) {
                return permissions.toString();
            }
            return className.isEmpty()
                    ? ""
                    : "class '" + className + "'" + (method.isEmpty() ? "" : " '" + method + "'");
        }
    }

    private static final String BLANKS_WITHIN_A_LINE = " \t";

    /** Throws CapsSyntaxException. */
    static List<OsdGrant> parseAll(String text) {
        return Grants.parse(Grants.Dialect.OSD, text, OsdGrant::read);
    }

    private static @Nullable OsdGrant read(CapText in) {
        int start = in.position();
        in.run(BLANKS_WITHIN_A_LINE);
        OsdGrant grant = specFirst(in);
        grant = grant == null ? matchFirst(in) : grant;
        grant = grant == null ? profile(in) : grant;
        if (grant == null) {
            in.backTo(start);
        } else {
            in.run(BLANKS_WITHIN_A_LINE);
        }
        return grant;
    }

    private static @Nullable OsdGrant specFirst(CapText in) {
        int start = in.position();
        Spec spec = in.literal("allow") ? Spec.read(in) : null;
        if (spec == null) {
            in.backTo(start);
            return null;
        }
        return new OsdGrant("", OsdMatch.read(in), spec, Network.read(in));
    }

    /** The order of old. */
    private static @Nullable OsdGrant matchFirst(CapText in) {
        int start = in.position();
        OsdMatch match = in.literal("allow") ? OsdMatch.read(in) : null;
        Spec spec = match == null ? null : Spec.read(in);
        if (match == null || spec == null) {
            in.backTo(start);
            return null;
        }
        return new OsdGrant("", match, spec, Network.read(in));
    }

    private static @Nullable OsdGrant profile(CapText in) {
        int start = in.position();
        String name = in.literal("profile") && in.equalsOrSpaces() ? in.string() : null;
        if (name == null) {
            in.backTo(start);
            return null;
        }
        String pool = OsdMatch.readPool(in);
        OsdMatch match = new OsdMatch(pool, OsdMatch.readNamespace(in), null, "");
        return new OsdGrant(name, match, Spec.NONE, Network.read(in));
    }

    /** What a profile stands for, nothing for an unknown one; a plain grant stands for itself. Source: OSDCapGrant::expand_profile. */
    List<OsdGrant> expanded() {
        List<OsdGrant> grants = new ArrayList<>();
        switch (profile) {
            case "" -> grants.add(this);
            case "read-only" -> grants.add(plain(match, Spec.of(OsdPermissions.READ)));
            case "read-write" -> grants.add(plain(match, Spec.of(OsdPermissions.READ_WRITE)));
            case "rbd" -> {
                OsdMatch anywhere = OsdMatch.EVERYTHING;
                grants.add(plain(anywhere.withPrefix("rbd_info"), Spec.of(OsdPermissions.READ)));
                grants.add(plain(anywhere.withPrefix("rbd_children"), Spec.of(OsdPermissions.CLASS_READ)));
                grants.add(plain(anywhere.withPrefix("rbd_mirroring"), Spec.of(OsdPermissions.CLASS_READ)));
                OsdMatch wholePool = new OsdMatch(match.pool(), null, null, "");
                grants.add(plain(wholePool, Spec.ofClass("rbd", "metadata_list")));
                grants.add(plain(match, Spec.of(OsdPermissions.RWX)));
            }
            case "rbd-read-only" -> {
                grants.add(plain(match, Spec.of(OsdPermissions.READ_CLASS_READ)));
                OsdMatch headers = match.withPrefix("rbd_header.");
                grants.add(plain(headers, Spec.ofClass("rbd", "child_attach")));
                grants.add(plain(headers, Spec.ofClass("rbd", "child_detach")));
            }
            default -> {}
        }
        return grants;
    }

    private static OsdGrant plain(OsdMatch match, Spec spec) {
        return new OsdGrant("", match, spec, null);
    }

    boolean isEverything() {
        return profile.isEmpty() && match.isEverything() && spec.permissions.any();
    }

    @Override
    public String toString() {
        String what = profile.isEmpty()
                ? match.toString() + spec
                : "profile " + profile + match.printPlace() + " ["
                        + expanded().stream().map(OsdGrant::toString).collect(Collectors.joining(",")) + "]";
        return "grant(" + what + Network.print(network) + ")";
    }
}

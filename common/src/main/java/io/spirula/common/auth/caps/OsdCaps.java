package io.spirula.common.auth.caps;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What one holder, at one address, may do with objects. Ceph: OSDCap. */
public final class OsdCaps {
    public static final OsdCaps ALL = of("allow *", null);

    /** Profiles are replaced by what they grant, and grants for other networks are gone. */
    private final List<OsdGrant> grants;

    private final boolean allowsAll;

    private OsdCaps(List<OsdGrant> grants) {
        this.grants = grants;
        allowsAll = grants.stream().anyMatch(OsdGrant::isEverything);
    }

    /** Throws CapsSyntaxException, with Ceph's words, for a text that is no capability. */
    public static void check(String text) {
        OsdGrant.parseAll(text);
    }

    /** A text as Ceph prints what it has read. Throws CapsSyntaxException. */
    public static String print(String text) {
        return OsdGrant.parseAll(text).stream()
                .map(OsdGrant::toString)
                .collect(Collectors.joining(",", "osdcap[", "]"));
    }

    /**
     * What a text grants; a text that is no capability grants nothing.
     *
     * @param from null where it is not known: then nothing counts that is for a network
     */
    public static OsdCaps of(String text, @Nullable InetAddress from) {
        try {
            return new OsdCaps(OsdGrant.parseAll(text).stream()
                    .filter(g -> Network.admits(g.network(), from))
                    .flatMap(g -> g.expanded().stream())
                    .toList());
        } catch (CapsSyntaxException e) {
            return new OsdCaps(List.of());
        }
    }

    /**
     * On what an operation works.
     *
     * @param applications the pool's application metadata
     * @param object the object's locator key, or its name where it has none
     */
    public record Target(
            String pool, String namespace, Map<String, ? extends Map<String, String>> applications, String object) {}

    /**
     * A class method that an operation calls.
     *
     * @param listed whether the class is on the list of those that {@code x} permits; any other must be granted by its name
     */
    public record Call(String className, String method, boolean reads, boolean writes, boolean listed) {}

    /** What an operation does, apart from what the methods do that it calls. */
    public record Needs(boolean read, boolean write, List<Call> calls) {}

    public boolean allowsAll() {
        return allowsAll;
    }

    /** Whether one grant permits the reading and writing, and that one with those before it all calls. */
    public boolean allows(Target target, Needs needs) {
        if (allowsAll) {
            return true;
        }
        boolean[] permitted = new boolean[needs.calls.size()];
        for (OsdGrant grant : grants) {
            OsdPermissions may = grant.spec().permissions();
            boolean applies = (may.read() || !needs.read) && (may.write() || !needs.write);
            if (applies && grant.match().matches(target) && allCalls(grant.spec(), needs.calls, permitted)) {
                return true;
            }
        }
        return false;
    }

    private static boolean allCalls(OsdGrant.Spec spec, List<Call> calls, boolean[] permitted) {
        OsdPermissions may = spec.permissions();
        boolean all = true;
        for (int i = 0; i < permitted.length; i++) {
            Call call = calls.get(i);
            permitted[i] |= may.any()
                    || spec.namesCall(call.className, call.method)
                    || call.listed && (may.classRead() || !call.reads) && (may.classWrite() || !call.writes);
            all &= permitted[i];
        }
        return all;
    }

    /**
     * Whether a text has a grant to write in all of a pool, from whatever network: then its holder may number the pool's snapshots, too. Ceph: is_unmanaged_snap_op_permitted.
     *
     * @param pool null for one that is not there
     */
    public static boolean writesWholePool(String text, @Nullable String pool) {
        List<OsdGrant> parsed;
        try {
            parsed = OsdGrant.parseAll(text);
        } catch (CapsSyntaxException e) {
            return false;
        }
        return parsed.stream()
                .flatMap(g -> g.expanded().stream())
                .filter(g -> g.spec().permissions().write())
                .map(OsdGrant::match)
                .anyMatch(
                        m -> m.isEverything() || !m.pool().isEmpty() && m.pool().equals(pool));
    }
}

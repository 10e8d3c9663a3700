package io.spirula.common.auth.caps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OsdCapsTest {
    private static final Map<String, Map<String, String>> APPLICATIONS =
            Map.of("cephfs", Map.of("data", "fs1"), "rbd", Map.of());

    /** @param needs letters of {@code rw}, and calls as {@code class.method:rw}, {@code !} before a class that is not on the list */
    private static boolean allows(String caps, String pool, String namespace, String object, String needs) {
        List<OsdCaps.Call> calls = new ArrayList<>();
        String letters = "";
        for (String need : needs.split(" ")) {
            if (need.contains(".")) {
                String[] parts = need.replace("!", "").split("[.:]");
                calls.add(new OsdCaps.Call(
                        parts[0], parts[1], parts[2].contains("r"), parts[2].contains("w"), !need.startsWith("!")));
            } else {
                letters = need;
            }
        }
        return OsdCaps.of(caps, null)
                .allows(
                        new OsdCaps.Target(pool, namespace, APPLICATIONS, object),
                        new OsdCaps.Needs(letters.contains("r"), letters.contains("w"), calls));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "allow *                         | rw             | true",
                "allow *                         | rw !c.m:rw     | true",
                "allow r                         | r              | true",
                "allow r                         | w              | false",
                "allow r, allow w                | rw             | false",
                "allow rw                        | rw             | true",
                "allow rw                        | c.m:r          | false",
                "allow rwx                       | rw c.m:rw      | true",
                "allow rwx                       | !c.m:r         | false",
                "allow x                         | r              | false",
                "allow class-read                | c.m:r          | true",
                "allow class-read                | c.m:rw         | false",
                "allow class-write               | c.m:w          | true",
                "allow r class-read              | r c.m:r        | true",
                "allow class c                   | c.m:rw         | true",
                "allow class c                   | !c.m:rw        | true",
                "allow class c m                 | c.m:rw         | true",
                "allow class c m                 | c.n:rw         | false",
                "allow class c                   | r c.m:r        | false",
                "allow class c m, allow class c n | c.m:r c.n:r   | true",
                "allow class c m, allow class d  | c.m:r c.n:r    | false",
                "allow rw, allow class c         | rw c.m:r       | false",
                "allow class c, allow rw         | rw c.m:r       | false",
                "profile rbd                     | rw c.m:rw      | true",
                "profile rbd pool=other          | r              | false",
                "profile rbd-read-only           | r c.m:r        | true",
                "profile rbd-read-only           | w              | false",
                "profile read-only               | r              | true",
                "profile nobody                  | r              | false",
                "allow r pool=p                  | r              | true",
                "allow r pool=q                  | r              | false",
                "allow r namespace=n             | r              | true",
                "allow r namespace=''            | r              | false",
                "allow r namespace=n*            | r              | true",
                "allow r namespace=*             | r              | false",
                "allow r namespace=''*           | r              | true",
                "allow r object_prefix ob        | r              | true",
                "allow r object_prefix bj        | r              | false",
                "allow pool p namespace n object_prefix obj rw | rw | true",
                "allow r tag cephfs data=fs1     | r              | true",
                "allow r tag cephfs data=fs2     | r              | false",
                "allow r tag cephfs data=*       | r              | true",
                "allow r tag cephfs *=fs1        | r              | true",
                "allow r tag cephfs *=fs2        | r              | false",
                "allow r tag cephfs meta=*       | r              | false",
                "allow r tag rbd *=*             | r              | true",
                "allow r tag rbd k=*             | r              | false",
                "allow r tag rgw *=*             | r              | false",
                "allow r namespace=m tag rbd *=* | r              | false",
                "allow * network 10.0.0.0/8      | r              | false",
                "allow r, nonsense               | r              | false",
                "''                              | r              | false",
            })
    void capabilitiesGrantWhatTheySay(String caps, String needs, boolean granted) {
        assertThat(allows(caps, "p", "n", "object", needs)).isEqualTo(granted);
    }

    @Test
    void theProfileForBlockDevicesSeesWhatImagesOfOtherPoolsDependOn() {
        String caps = "profile rbd pool=mine";
        assertThat(allows(caps, "other", "", "rbd_children", "rbd.get_children:r"))
                .isTrue();
        assertThat(allows(caps, "other", "", "rbd_children", "rbd.add_child:rw"))
                .isFalse();
        assertThat(allows(caps, "other", "", "rbd_info", "r")).isTrue();
        assertThat(allows(caps, "other", "", "rbd_header.1", "r")).isFalse();
    }

    @Test
    void whoWritesAWholePoolManagesItsSnapshots() {
        assertThat(OsdCaps.writesWholePool("allow rw pool=a", "a")).isTrue();
        assertThat(OsdCaps.writesWholePool("allow rw pool=a", "b")).isFalse();
        assertThat(OsdCaps.writesWholePool("allow rw pool=a", null)).isFalse();
        assertThat(OsdCaps.writesWholePool("allow rw", null)).isTrue();
        assertThat(OsdCaps.writesWholePool("profile rbd pool=a", "a")).isTrue();
        assertThat(OsdCaps.writesWholePool("allow r", "a")).isFalse();
        assertThat(OsdCaps.writesWholePool("allow rw network 10.0.0.0/8", "a")).isTrue();
        assertThat(OsdCaps.writesWholePool("nonsense", "a")).isFalse();
        assertThat(OsdCaps.writesWholePool("allow rw tag rbd *=*", "a")).isFalse();
    }
}

package io.spirula.common.auth.caps;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.types.EntityName;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MonCapsTest {
    private static final EntityName HOLDER = EntityName.parse("osd.3");

    private static MonCaps caps(String text) {
        return MonCaps.of(text, HOLDER, null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "allow *            | osd    | osd out     | rw  | true",
                "allow r            | osd    | osd dump    | r   | true",
                "allow r            | osd    | osd out     | rw  | false",
                "allow r, allow w   | osd    | osd out     | rw  | true",
                "allow rw           | mon    | log         | rw  | true",
                "allow rw           | auth   | auth ls     | rwx | false",
                "allow rwx          | auth   | auth ls     | rwx | true",
                "allow rwx          | config-key | config-key get | r | false",
                "allow *            | config-key | config-key get | r | true",
                "allow service config-key r | config-key | config-key get | r | true",
                "allow service osd r, allow service osd w | osd | osd out | rw | true",
                "allow service osd rw | osd  | osd out     | rw  | true",
                "allow service osd rw | mon  | status      | r   | false",
                "profile osd        | osd    | osd new     | rw  | true",
                "allow profile osd  | auth   | auth add    | rwx | false",
                "allow profile osd  | log    | log         | w   | true",
                "allow profile osd  | log    | log         | r   | false",
                "profile rbd        | osd    | osd blocklist | rw | false",
                "profile rbd        | osd    | osd out     | rw  | false",
                "profile rbd-whatever | pg   | ''          | r   | true",
                "profile role-definer | auth | auth add    | rwx | true",
                "profile role-definer | osd  | osd dump    | r   | false",
                "profile read-only  | mds    | fs dump     | r   | true",
                "profile read-only  | auth   | auth ls     | rx  | false",
                "profile nobody     | mon    | status      | r   | false",
                "allow command \"osd out\" | osd | osd out | rwx | true",
                "allow command \"osd out\" | osd | osd in  | rw  | false",
                "allow * network 10.0.0.0/8 | mon | status | r   | false",
                "deny everything    | mon    | status      | r   | false",
                "allow r, nonsense  | mon    | status      | r   | false",
                "''                 | mon    | status      | r   | false",
            })
    void capabilitiesGrantWhatTheySay(
            String caps, String service, String command, String permissions, boolean granted) {
        assertThat(caps(caps).allows(service, command, Map.of(), permissions)).isEqualTo(granted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "allow command c with a=1                    | a=1         | true",
                "allow command c with a=1                    | a=1,b=2     | true",
                "allow command c with a=1                    | a=2         | false",
                "allow command c with a=1                    | b=1         | false",
                "allow command c with a=1 b prefix x         | a=1,b=xy    | true",
                "allow command c with a=1 b prefix x         | a=1,b=yx    | false",
                "allow command c with a regex \"x+\"         | a=xxx       | true",
                "allow command c with a regex \"x+\"         | a=xxxz      | false",
                "allow command c with a regex \"(\"          | a=(         | false",
                "allow command c with a=1, allow command c with a=2 | a=2  | true",
            })
    void aCommandsArgumentsMustBeAsTheCapabilitySays(String caps, String arguments, boolean granted) {
        assertThat(caps(caps).allows("any", "c", arguments(arguments), "rwx")).isEqualTo(granted);
    }

    private static Map<String, String> arguments(String text) {
        Map<String, String> arguments = new TreeMap<>();
        for (String pair : text.strip().split(",")) {
            arguments.put(pair.split("=")[0], pair.split("=")[1]);
        }
        return arguments;
    }

    @Test
    void aClientThatBreaksLocksMayShutOutOneInstanceOnly() {
        MonCaps rbd = caps("profile rbd");
        assertThat(rbd.allows("osd", "osd blocklist", Map.of("blocklistop", "add", "addr", "1.2.3.4:0/77"), "rw"))
                .isTrue();
        assertThat(rbd.allows("osd", "osd blocklist", Map.of("blocklistop", "add", "addr", "1.2.3.4"), "rw"))
                .isFalse();
        assertThat(rbd.allows("osd", "osd blocklist", Map.of("blocklistop", "rm", "addr", "1.2.3.4:0/77"), "rw"))
                .isFalse();
    }

    @Test
    void aDaemonHasItsOwnConfigurationKeysAndNobodyElses() {
        MonCaps osd = caps("allow profile osd");
        assertThat(osd.allows("config-key", "config-key get", Map.of("key", "daemon-private/osd.3/x"), "r"))
                .isTrue();
        assertThat(osd.allows("config-key", "config-key get", Map.of("key", "daemon-private/osd.33/x"), "r"))
                .isFalse();
        assertThat(osd.allows("config-key", "config-key ls", Map.of(), "r")).isFalse();
    }

    @Test
    void aBootstrapKeyMakesKeysOfItsKindOnly() {
        MonCaps rbd = caps("profile bootstrap-rbd");
        Map<String, String> wanted = new TreeMap<>(Map.of(
                "entity",
                "client.x",
                "caps_mon",
                "profile rbd",
                "caps_osd",
                "profile rbd pool=a, profile rbd-read-only"));
        assertThat(rbd.allows("auth", "auth get-or-create", wanted, "rwx")).isTrue();
        wanted.put("caps_osd", "profile rbd, allow *");
        assertThat(rbd.allows("auth", "auth get-or-create", wanted, "rwx")).isFalse();
        wanted.put("caps_osd", "profile rbd pool=" + "a".repeat(50_000) + "'\"\"");
        assertThat(rbd.allows("auth", "auth get-or-create", wanted, "rwx")).isFalse();
    }

    @Test
    void aGrantForANetworkCountsThereOnly() throws UnknownHostException {
        String text = "allow rw network 10.1.0.0/16, allow r network fe80::/10, allow x network 10.1.2.3";
        InetAddress inside = InetAddress.getByAddress(new byte[] {10, 1, 99, 7});
        InetAddress outside = InetAddress.getByAddress(new byte[] {10, 2, 0, 1});
        assertThat(MonCaps.of(text, HOLDER, inside).allows("osd", "rw")).isTrue();
        assertThat(MonCaps.of(text, HOLDER, inside).allows("osd", "x")).isFalse();
        assertThat(MonCaps.of(text, HOLDER, outside).allows("osd", "r")).isFalse();
        InetAddress link = InetAddress.getByName("fe80::1");
        assertThat(MonCaps.of(text, HOLDER, link).allows("osd", "r")).isTrue();
        assertThat(MonCaps.of(text, HOLDER, link).allows("osd", "w")).isFalse();
        assertThat(MonCaps.of("allow r network 0.0.0.0/0", HOLDER, null).allows("osd", "r"))
                .isFalse();
    }
}

package io.spirula.mon.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MonCapsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "allow *            | osd    | osd out     | rw  | true",
                "allow r            | osd    | osd dump    | r   | true",
                "allow r            | osd    | osd out     | rw  | false",
                "allow rw           | mon    | log         | rw  | true",
                "allow rw           | auth   | auth ls     | rwx | false",
                "allow rwx          | auth   | auth ls     | rwx | true",
                "profile osd        | osd    | osd new     | rw  | true",
                "allow profile osd  | auth   | auth add    | rwx | false",
                "profile rbd        | osd    | osd blocklist | rw | true",
                "profile rbd        | osd    | osd out     | rw  | false",
                "allow command \"osd out\" | osd | osd out | rw  | true",
                "allow command \"osd out\" | osd | osd in  | rw  | false",
                "allow service osd rw | osd  | osd out     | rw  | true",
                "deny everything    | mon    | status      | r   | false",
                "''                 | mon    | status      | r   | false",
            })
    void capabilitiesGrantWhatTheySay(
            String caps, String service, String command, String permissions, boolean granted) {
        assertThat(MonCaps.parse(caps).allows(service, command, permissions)).isEqualTo(granted);
    }
}

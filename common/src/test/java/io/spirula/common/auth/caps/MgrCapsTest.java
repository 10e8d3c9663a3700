package io.spirula.common.auth.caps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MgrCapsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "allow *                  | pg | ''          | pg dump         | rw | true",
                "allow r                  | pg | ''          | pg dump         | r  | true",
                "allow r                  | pg | ''          | pg scrub        | rw | false",
                "allow service pg rw      | pg | ''          | pg scrub        | rw | true",
                "allow service pg rw      | py | balancer    | balancer on     | rw | false",
                "allow module balancer rw | py | balancer    | balancer on     | rw | true",
                "allow module balancer rw | py | crash       | crash post      | rw | false",
                "allow module balancer with pool=a rw | py | balancer | balancer on | rw | true",
                "allow command \"pg dump\" | pg | ''        | pg dump         | r  | true",
                "allow command \"pg dump\" | pg | ''        | pg scrub        | rw | false",
                "allow command \"pg dump\" with pool=a | pg | '' | pg dump      | r  | true",
                "allow command \"pg dump\" with pool=b | pg | '' | pg dump      | r  | false",
                "profile crash            | py | crash       | crash post      | rw | true",
                "profile crash            | py | crash       | crash ls        | r  | false",
                "profile rbd              | py | rbd_support | rbd task add    | rw | true",
                "profile rbd-read-only    | py | rbd_support | rbd task add    | rw | false",
                "profile rbd-read-only    | py | rbd_support | rbd task list   | r  | true",
                "profile osd              | pg | ''          | pg dump         | r  | false",
                "profile read-write       | pg | ''          | pg scrub        | rw | true",
                "profile nobody           | pg | ''          | pg dump         | r  | false",
                "allow r network 10.0.0.0/8 | pg | ''        | pg dump         | r  | false",
                "''                       | pg | ''          | pg dump         | r  | false",
            })
    void capabilitiesGrantWhatTheySay(
            String caps, String service, String module, String command, String permissions, boolean granted) {
        assertThat(MgrCaps.of(caps, null).allows(service, module, command, Map.of("pool", "a"), permissions))
                .isEqualTo(granted);
    }
}

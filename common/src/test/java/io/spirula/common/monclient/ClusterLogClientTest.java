package io.spirula.common.monclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.message.LogAck;
import io.spirula.common.message.LogEntry;
import io.spirula.common.message.LogMessage;
import io.spirula.common.message.Message;
import io.spirula.common.msgr.VirtualReactor;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Uuid;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterLogClientTest {
    private static final Duration A_WHILE = Duration.ofSeconds(2);

    private final VirtualReactor reactor = new VirtualReactor();
    private final ArrayDeque<LogMessage> sent = new ArrayDeque<>();
    private boolean session = true;
    private final ClusterLogClient log = new ClusterLogClient(
            EntityName.parse("osd.3"),
            () -> new EntityId(EntityType.OSD, 3),
            () -> EntityAddrs.NONE,
            reactor,
            ClusterLogClient.GATHER,
            new ClusterLogClient.Monitors() {
                @Override
                public boolean hasSession() {
                    return session;
                }

                @Override
                public Uuid fsid() {
                    return Uuid.ZERO;
                }

                @Override
                public void send(Message message) {
                    sent.add((LogMessage) message);
                }
            });

    private List<Long> next() {
        return sent.remove().entries().stream().map(LogEntry::sequence).toList();
    }

    private void acknowledge(long last) {
        log.acknowledged(new LogAck(Uuid.ZERO, last, "cluster"));
    }

    @Test
    void linesOfOneSecondGoInOneMessageAndAreForgottenOnceAcknowledged() {
        log.info("one");
        log.warn("two");
        reactor.run(A_WHILE);
        assertThat(next()).containsExactly(1L, 2L);
        log.info("three");
        reactor.run(A_WHILE);
        assertThat(sent).isEmpty();
        acknowledge(2);
        reactor.run(A_WHILE);
        assertThat(next()).containsExactly(3L);
        acknowledge(3);
        reactor.run(Duration.ofMinutes(1));
        assertThat(sent).isEmpty();
    }

    @Test
    void whatIsNotAcknowledgedIsSentAgainAfterAWhileAndWhenASessionOpens() {
        log.info("one");
        reactor.run(A_WHILE);
        assertThat(next()).containsExactly(1L);
        reactor.run(Duration.ofSeconds(10));
        assertThat(next()).containsExactly(1L);
        session = false;
        reactor.run(Duration.ofSeconds(30));
        assertThat(sent).isEmpty();
        session = true;
        log.sessionOpened();
        reactor.run(Duration.ofMillis(1));
        assertThat(next()).containsExactly(1L);
    }

    @Test
    void aMonitorThatIsFloodedIsGivenTime() {
        log.info("one");
        reactor.run(A_WHILE);
        next();
        acknowledge(0);
        reactor.run(Duration.ofMillis(500));
        assertThat(sent).isEmpty();
        reactor.run(A_WHILE);
        assertThat(next()).containsExactly(1L);
    }

    @Test
    void whileNobodyTakesLinesTheOldestAreLostAndThatIsSaid() {
        for (int i = 0; i < 5_007; i++) {
            log.info("line");
        }
        reactor.run(A_WHILE);
        List<Long> first = next();
        assertThat(first).hasSize(1_000).startsWith(8L);
        acknowledge(first.getLast());
        for (int i = 0; i < 4; i++) {
            reactor.run(A_WHILE);
            acknowledge(sent.remove().entries().getLast().sequence());
        }
        reactor.run(A_WHILE);
        assertThat(sent.remove().entries())
                .singleElement()
                .satisfies(e -> assertThat(e.text()).isEqualTo("7 lines before this one were lost"));
    }
}

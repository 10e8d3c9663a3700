package io.spirula.mon;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.auth.AuthCaps;
import io.spirula.common.command.Json;
import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.Forward;
import io.spirula.common.message.Message;
import io.spirula.common.message.MonCommand;
import io.spirula.common.message.MonCommandAck;
import io.spirula.common.msgr.AuthenticatedPeer;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Uuid;
import io.spirula.mon.session.ForwardedConnection;
import io.spirula.mon.session.MonOps;
import io.spirula.mon.session.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a leader works on for a peon's clients. */
class RequestsTest {
    private static final int EPOCH = 2;
    private static final String ONE = "\"num_ops\":1}";
    private static final String NOTHING = "\"num_ops\":0}";
    private static final EntityAddrs ADDRS = EntityAddrs.of(EntityAddr.msgr2("127.0.0.1", 5000, 7));

    private final ManualReactor reactor = new ManualReactor();
    private final MonOps ops =
            new MonOps(Config.of(new EntityName(EntityType.MON, "a"), CephConf.EMPTY), reactor.clock());
    private final List<Session> led = new ArrayList<>();
    private final List<Message> answers = new ArrayList<>();
    private final Requests requests = new Requests(
            (session, message) -> led.add(session), (rank, message) -> {}, (s, e) -> {}, ops, reactor.clock());

    @BeforeEach
    void aPeonPassesACommandOn() {
        requests.leaderIs(EPOCH, 0, true);
        AuthenticatedPeer peon =
                new AuthenticatedPeer(new EntityName(EntityType.MON, ""), 0, AuthCaps.encode("allow *"));
        ForwardedConnection from =
                new ForwardedConnection(peon, new EntityId(EntityType.MON, 1), ADDRS, EntityAddr.NONE, 0, answers::add);
        MonCommand command = new MonCommand(7, 0, Uuid.ZERO, List.of("{\"prefix\":\"status\"}"), Bytes.EMPTY);
        requests.received(
                from,
                new Forward(
                        9,
                        EPOCH,
                        new EntityId(EntityType.CLIENT, 4100),
                        ADDRS,
                        ADDRS.front(),
                        EntityName.client("admin"),
                        4100,
                        0,
                        AuthCaps.encode("allow *"),
                        MonCommand.TYPE.encode(command)));
        assertThat(led).hasSize(1);
        assertThat(worksOn()).isEqualTo(ONE);
    }

    private String worksOn() {
        String shown = Json.render(ops.inFlight(), "json").utf8();
        return shown.substring(shown.indexOf("\"num_ops\""));
    }

    private void answer() {
        led.getFirst().send(new MonCommandAck(7, 1, 0, "", List.of("{\"prefix\":\"status\"}"), Bytes.EMPTY));
    }

    @Test
    void itIsWorkedOnUntilItIsAnswered() {
        answer();
        assertThat(answers).hasSize(1);
        assertThat(worksOn()).isEqualTo(NOTHING);
    }

    @Test
    void itIsThePeonsToPassOnAgainOnceTheLeadIsLost() {
        requests.leaderLost();
        assertThat(worksOn()).isEqualTo(NOTHING);
        answer();
        assertThat(worksOn()).isEqualTo(NOTHING);
    }

    @Test
    void whatNobodyAnswersIsForgotten() {
        reactor.pass(Duration.ofMinutes(9));
        requests.tick();
        assertThat(worksOn()).isEqualTo(ONE);
        reactor.pass(Duration.ofMinutes(2));
        requests.tick();
        assertThat(worksOn()).isEqualTo(NOTHING);
    }
}

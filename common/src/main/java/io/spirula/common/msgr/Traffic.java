package io.spirula.common.msgr;

import io.spirula.common.message.Payload;
import io.spirula.common.metrics.Counter;
import io.spirula.common.metrics.PerfCounters;
import io.spirula.common.metrics.PerfCounters.Description;

/** What the messengers of one reactor have carried. Bytes are those of messages, without frames. Names, types and words are those of Ceph's msg/async/Stack.h. */
public final class Traffic {
    private final PerfCounters group = new PerfCounters("AsyncMessenger::Worker-0");
    private final Counter receivedMessages =
            group.counter("msgr_recv_messages", Description.of("Network received messages"));
    private final Counter sentMessages = group.counter("msgr_send_messages", Description.of("Network sent messages"));
    private final Counter receivedBytes = group.counter("msgr_recv_bytes", Description.bytes("Network received bytes"));
    private final Counter sentBytes = group.counter("msgr_send_bytes", Description.bytes("Network sent bytes"));
    private final Counter connections =
            group.counter("msgr_created_connections", Description.of("Created connection number"));
    private long active;

    public Traffic() {
        group.gauge("msgr_active_connections", Description.of("Active connection number"), () -> active);
    }

    public PerfCounters group() {
        return group;
    }

    void sent(Payload payload) {
        sentMessages.increment();
        sentBytes.add(bytes(payload));
    }

    void received(Payload payload) {
        receivedMessages.increment();
        receivedBytes.add(bytes(payload));
    }

    void connected() {
        connections.increment();
        active++;
    }

    void closed() {
        active--;
    }

    private static int bytes(Payload payload) {
        return payload.front().size() + payload.middle().size() + payload.data().size();
    }
}

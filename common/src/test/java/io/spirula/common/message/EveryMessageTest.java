package io.spirula.common.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every type of the registry, shown with messages that stock Ceph sent and, for types that it was not caught sending, with made ones. */
class EveryMessageTest {
    /** Up to this size a segment is cut at every byte, beyond it at as many places. */
    private static final int CUTS = 1500;

    static List<Recording> recorded() {
        return Recording.all();
    }

    static List<Message> made() {
        return MadeMessages.all();
    }

    /** One sample of each type, as bytes: the smallest there is. */
    static List<Recording> samples() {
        Map<Integer, Recording> byType = new TreeMap<>();
        List<Recording> all = new ArrayList<>(recorded());
        for (Message m : made()) {
            all.add(new Recording(m.type().toString(), m.type().encode(m)));
        }
        for (Recording r : all) {
            byType.merge(r.payload().type(), r, (a, b) -> size(a) <= size(b) ? a : b);
        }
        return List.copyOf(byType.values());
    }

    private static int size(Recording r) {
        return r.payload().front().size() + r.payload().data().size();
    }

    @Test
    void everyTypeOfTheRegistryHasASample() {
        Set<Integer> sampled = new TreeSet<>();
        samples().forEach(r -> sampled.add(r.payload().type()));
        Set<Integer> registered = new TreeSet<>();
        MessageRegistry.all().forEach(t -> registered.add(t.code()));
        assertThat(sampled).isEqualTo(registered);
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void aRecordedMessageIsWrittenAgainByteForByte(Recording recorded) {
        Message message = MessageRegistry.decode(recorded.payload());
        Payload again = message.type().encode(message);
        assertThat(again.front().hex()).isEqualTo(recorded.payload().front().hex());
        assertThat(again.middle()).isEqualTo(recorded.payload().middle());
        assertThat(again.data()).isEqualTo(recorded.payload().data());
        assertThat(again.version()).isEqualTo(recorded.payload().version());
        assertThat(again.compatVersion()).isEqualTo(recorded.payload().compatVersion());
        assertThat(again.tid()).isEqualTo(recorded.payload().tid());
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void aRecordedMessageSurvivesEncodingAndDecoding(Recording recorded) {
        Message message = MessageRegistry.decode(recorded.payload());
        assertThat(MessageRegistry.decode(message.type().encode(message))).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("made")
    void aMadeMessageSurvivesEncodingAndDecoding(Message message) {
        assertThat(MessageRegistry.decode(message.type().encode(message))).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aSegmentThatEndsEarlyIsRefusedOrLeavesOutWhatIsOptional(Recording sample) {
        Payload p = sample.payload();
        int step = Math.max(1, p.front().size() / CUTS);
        for (int length = 0; length < p.front().size(); length += step) {
            decodeOrRefuse(with(p, p.front().slice(0, length), p.data()));
        }
        int dataStep = Math.max(1, p.data().size() / CUTS);
        for (int length = 0; length < p.data().size(); length += dataStep) {
            decodeOrRefuse(with(p, p.front(), p.data().slice(0, length)));
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void damageIsRefusedOrReadAsSomethingElseInLittleMemory(Recording sample) {
        Payload p = sample.payload();
        Random random = new Random(p.type());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        decodeOrRefuse(p); // classes are loaded before anything is measured
        long bound = 2_000_000 + 400L * size(sample);
        for (int i = 0; i < 300 && !p.front().isEmpty(); i++) {
            Payload damaged = with(p, damage(p.front(), random), p.data());
            long before = threads.getCurrentThreadAllocatedBytes();
            decodeOrRefuse(damaged);
            assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                    .as(() -> "bytes allocated for " + damaged.front().hex())
                    .isLessThan(bound);
        }
    }

    private static Bytes damage(Bytes good, Random random) {
        byte[] bytes = good.toArray();
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(3)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt();
            default -> {
                for (int i = at; i < Math.min(at + 4, bytes.length); i++) {
                    bytes[i] = (byte) 0xff;
                }
            }
        }
        return Bytes.wrap(bytes);
    }

    @Test
    void anUnknownTypeIsRefused() {
        assertThatThrownBy(() -> MessageRegistry.decode(
                        new Payload(0xfff0, 1, 1, 127, 0, 0, Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY)))
                .isInstanceOf(MalformedInput.class);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aMessageThatNeedsANewerReaderIsRefused(Recording sample) {
        Payload p = sample.payload();
        Payload newer =
                new Payload(p.type(), 200, 200, p.priority(), p.tid(), p.dataOffset(), p.front(), p.middle(), p.data());
        assertThatThrownBy(() -> MessageRegistry.decode(newer)).isInstanceOf(MalformedInput.class);
    }

    private static void decodeOrRefuse(Payload payload) {
        try {
            MessageRegistry.decode(payload);
        } catch (MalformedInput expected) {
            assertThat(expected).hasMessageNotContaining("null");
        }
    }

    private static Payload with(Payload p, Bytes front, Bytes data) {
        return new Payload(
                p.type(),
                p.version(),
                p.compatVersion(),
                p.priority(),
                p.tid(),
                p.dataOffset(),
                front,
                p.middle(),
                data);
    }
}

package io.spirula.osd.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SlotsTest {
    private final Slots slots = new Slots(8);

    private void takeAll() {
        slots.seek(8);
        for (int i = 0; i < 8; i++) {
            assertThat(slots.take()).isEqualTo(i);
        }
    }

    @Test
    void aFullFileHasNoSlot() {
        takeAll();
        assertThatThrownBy(slots::take)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.NO_SPACE));
        slots.free(3);
        assertThat(slots.take()).isEqualTo(3);
    }

    @Test
    void slotsInARowAreFoundBehindSmallHoles() {
        takeAll();
        for (int slot : new int[] {1, 4, 5, 6}) {
            slots.free(slot);
        }
        slots.seek(3);
        assertThat(slots.take()).isEqualTo(4);
        assertThat(slots.take()).isEqualTo(5);
        assertThat(slots.take()).isEqualTo(6);
        assertThat(slots.take()).isEqualTo(1);
    }

    @Test
    void aSharedSlotIsGivenUpByTheLastWhoNamesIt() {
        int slot = slots.take();
        slots.name(slot);
        slots.name(slot);
        assertThat(slots.retire(slot)).isFalse();
        assertThat(slots.retire(slot)).isFalse();
        assertThat(slots.retire(slot)).isTrue();
    }

    @Test
    void aSlotThatIsReadIsNotTakenBeforeTheReadEnds() {
        takeAll();
        slots.pin(2);
        slots.pin(2);
        slots.free(2);
        slots.unpin(2);
        assertThatThrownBy(slots::take).isInstanceOf(StoreException.class);
        slots.unpin(2);
        assertThat(slots.take()).isEqualTo(2);
    }
}

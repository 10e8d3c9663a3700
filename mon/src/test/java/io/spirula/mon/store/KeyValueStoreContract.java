package io.spirula.mon.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store does. */
abstract class KeyValueStoreContract {
    private KeyValueStore store = new MemoryKeyValueStore();

    abstract KeyValueStore open();

    @BeforeEach
    void openStore() {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    private List<String> keys(String prefix, String from) {
        List<String> keys = new ArrayList<>();
        store.scan(prefix, from, (k, v) -> keys.add(k));
        return keys;
    }

    @Test
    void whatWasPutIsThere() {
        store.apply(new StoreTransaction().put("a", "k", Bytes.of("v")).put("a", "n", 7));
        assertThat(store.get("a", "k")).isEqualTo(Bytes.of("v"));
        assertThat(store.number("a", "n")).isEqualTo(7);
        assertThat(store.get("a", "x")).isNull();
        assertThat(store.number("a", "x")).isZero();
    }

    @Test
    void aTransactionsChangesHappenInOrder() {
        store.apply(new StoreTransaction()
                .put("a", "k", Bytes.of("1"))
                .erase("a", "k")
                .put("a", "k", Bytes.of("2"))
                .put("a", "gone", Bytes.of("3"))
                .erase("a", "gone"));
        assertThat(store.get("a", "k")).isEqualTo(Bytes.of("2"));
        assertThat(store.get("a", "gone")).isNull();
    }

    @Test
    void prefixesAreApartEvenWhereOneBeginsAnother() {
        store.apply(new StoreTransaction()
                .put("osd", "1", Bytes.of("x"))
                .put("osdmap", "1", Bytes.of("y"))
                .put("osd", "2", Bytes.of("z")));
        assertThat(keys("osd", "")).containsExactly("1", "2");
        assertThat(keys("osdmap", "")).containsExactly("1");
    }

    @Test
    void aScanBeginsWhereItIsToldAndEndsWhenItIsTold() {
        store.apply(new StoreTransaction()
                .put("a", "b", Bytes.EMPTY)
                .put("a", "c", Bytes.EMPTY)
                .put("a", "d", Bytes.EMPTY));
        assertThat(keys("a", "c")).containsExactly("c", "d");
        List<String> first = new ArrayList<>();
        store.scan("a", "", (k, v) -> {
            first.add(k);
            return false;
        });
        assertThat(first).containsExactly("b");
    }
}

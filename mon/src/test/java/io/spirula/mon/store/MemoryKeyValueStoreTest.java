package io.spirula.mon.store;

class MemoryKeyValueStoreTest extends KeyValueStoreContract {
    @Override
    KeyValueStore open() {
        return new MemoryKeyValueStore();
    }
}

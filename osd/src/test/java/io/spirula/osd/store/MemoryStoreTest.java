package io.spirula.osd.store;

class MemoryStoreTest extends ObjectStoreContract {
    private final MemoryStore.Disk disk = new MemoryStore.Disk();

    @Override
    ObjectStore open() {
        return new MemoryStore(disk, reactor::execute);
    }

    @Override
    void crash(ObjectStore crashed) {}
}

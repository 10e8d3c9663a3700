package io.spirula.osd.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A disk in memory under a block file, with what disks do: what was written and not synced may be there after a power failure in any part of its sectors or not at all; an operation fails from a chosen one on;
 * bits rot. What was synced and did not rot is there.
 */
final class FaultyDisk {
    private static final int SECTOR = 4096;

    /** What happens at the chosen operation and at all later ones. */
    enum Fault {
        /** A write may have happened in part, a sync not at all. */
        POWER_FAILURE_BEFORE("no power"),
        /** The operation has happened, but nobody hears of it. */
        POWER_FAILURE_AFTER("no power"),
        EIO("Input/output error"),
        ENOSPC("No space left on device");

        private final String message;

        Fault(String message) {
            this.message = message;
        }
    }

    private final TreeMap<Long, byte[]> durable = new TreeMap<>();
    private final TreeMap<Long, byte[]> current = new TreeMap<>();
    /** The sectors written since they were synced last, with all they have been meanwhile. */
    private final TreeMap<Long, List<byte[]>> unsynced = new TreeMap<>();

    private int operationsLeft = Integer.MAX_VALUE;
    private Fault fault = Fault.EIO;
    private int operations;

    /** A file on the disk. */
    BlockFile open() {
        return new File();
    }

    /** Fails from the operation on that has {@code before} others before it. */
    synchronized void failAfter(int before, Fault how) {
        operationsLeft = before;
        fault = how;
    }

    synchronized boolean hasFailed() {
        return operationsLeft < 0;
    }

    /** How many writes and syncs there were. */
    synchronized int operations() {
        return operations;
    }

    /** From here on nothing is written any more. */
    synchronized void freeze() {
        operationsLeft = Math.min(operationsLeft, 0);
    }

    /** The power goes and comes back: of what was not synced, each sector is as it was or as one of its writes left it. */
    synchronized void powerCycle(Random random) {
        unsynced.forEach((sector, versions) -> {
            int kept = random.nextInt(versions.size() + 1);
            if (kept > 0) {
                durable.put(sector, versions.get(kept - 1));
            }
        });
        unsynced.clear();
        current.clear();
        durable.forEach((sector, bytes) -> current.put(sector, bytes.clone()));
        operationsLeft = Integer.MAX_VALUE;
    }

    /** Changes one bit of what is there. */
    synchronized void rot(long position) {
        for (Map<Long, byte[]> map : List.of(durable, current)) {
            byte[] sector = map.get(position / SECTOR);
            if (sector != null) {
                sector[(int) (position % SECTOR)] ^= 16;
            }
        }
    }

    /** Whether the next operation fails, and as what. */
    private boolean fails() {
        operations++;
        return operationsLeft-- <= 0;
    }

    private final class File implements BlockFile {
        @Override
        public void write(long position, ByteBuffer source) throws IOException {
            assertAligned(position, source);
            synchronized (FaultyDisk.this) {
                boolean fails = fails();
                if (fails && operationsLeft != -1) {
                    throw new IOException(fault.message);
                }
                // A write that a failure meets has done its first half.
                int sectors = source.remaining() / SECTOR / (fails && fault != Fault.POWER_FAILURE_AFTER ? 2 : 1);
                for (int i = 0; i < sectors; i++) {
                    byte[] sector = new byte[SECTOR];
                    source.get(sector);
                    current.put(position / SECTOR + i, sector);
                    unsynced.computeIfAbsent(position / SECTOR + i, s -> new ArrayList<>())
                            .add(sector.clone());
                }
                if (fails) {
                    throw new IOException(fault.message);
                }
            }
        }

        @Override
        public void read(long position, ByteBuffer target) {
            assertAligned(position, target);
            synchronized (FaultyDisk.this) {
                byte[] never = new byte[SECTOR];
                Arrays.fill(never, (byte) 0x55);
                for (long sector = position / SECTOR; target.hasRemaining(); sector++) {
                    target.put(current.getOrDefault(sector, never));
                }
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (FaultyDisk.this) {
                boolean fails = fails();
                if (!fails || operationsLeft == -1 && fault == Fault.POWER_FAILURE_AFTER) {
                    unsynced.forEach((sector, versions) ->
                            durable.put(sector, versions.getLast().clone()));
                    unsynced.clear();
                }
                if (fails) {
                    throw new IOException(fault.message);
                }
            }
        }

        @Override
        public void close() {}

        private void assertAligned(long position, ByteBuffer buffer) {
            if (position % ALIGNMENT != 0 || buffer.remaining() % ALIGNMENT != 0 || buffer.position() != 0) {
                throw new AssertionError("an operation at " + position + " of " + buffer.remaining() + " bytes");
            }
        }
    }
}

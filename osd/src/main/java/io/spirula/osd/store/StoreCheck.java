package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.ObjectId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Checks a store that nobody has open: every record and block by its checksum, that objects have what their records say, that no two have the same slot of the block file but as clones, and that there is
 * nothing which no object has. One line for each problem. After the manner of BlueStore's fsck.
 */
public final class StoreCheck {
    private static final byte[] FIRST = {};
    private static final byte[] LAST = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1};

    /** What was looked at, and how many problems it has. */
    public record Result(long objects, long blocks, long bytes, long problems) {}

    private final RocksDatabase db;
    private final BlockIo io;
    private final Consumer<String> report;
    private final Set<Integer> collections = new HashSet<>();
    /** What each object's record says, by the object's number. */
    private final Map<Long, Onode> objects = new HashMap<>();

    private final Map<Integer, Place> places = new HashMap<>();
    private long blocks;
    private long bytes;
    private long problems;

    private StoreCheck(RocksDatabase db, BlockIo io, Consumer<String> report) {
        this.db = db;
        this.io = io;
        this.report = report;
    }

    /** Checks the store in {@code directory}; {@code report} gets a line for each problem. Throws StoreException where it cannot be opened. */
    public static Result run(Path directory, Consumer<String> report) {
        return run(directory, report, DirectFile::open);
    }

    static Result run(Path directory, Consumer<String> report, RocksStore.FileOpener opener) {
        try (RocksDatabase db = RocksDatabase.open(directory, RocksOptions.DEFAULT)) {
            BlockIo io = new BlockIo(RocksStore.blockFile(directory, opener));
            try {
                StoreCheck check = new StoreCheck(db, io, report);
                check.run();
                return new Result(check.objects.size(), check.blocks, check.bytes, check.problems);
            } finally {
                io.close();
            }
        }
    }

    private void run() {
        RocksCatalog catalog = new RocksCatalog(db, new Pending(), 1);
        for (CollectionId id : catalog.collections()) {
            if (!collections.add(catalog.number(id))) {
                problem("collection " + id + " has the number of another");
            }
        }
        db.each(RocksDatabase.OBJECTS, FIRST, LAST, this::object);
        db.each(RocksDatabase.DATA, FIRST, LAST, this::block);
        for (int family : new int[] {RocksDatabase.OMAP, RocksDatabase.PGLOG}) {
            db.each(family, FIRST, LAST, this::omap);
        }
        objects.keySet().stream()
                .filter(number -> number >= catalog.firstUnreserved())
                .forEach(number -> problem("object number " + number + " has not been given out yet"));
    }

    private void problem(String line) {
        problems++;
        report.accept(line);
    }

    private boolean object(byte[] key, byte[] record) {
        ObjectId id;
        Onode onode;
        try {
            id = ObjectKeys.object(key);
            onode = RocksCatalog.decode(RocksDatabase.checked(record, id), id);
        } catch (MalformedInput | StoreException e) {
            problem("an object's record: " + e.getMessage());
            return true;
        }
        if (!collections.contains(ByteBuffer.wrap(key).getInt())) {
            problem("object " + id + " is in no collection");
        }
        if (objects.put(onode.number, onode) != null) {
            problem("object " + id + " has the number " + onode.number + " of another");
        }
        for (int chunk = 0; chunk < onode.chunkCount(); chunk++) {
            int word = onode.chunk(chunk);
            Place place = onode.place(chunk);
            if (place != null) {
                place(id, place);
            } else if ((word & Onode.BASE) != 0) {
                stored(id, onode, chunk, BlockSource.BASE_PART);
            }
            for (int bits = word & Onode.BASE - 1; bits != 0; bits &= bits - 1) {
                stored(id, onode, chunk, Integer.numberOfTrailingZeros(bits) + 1);
            }
        }
        return true;
    }

    private void place(ObjectId id, Place place) {
        Place other = places.putIfAbsent(place.slot(), place);
        if (other != null) {
            if (!other.sameBytes(place)) {
                problem("object " + id + ": slot " + place.slot() + " of the block file is another object's too");
            }
            return;
        }
        blocks++;
        bytes += place.length();
        ReadPlan plan = new ReadPlan(place.length());
        plan.add(new ReadPlan.InFile(place, 0, place.length(), 0));
        try {
            plan.carryOut(io);
        } catch (StoreException e) {
            problem("object " + id + ": " + e.getMessage());
        }
    }

    private void stored(ObjectId id, Onode onode, int chunk, int part) {
        blocks++;
        try {
            Bytes block = StoredBlocks.stored(db, onode, chunk, part);
            bytes += block.size();
        } catch (StoreException e) {
            problem("object " + id + ": " + e.getMessage());
        }
    }

    private boolean block(byte[] key, byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(key);
        Onode onode = key.length == 13 ? objects.get(in.getLong()) : null;
        int chunk = onode == null ? 0 : in.getInt();
        int part = onode == null ? 0 : in.get();
        boolean known = onode != null
                && (part == BlockSource.BASE_PART
                        ? (onode.chunk(chunk) & Onode.BASE) != 0 && onode.place(chunk) == null
                        : part > 0 && part <= Onode.SUBS && (onode.chunk(chunk) & 1 << part - 1) != 0);
        if (!known) {
            problem("a block of " + value.length + " bytes in the database that no object has");
        }
        return true;
    }

    private boolean omap(byte[] key, byte[] value) {
        Onode onode = key.length < 8 ? null : objects.get(ByteBuffer.wrap(key).getLong());
        if (onode == null || !onode.hasOmap) {
            problem("an omap value of " + value.length + " bytes that no object has");
        }
        return true;
    }
}

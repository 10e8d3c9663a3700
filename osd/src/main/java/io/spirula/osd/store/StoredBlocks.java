package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import java.nio.ByteBuffer;

/** Objects' blocks as all submitted transactions have left them: on their way, in the database or in the block file. */
final class StoredBlocks implements BlockSource {
    private final RocksDatabase db;
    private final Pending pending;
    private final BlockIo io;
    private final RocksCommitter committer;

    StoredBlocks(RocksDatabase db, Pending pending, BlockIo io, RocksCommitter committer) {
        this.db = db;
        this.pending = pending;
        this.io = io;
        this.committer = committer;
    }

    /** Waits until the database has all that was submitted. Throws StoreException where the disk fails. */
    void settle() {
        if (!pending.isEmpty()) {
            committer.awaitWritten();
        }
    }

    /** Waits until the database has the object's omap as it is now. */
    void settleOmap(Onode onode) {
        if (pending.hasOmap(onode.number)) {
            committer.awaitWritten();
        }
    }

    static byte[] key(Onode onode, long chunk, int part) {
        return ByteBuffer.allocate(13)
                .putLong(onode.number)
                .putInt((int) chunk)
                .put((byte) part)
                .array();
    }

    @Override
    public Bytes block(Onode onode, long chunk, int part) {
        Bytes recent = pending.block(new Pending.BlockKey(onode.number, chunk, part));
        return recent != null ? recent : stored(db, onode, chunk, part);
    }

    static Bytes stored(RocksDatabase db, Onode onode, long chunk, int part) {
        byte[] value = db.find(RocksDatabase.DATA, key(onode, chunk, part));
        if (value == null) {
            throw new StoreException(
                    StoreException.Kind.DAMAGED,
                    "block " + chunk + "." + part + " of stored object " + onode.number + " is missing");
        }
        return RocksDatabase.checked(value, "block " + chunk + "." + part + " of stored object " + onode.number);
    }

    @Override
    public void placed(ReadPlan plan, ReadPlan.InFile piece) {
        Bytes recent = pending.data(piece.place().slot());
        if (recent == null) {
            plan.add(piece);
        } else {
            plan.add(recent.slice(piece.from(), piece.to() - piece.from()), piece.at());
        }
    }

    @Override
    public Bytes carryOut(ReadPlan plan) {
        return plan.carryOut(io);
    }
}

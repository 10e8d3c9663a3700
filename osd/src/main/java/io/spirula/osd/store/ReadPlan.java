package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import java.util.ArrayList;
import java.util.List;

/** Where a range of an object's bytes comes from: pieces at hand and pieces in the block file; what neither has is zeros. */
final class ReadPlan {
    /** Bytes {@code from} to {@code to} of what lies at a place, for byte {@code at} and on of the range. */
    record InFile(Place place, int from, int to, int at) {
        long fileStart() {
            return Place.position(place.slot()) + Place.start(from);
        }

        long fileEnd() {
            return Place.position(place.slot()) + place.end(to);
        }
    }

    private record AtHand(Bytes data, int at) {}

    private final int length;
    private final List<AtHand> atHand = new ArrayList<>();
    private final List<InFile> inFile = new ArrayList<>();

    ReadPlan(int length) {
        this.length = length;
    }

    /** Later pieces win over earlier ones at hand. */
    void add(Bytes data, int at) {
        if (!data.isEmpty()) {
            atHand.add(new AtHand(data, at));
        }
    }

    void add(InFile piece) {
        inFile.add(piece);
    }

    /** What has to be read from the block file, in the range's order. */
    List<InFile> inFile() {
        return inFile;
    }

    /** The bytes; reads the file where it has to. Throws StoreException where that is damaged. */
    Bytes carryOut(BlockIo io) {
        if (inFile.isEmpty() && atHand.size() == 1 && atHand.getFirst().data.size() == length) {
            return atHand.getFirst().data;
        }
        byte[] out = new byte[length];
        if (!inFile.isEmpty()) {
            io.read(inFile, out);
        }
        for (AtHand piece : atHand) {
            piece.data.copyTo(out, piece.at);
        }
        return Bytes.wrap(out);
    }
}

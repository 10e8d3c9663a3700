package io.spirula.librados.objecter;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapIncremental;
import io.spirula.common.message.OsdMapMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns messages with OSD maps into the maps that follow the one we have. Ceph: Objecter::handle_osd_map's first half. */
final class MapFeed {
    /**
     * What a message brought.
     *
     * @param maps the next ones, in order
     * @param skipped whether epochs are missing before the first of them, so that intervals may have passed unseen
     * @param gap whether maps are missing that must be asked for
     * @param wantsWhole whether an increment does not lead to the map that the monitors have, which must be asked for whole
     */
    record Delivery(List<OsdMap> maps, boolean skipped, boolean gap, boolean wantsWhole) {}

    private MapFeed() {}

    static Delivery read(OsdMapMessage message, @Nullable OsdMap current) {
        if (current == null) {
            Bytes newest = message.fulls().get(message.newest());
            List<OsdMap> first = newest == null ? List.of() : List.of(OsdMap.CODEC.fromBytes(newest));
            return new Delivery(first, false, newest == null, false);
        }
        List<OsdMap> maps = new ArrayList<>();
        boolean skipped = false;
        boolean gap = false;
        OsdMap last = current;
        TreeMap<Integer, Bytes> fulls = new TreeMap<>(message.fulls());
        for (int epoch = current.epoch() + 1; epoch <= newestIn(message); epoch++) {
            Bytes increment = last.epoch() == epoch - 1 ? message.incrementals().get(epoch) : null;
            Bytes full = message.fulls().get(epoch);
            Integer nextFull = fulls.higherKey(epoch);
            if (increment != null) {
                OsdMapIncremental change = OsdMapIncremental.CODEC.fromBytes(increment);
                OsdMap next = last.apply(change);
                if (!change.leadsTo(next)) {
                    return new Delivery(maps, skipped, false, true);
                }
                last = next;
            } else if (full != null) {
                last = OsdMap.CODEC.fromBytes(full);
            } else if (nextFull != null) { // asked for because an increment was wrong
                skipped = true;
                epoch = nextFull - 1;
                continue;
            } else if (epoch >= message.oldest()) {
                gap = true;
                break;
            } else { // nobody has it any more
                skipped = true;
                epoch = message.oldest() - 1;
                continue;
            }
            maps.add(last);
        }
        return new Delivery(maps, skipped, gap, false);
    }

    private static int newestIn(OsdMapMessage message) {
        int newest = 0;
        for (int epoch : message.incrementals().keySet()) {
            newest = Math.max(newest, epoch);
        }
        for (int epoch : message.fulls().keySet()) {
            newest = Math.max(newest, epoch);
        }
        return newest;
    }
}

package io.spirula.osd.heartbeat;

import io.spirula.common.maps.OsdMap;
import io.spirula.crush.Bucket;
import io.spirula.crush.CrushMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which OSDs one watches: all that it shares a placement group with; its neighbors by number, so that everybody is watched by somebody; one in each of several other parts of the hierarchy, so that enough parts can report a
 * failure; and more until they are enough. Ceph picks at random where we go round from our own place: nobody is picked by all.
 */
public final class PeerChoice {
    private final OsdMap map;
    private final int whoami;
    private final NavigableSet<Integer> chosen = new TreeSet<>();

    private PeerChoice(OsdMap map, int whoami) {
        this.map = map;
        this.whoami = whoami;
    }

    /** @param groupPeers members of common placement groups, whether up or not */
    public static NavigableSet<Integer> of(
            OsdMap map, int whoami, Collection<Integer> groupPeers, HeartbeatSettings settings) {
        PeerChoice choice = new PeerChoice(map, whoami);
        groupPeers.forEach(choice::add);
        choice.add(choice.upFrom(whoami, 1));
        choice.add(choice.upFrom(whoami, -1));
        choice.otherSubtrees(settings.subtreeLevel(), Math.max(settings.minReporters(), settings.minPeers()));
        choice.fillUpTo(settings.minPeers());
        return Collections.unmodifiableNavigableSet(choice.chosen);
    }

    private void add(int osd) {
        if (osd >= 0 && osd != whoami && map.isUp(osd)) {
            chosen.add(osd);
        }
    }

    /** The next OSD that is up, going round in steps of 1 or -1; ourselves where there is no other. */
    private int upFrom(int osd, int step) {
        int count = map.maxOsd();
        for (int i = 1; i < count; i++) {
            int at = Math.floorMod(osd + i * step, count);
            if (at == whoami || map.isUp(at)) {
                return at;
            }
        }
        return whoami;
    }

    private void otherSubtrees(String type, int most) {
        CrushMap crush = map.crushMap();
        int wanted = crush.typeId(type);
        if (wanted < 1) {
            return;
        }
        List<Bucket> subtrees = new ArrayList<>();
        int own = 0;
        for (Bucket bucket : crush.buckets()) {
            if (bucket.type() == wanted && !crush.isShadow(bucket.id())) {
                if (crush.leaves(bucket.id()).contains(whoami)) {
                    own = subtrees.size();
                } else {
                    subtrees.add(bucket);
                }
            }
        }
        int left = most;
        for (int i = 0; i < subtrees.size() && left > 0; i++) {
            Integer peer = upIn(subtrees.get((own + i) % subtrees.size()));
            if (peer != null) {
                add(peer);
                left--;
            }
        }
    }

    /** One in a subtree that is up and not chosen yet; who that is depends on who we are. */
    private @Nullable Integer upIn(Bucket subtree) {
        List<Integer> up = map.crushMap().leaves(subtree.id()).stream()
                .filter(osd -> map.isUp(osd) && !chosen.contains(osd))
                .toList();
        return up.isEmpty() ? null : up.get(whoami % up.size());
    }

    private void fillUpTo(int count) {
        int at = upFrom(whoami, 1);
        while (chosen.size() < count && at != whoami) {
            add(at);
            at = upFrom(at, 1);
        }
    }
}

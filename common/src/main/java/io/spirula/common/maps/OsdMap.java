package io.spirula.common.maps;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.format.Formatter;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.IntervalSet;
import io.spirula.common.types.PgId;
import io.spirula.common.types.Uuid;
import io.spirula.crush.CrushMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * The OSD map of one epoch: which OSDs there are and how they are, which pools there are, and with both where every object belongs. Immutable; the map of the
 * next epoch comes from {@link #apply}. Ceph: OSDMap.
 */
public final class OsdMap extends OsdMapFields {
    /** Decoding verifies the map's own CRC. */
    public static final Codec<OsdMap> CODEC = Codec.of((map, out) -> OsdMapCodec.encode(map, out), OsdMapCodec::decode);

    private volatile @Nullable PgMapping mapping;

    private OsdMap(OsdMapFields fields) {
        super(fields);
    }

    /** The map before any: epoch 0, to which a first incremental or a builder's settings are applied. */
    public static OsdMap empty(Uuid fsid) {
        return builder().fsid(fsid).build();
    }

    public static Builder builder() {
        return new Builder();
    }

    public Builder toBuilder() {
        return new Builder(this);
    }

    /**
     * The map of the next epoch.
     *
     * @throws IllegalArgumentException if {@code inc} does not follow this map
     * @throws io.spirula.common.encoding.MalformedInput if it does not make sense for this map
     */
    public OsdMap apply(OsdMapIncremental inc) {
        return OsdMapChange.apply(this, inc);
    }

    public Bytes encoded() {
        return CODEC.toBytes(this);
    }

    /** The CRC that the encoded map ends with. */
    public int crc() {
        return OsdMapCodec.encode(this, new Encoder(4096));
    }

    // ---- OSDs

    /** One more than the highest number an OSD may have. */
    public int maxOsd() {
        return osds.length;
    }

    /** All rows, by number. */
    public List<Osd> osds() {
        return Collections.unmodifiableList(Arrays.asList(osds));
    }

    /** An OSD's row; {@link Osd#NONE} for a number out of range. */
    public Osd osd(int number) {
        return number >= 0 && number < osds.length ? osds[number] : Osd.NONE;
    }

    public boolean exists(int osd) {
        return osd(osd).exists();
    }

    public boolean isUp(int osd) {
        return osd(osd).isUp();
    }

    public boolean isDown(int osd) {
        return !isUp(osd);
    }

    public boolean isIn(int osd) {
        return osd(osd).isIn();
    }

    public int numOsds() {
        return (int) Arrays.stream(osds).filter(Osd::exists).count();
    }

    public int numUpOsds() {
        return (int) Arrays.stream(osds).filter(Osd::isUp).count();
    }

    public int numInOsds() {
        return (int) Arrays.stream(osds).filter(Osd::isIn).count();
    }

    // ---- pools

    public @Nullable PgPool pool(long id) {
        return pools.get(id);
    }

    public @Nullable String poolName(long id) {
        return poolNames.get(id);
    }

    /** A pool's number, or -1. */
    public long poolId(String name) {
        for (var e : poolNames.entrySet()) {
            if (e.getValue().equals(name)) {
                return e.getKey();
            }
        }
        return -1;
    }

    // ---- placement

    /**
     * Where a placement group belongs and is served; {@link UpActing#NOWHERE} where its pool does not exist. Also takes a raw placement group, whose number is a
     * whole hash.
     */
    public UpActing pgToUpActing(PgId pg) {
        return mapping().of(pg);
    }

    /** What CRUSH alone says about a placement group. */
    public List<Integer> pgToRawOsds(PgId pg) {
        return mapping().raw(pg);
    }

    /** Every placement group of a pool in order; empty where there is no such pool. */
    public List<UpActing> poolToUpActing(long poolId) {
        PgPool pool = pool(poolId);
        List<UpActing> all = new ArrayList<>();
        for (int i = 0; pool != null && i < pool.pgNum(); i++) {
            all.add(pgToUpActing(new PgId(poolId, i)));
        }
        return all;
    }

    /** An object's raw placement group, whose number is its whole hash. Throws IllegalArgumentException where there is no such pool. */
    public PgId objectToRawPg(long poolId, Bytes namespace, Bytes key, Bytes name) {
        return new PgId(poolId, existing(poolId).hashKey(key.isEmpty() ? name : key, namespace));
    }

    /** An object's placement group; {@code key} is its locator key, or empty. Throws IllegalArgumentException where there is no such pool. */
    public PgId objectToPg(long poolId, Bytes namespace, Bytes key, Bytes name) {
        return rawPgToPg(objectToRawPg(poolId, namespace, key, name));
    }

    /** Folds a whole hash to a placement group that exists. Throws IllegalArgumentException where there is no such pool. */
    public PgId rawPgToPg(PgId raw) {
        return new PgId(raw.pool(), existing(raw.pool()).pgOf(raw.seed()));
    }

    private PgPool existing(long poolId) {
        PgPool pool = pool(poolId);
        if (pool == null) {
            throw new IllegalArgumentException("no pool " + poolId);
        }
        return pool;
    }

    private PgMapping mapping() {
        PgMapping m = mapping;
        if (m == null) {
            m = new PgMapping(this);
            mapping = m;
        }
        return m;
    }

    // ---- flags

    public boolean has(OsdMapFlag flag) {
        return flag.in(flags);
    }

    /** The oldest release whose clients can use this map. */
    public CephRelease minCompatClient() {
        return ClientFeatures.oldest(this);
    }

    // ---- texts

    /** Writes the members of the object that the map is: {@code ceph osd dump --format json}. */
    public void dump(Formatter f) {
        OsdMapDump.dump(this, f);
    }

    /** {@code ceph osd dump}. */
    public String print() {
        return OsdMapPrint.print(this);
    }

    /** One OSD's line of {@link #print}. */
    public String printOsd(int osd) {
        return OsdMapPrint.osd(osd, osd(osd));
    }

    /** Writes the object that one OSD is within {@link #dump}. */
    public void dumpOsd(int osd, Formatter f) {
        OsdMapDump.dumpOsd(this, osd, f);
    }

    /** The pools' part of {@link #print}: {@code ceph osd pool ls detail}. */
    public String printPools() {
        return OsdMapPrint.pools(this);
    }

    /** Whether an instance, its whole host, or the network it is in, is shut out. */
    public boolean isBlocklisted(EntityAddr addr) {
        if (addr.host().isEmpty() || blocklist.isEmpty() && rangeBlocklist.isEmpty()) {
            return false;
        }
        EntityAddr instance = addr.withKind(EntityAddr.Kind.ANY);
        return blocklist.containsKey(instance)
                || blocklist.containsKey(instance.withPort(0).withNonce(0))
                || rangeBlocklist.keySet().stream().anyMatch(network -> AddrOrder.contains(network, addr));
    }

    public boolean isBlocklisted(EntityAddrs addrs) {
        return addrs.list().stream().anyMatch(this::isBlocklisted);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof OsdMap m && epoch == m.epoch && encoded().equals(m.encoded());
    }

    @Override
    public int hashCode() {
        return 31 * fsid.hashCode() + epoch;
    }

    @Override
    public String toString() {
        return "osdmap e" + Integer.toUnsignedString(epoch);
    }

    /** A map being put together without incrementals: the first one, or a test's. Collections given to it are not to be changed afterwards. */
    public static final class Builder extends OsdMapFields {
        private Builder() {}

        private Builder(OsdMap from) {
            super(from);
        }

        public OsdMap build() {
            return new OsdMap(this);
        }

        /** All OSDs, by number. */
        public Builder osds(List<Osd> rows) {
            osds = rows.toArray(Osd[]::new);
            return this;
        }

        public Builder fsid(Uuid value) {
            fsid = value;
            return this;
        }

        public Builder epoch(int value) {
            epoch = value;
            return this;
        }

        public Builder created(Instant value) {
            created = value;
            return this;
        }

        public Builder modified(Instant value) {
            modified = value;
            return this;
        }

        public Builder pools(NavigableMap<Long, PgPool> value) {
            pools = value;
            return this;
        }

        public Builder poolNames(NavigableMap<Long, String> value) {
            poolNames = value;
            return this;
        }

        public Builder poolMax(int value) {
            poolMax = value;
            return this;
        }

        public Builder flags(int value) {
            flags = value;
            return this;
        }

        public Builder pgTemp(NavigableMap<PgId, List<Integer>> value) {
            pgTemp = value;
            return this;
        }

        public Builder primaryTemp(NavigableMap<PgId, Integer> value) {
            primaryTemp = value;
            return this;
        }

        public Builder primaryAffinitySet(boolean value) {
            primaryAffinitySet = value;
            return this;
        }

        /** Throws MalformedInput for what is no CRUSH map. */
        public Builder crush(Bytes encoded) {
            crush = EncodedCrush.of(encoded);
            return this;
        }

        public Builder crush(CrushMap value) {
            crush = EncodedCrush.of(value);
            return this;
        }

        public Builder erasureCodeProfiles(NavigableMap<String, NavigableMap<String, String>> value) {
            erasureCodeProfiles = value;
            return this;
        }

        public Builder pgUpmap(NavigableMap<PgId, List<Integer>> value) {
            pgUpmap = value;
            return this;
        }

        public Builder pgUpmapItems(NavigableMap<PgId, List<UpmapItem>> value) {
            pgUpmapItems = value;
            return this;
        }

        public Builder crushVersion(int value) {
            crushVersion = value;
            return this;
        }

        public Builder newRemovedSnaps(NavigableMap<Long, IntervalSet> value) {
            newRemovedSnaps = value;
            return this;
        }

        public Builder newPurgedSnaps(NavigableMap<Long, IntervalSet> value) {
            newPurgedSnaps = value;
            return this;
        }

        public Builder lastUpChange(Instant value) {
            lastUpChange = value;
            return this;
        }

        public Builder lastInChange(Instant value) {
            lastInChange = value;
            return this;
        }

        public Builder blocklist(NavigableMap<EntityAddr, Instant> value) {
            blocklist = AddrOrder.sorted(value);
            return this;
        }

        public Builder rangeBlocklist(NavigableMap<EntityAddr, Instant> value) {
            rangeBlocklist = AddrOrder.sorted(value);
            return this;
        }

        public Builder clusterSnapshotEpoch(int value) {
            clusterSnapshotEpoch = value;
            return this;
        }

        public Builder clusterSnapshot(String value) {
            clusterSnapshot = value;
            return this;
        }

        public Builder nearfullRatio(float value) {
            nearfullRatio = value;
            return this;
        }

        public Builder fullRatio(float value) {
            fullRatio = value;
            return this;
        }

        public Builder backfillfullRatio(float value) {
            backfillfullRatio = value;
            return this;
        }

        public Builder requireMinCompatClient(CephRelease value) {
            requireMinCompatClient = value;
            return this;
        }

        public Builder requireOsdRelease(CephRelease value) {
            requireOsdRelease = value;
            return this;
        }

        public Builder removedSnapsQueue(NavigableMap<Long, IntervalSet> value) {
            removedSnapsQueue = value;
            return this;
        }

        public Builder crushNodeFlags(NavigableMap<Integer, Integer> value) {
            crushNodeFlags = value;
            return this;
        }

        public Builder deviceClassFlags(NavigableMap<Integer, Integer> value) {
            deviceClassFlags = value;
            return this;
        }

        public Builder stretchMode(StretchMode value) {
            stretchMode = value;
            return this;
        }
    }
}

package io.spirula.common.maps;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.Uuid;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * The encoding of a full OSD map: a part for clients, a part for OSDs, and a CRC over both. Source: OSDMap::encode and OSDMap::decode (osd/OSDMap.cc).
 */
final class OsdMapCodec {
    private static final int VERSION = 8;
    private static final int CLIENT_VERSION = 9;
    private static final int OSD_VERSION = 9;
    private static final int OSD_VERSION_STRETCH = 10;
    private static final int OSD_VERSION_RANGE_BLOCKLIST = 11;

    private OsdMapCodec() {}

    /** Returns the CRC that the encoding ends with. */
    static int encode(OsdMap map, Encoder out) {
        int start = out.size();
        out.struct(VERSION, 7, o -> {
            o.struct(CLIENT_VERSION, 1, c -> encodeForClients(map, c));
            o.struct(osdVersion(map), 1, d -> encodeForOsds(map, d));
            o.u32(0); // the CRC's place
        });
        int crcAt = out.size() - 4;
        int crc = out.crc32c(start, crcAt);
        out.patchU32(crcAt, crc);
        return crc;
    }

    private static int osdVersion(OsdMap map) {
        return !map.rangeBlocklist.isEmpty()
                ? OSD_VERSION_RANGE_BLOCKLIST
                : map.stretchMode.enabled() ? OSD_VERSION_STRETCH : OSD_VERSION;
    }

    private static void encodeForClients(OsdMap m, Encoder o) {
        o.put(Uuid.CODEC, m.fsid).u32(m.epoch).time(m.created).time(m.modified);
        o.put(MapCodecs.POOLS, m.pools).put(MapCodecs.POOL_NAMES, m.poolNames).u32(m.poolMax);
        o.u32(m.flags).u32(m.osds.length);
        numbers(o, m, Osd::state);
        numbers(o, m, Osd::weight);
        column(o, m, EntityAddrs.CODEC, Osd::client);
        o.put(MapCodecs.OSDS_BY_PG, m.pgTemp).put(MapCodecs.OSD_BY_PG, m.primaryTemp);
        if (m.primaryAffinitySet) {
            numbers(o, m, Osd::primaryAffinity);
        } else {
            o.u32(0);
        }
        o.bytes(m.crush.encoded);
        o.put(MapCodecs.PROFILES, m.erasureCodeProfiles);
        o.put(MapCodecs.OSDS_BY_PG, m.pgUpmap).put(MapCodecs.UPMAP_ITEMS, m.pgUpmapItems);
        o.u32(m.crushVersion);
        o.put(MapCodecs.SNAPS, m.newRemovedSnaps).put(MapCodecs.SNAPS, m.newPurgedSnaps);
        o.time(m.lastUpChange).time(m.lastInChange);
    }

    private static void encodeForOsds(OsdMap m, Encoder o) {
        column(o, m, EntityAddrs.CODEC, Osd::heartbeatBack);
        column(o, m, OsdInfo.CODEC, Osd::info);
        AddrOrder.encode(m.blocklist, o);
        column(o, m, EntityAddrs.CODEC, Osd::cluster);
        o.u32(m.clusterSnapshotEpoch).string(m.clusterSnapshot);
        column(o, m, Uuid.CODEC, Osd::uuid);
        column(o, m, OsdXInfo.CODEC, Osd::xinfo);
        column(o, m, EntityAddrs.CODEC, Osd::heartbeatFront);
        o.f32(m.nearfullRatio).f32(m.fullRatio).f32(m.backfillfullRatio);
        MapCodecs.release(o, m.requireMinCompatClient);
        MapCodecs.release(o, m.requireOsdRelease);
        o.put(MapCodecs.SNAPS, m.removedSnapsQueue);
        o.put(MapCodecs.NUMBERS, m.crushNodeFlags).put(MapCodecs.NUMBERS, m.deviceClassFlags);
        int version = osdVersion(m);
        if (version >= OSD_VERSION_STRETCH) {
            o.put(StretchMode.IN_FULL_MAP, m.stretchMode);
        }
        if (version >= OSD_VERSION_RANGE_BLOCKLIST) {
            AddrOrder.encode(m.rangeBlocklist, o);
        }
    }

    private static void numbers(Encoder o, OsdMap m, ToIntFunction<Osd> field) {
        o.u32(m.osds.length);
        for (Osd osd : m.osds) {
            o.u32(field.applyAsInt(osd));
        }
    }

    private static <T> void column(Encoder o, OsdMap m, Codec<T> codec, Function<Osd, T> field) {
        o.u32(m.osds.length);
        for (Osd osd : m.osds) {
            o.put(codec, field.apply(osd));
        }
    }

    static OsdMap decode(Decoder in) {
        Framed framed = Framed.read(in, VERSION);
        OsdMap.Builder m = OsdMap.builder();
        Columns columns = new Columns();
        Decoder body = new Decoder(framed.body());
        body.struct(CLIENT_VERSION, (d, v) -> decodeForClients(m, columns, d, v));
        body.struct(OSD_VERSION_RANGE_BLOCKLIST, (d, v) -> decodeForOsds(m, columns, d, v));
        framed.checkCrc(body.position(), body.i32(), "an OSD map");
        m.osds = columns.join();
        normalizeFlags(m);
        return m.build();
    }

    /** From luminous on a release stands for what flags said before; Ceph's decoder sees to it. */
    private static void normalizeFlags(OsdMap.Builder m) {
        if (m.requireOsdRelease.atLeast(CephRelease.LUMINOUS)) {
            m.flags &= ~OsdMapFlag.LEGACY_REQUIRE;
            m.flags |= OsdMapFlag.RECOVERY_DELETES.mask();
        }
        if (m.requireOsdRelease.atLeast(CephRelease.NAUTILUS)) {
            m.flags |= OsdMapFlag.PGLOG_HARDLIMIT.mask();
        }
    }

    private static boolean decodeForClients(OsdMap.Builder m, Columns columns, Decoder d, int version) {
        if (version < CLIENT_VERSION) {
            throw new MalformedInput("an OSD map of version " + version + ", older than nautilus");
        }
        m.fsid(d.get(Uuid.CODEC)).epoch(d.i32()).created(d.time()).modified(d.time());
        m.pools(d.get(MapCodecs.POOLS)).poolNames(d.get(MapCodecs.POOL_NAMES)).poolMax(d.i32());
        m.flags(d.i32());
        columns.count = d.i32();
        columns.state = columns.numbers(d);
        columns.weight = columns.numbers(d);
        columns.client = columns.of(d, EntityAddrs.CODEC);
        m.pgTemp(d.get(MapCodecs.OSDS_BY_PG)).primaryTemp(d.get(MapCodecs.OSD_BY_PG));
        List<Integer> affinity = d.get(MapCodecs.OSDS);
        m.primaryAffinitySet(!affinity.isEmpty());
        columns.affinity = affinity;
        m.crush(d.bytes().compact());
        m.erasureCodeProfiles(d.get(MapCodecs.PROFILES));
        m.pgUpmap(d.get(MapCodecs.OSDS_BY_PG)).pgUpmapItems(d.get(MapCodecs.UPMAP_ITEMS));
        m.crushVersion(d.i32());
        m.newRemovedSnaps(d.get(MapCodecs.SNAPS)).newPurgedSnaps(d.get(MapCodecs.SNAPS));
        m.lastUpChange(d.time()).lastInChange(d.time());
        return true;
    }

    private static boolean decodeForOsds(OsdMap.Builder m, Columns columns, Decoder d, int version) {
        if (version < OSD_VERSION) {
            throw new MalformedInput("an OSD map's second part of version " + version + ", older than octopus");
        }
        columns.back = columns.of(d, EntityAddrs.CODEC);
        columns.info = columns.of(d, OsdInfo.CODEC);
        m.blocklist(AddrOrder.decode(d));
        columns.cluster = columns.of(d, EntityAddrs.CODEC);
        m.clusterSnapshotEpoch(d.i32()).clusterSnapshot(d.string());
        columns.uuid = columns.of(d, Uuid.CODEC);
        columns.xinfo = columns.of(d, OsdXInfo.CODEC);
        columns.front = columns.of(d, EntityAddrs.CODEC);
        m.nearfullRatio(d.f32()).fullRatio(d.f32()).backfillfullRatio(d.f32());
        m.requireMinCompatClient(MapCodecs.release(d)).requireOsdRelease(MapCodecs.release(d));
        m.removedSnapsQueue(d.get(MapCodecs.SNAPS));
        m.crushNodeFlags(d.get(MapCodecs.NUMBERS)).deviceClassFlags(d.get(MapCodecs.NUMBERS));
        if (version >= OSD_VERSION_STRETCH) {
            m.stretchMode(d.get(StretchMode.IN_FULL_MAP));
        }
        if (version >= OSD_VERSION_RANGE_BLOCKLIST) {
            m.rangeBlocklist(AddrOrder.decode(d));
        }
        return true;
    }

    /** The map's vectors by OSD, until all are read and can become rows. */
    private static final class Columns {
        int count;
        List<Integer> state = List.of();
        List<Integer> weight = List.of();
        List<Integer> affinity = List.of();
        List<EntityAddrs> client = List.of();
        List<EntityAddrs> cluster = List.of();
        List<EntityAddrs> back = List.of();
        List<EntityAddrs> front = List.of();
        List<OsdInfo> info = List.of();
        List<OsdXInfo> xinfo = List.of();
        List<Uuid> uuid = List.of();

        List<Integer> numbers(Decoder d) {
            return of(d, Codec.of((v, o) -> o.u32((int) v), Decoder::i32));
        }

        <T> List<T> of(Decoder d, Codec<T> codec) {
            List<T> column = MapCodecs.counted(d, 4, e -> e.get(codec));
            if (column.size() != count) {
                throw new MalformedInput("a column for " + column.size() + " of " + count + " OSDs");
            }
            return column;
        }

        Osd[] join() {
            if (!affinity.isEmpty() && affinity.size() != count) {
                throw new MalformedInput("primary affinities for " + affinity.size() + " of " + count + " OSDs");
            }
            Osd[] osds = new Osd[count];
            Arrays.setAll(
                    osds,
                    i -> new Osd(
                            state.get(i),
                            weight.get(i),
                            affinity.isEmpty() ? Osd.DEFAULT_AFFINITY : affinity.get(i),
                            client.get(i),
                            cluster.get(i),
                            back.get(i),
                            front.get(i),
                            info.get(i),
                            xinfo.get(i),
                            uuid.get(i)));
            return osds;
        }
    }

    /** A structure whose header takes part in a CRC that the structure itself carries. */
    record Framed(Bytes header, Bytes body) {
        static Framed read(Decoder in, int supported) {
            int version = in.u8();
            int compat = in.u8();
            if (compat > supported || version < supported) {
                throw new MalformedInput("an OSD map of version " + version + ", compatible with " + compat + ", where "
                        + supported + " is known");
            }
            Bytes body = in.bytes();
            Encoder header = new Encoder(6);
            header.u8(version).u8(compat).u32(body.size());
            return new Framed(header.toBytes(), body);
        }

        /** The CRC covers everything but its own four bytes at {@code crcAt}. */
        void checkCrc(int crcAt, int expected, String what) {
            int crc = body.slice(0, crcAt).crc32c(header.crc32c(-1));
            crc = body.slice(crcAt + 4, body.size() - crcAt - 4).crc32c(crc);
            if (crc != expected) {
                throw new MalformedInput(what + " has the CRC " + Integer.toHexString(expected) + ", its bytes give "
                        + Integer.toHexString(crc));
            }
        }
    }
}

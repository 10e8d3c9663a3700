package io.spirula.common.maps;

import io.spirula.common.encoding.Crc32c;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.Uuid;

/** The encoding of an incremental OSD map. Source: OSDMap::Incremental::encode and decode (osd/OSDMap.cc). */
final class OsdMapIncrementalCodec {
    private static final int VERSION = 8;
    private static final int CLIENT_VERSION = 8;
    private static final int OSD_VERSION = 9;
    private static final int OSD_VERSION_STRETCH = 10;
    private static final int OSD_VERSION_RANGE_BLOCKLIST = 11;

    private OsdMapIncrementalCodec() {}

    static void encode(OsdMapIncremental inc, Encoder out) {
        int start = out.size();
        out.struct(VERSION, 7, o -> {
            o.struct(CLIENT_VERSION, 1, c -> encodeForClients(inc, c));
            o.struct(osdVersion(inc), 1, d -> encodeForOsds(inc, d));
            o.u32(0); // the CRC's place
            o.u32(inc.fullCrc);
        });
        int crcAt = out.size() - 8;
        Encoder tail = new Encoder(4);
        tail.u32(inc.fullCrc);
        int tailCrc = tail.toBytes().slice(0, 4).crc32c(0);
        out.patchU32(crcAt, Crc32c.combine(out.crc32c(start, crcAt), tailCrc, 4));
    }

    private static int osdVersion(OsdMapIncremental inc) {
        return !inc.newRangeBlocklist.isEmpty() || !inc.oldRangeBlocklist.isEmpty()
                ? OSD_VERSION_RANGE_BLOCKLIST
                : inc.newStretchMode != null ? OSD_VERSION_STRETCH : OSD_VERSION;
    }

    private static void encodeForClients(OsdMapIncremental i, Encoder o) {
        o.put(Uuid.CODEC, i.fsid).u32(i.epoch).time(i.modified);
        o.u64(i.newPoolMax).u32(i.newFlags);
        o.bytes(i.fullMap).bytes(i.crush);
        o.u32(i.newMaxOsd);
        o.put(MapCodecs.POOLS, i.newPools).put(MapCodecs.POOL_NAMES, i.newPoolNames);
        o.list(i.oldPools, (p, e) -> e.u64(p));
        o.put(MapCodecs.ADDRS, i.newUpClient);
        o.put(MapCodecs.NUMBERS, i.newState).put(MapCodecs.NUMBERS, i.newWeight);
        o.put(MapCodecs.OSDS_BY_PG, i.newPgTemp).put(MapCodecs.OSD_BY_PG, i.newPrimaryTemp);
        o.put(MapCodecs.NUMBERS, i.newPrimaryAffinity);
        o.put(MapCodecs.PROFILES, i.newErasureCodeProfiles);
        o.list(i.oldErasureCodeProfiles, (s, e) -> e.string(s));
        o.put(MapCodecs.OSDS_BY_PG, i.newPgUpmap).put(MapCodecs.PGS, i.oldPgUpmap);
        o.put(MapCodecs.UPMAP_ITEMS, i.newPgUpmapItems).put(MapCodecs.PGS, i.oldPgUpmapItems);
        o.put(MapCodecs.SNAPS, i.newRemovedSnaps).put(MapCodecs.SNAPS, i.newPurgedSnaps);
        o.time(i.newLastUpChange).time(i.newLastInChange);
    }

    private static void encodeForOsds(OsdMapIncremental i, Encoder o) {
        o.put(MapCodecs.ADDRS, i.newHbBackUp);
        o.put(MapCodecs.NUMBERS, i.newUpThru).put(MapCodecs.INTERVALS, i.newLastCleanInterval);
        o.put(MapCodecs.NUMBERS, i.newLost);
        AddrOrder.encode(i.newBlocklist, o);
        o.list(i.oldBlocklist, (a, e) -> e.put(EntityAddr.CODEC, a));
        o.put(MapCodecs.ADDRS, i.newUpCluster);
        o.string(i.clusterSnapshot);
        o.put(MapCodecs.UUIDS, i.newUuid).put(MapCodecs.XINFOS, i.newXinfo);
        o.put(MapCodecs.ADDRS, i.newHbFrontUp);
        o.u64(i.encodeFeatures);
        o.f32(i.newNearfullRatio).f32(i.newFullRatio).f32(i.newBackfillfullRatio);
        MapCodecs.release(o, i.newRequireMinCompatClient);
        MapCodecs.release(o, i.newRequireOsdRelease);
        o.put(MapCodecs.NUMBERS, i.newCrushNodeFlags).put(MapCodecs.NUMBERS, i.newDeviceClassFlags);
        int version = osdVersion(i);
        if (version >= OSD_VERSION_STRETCH) {
            o.bool(i.newStretchMode != null);
            o.put(StretchMode.IN_INCREMENTAL, i.newStretchMode == null ? StretchMode.OFF : i.newStretchMode);
        }
        if (version >= OSD_VERSION_RANGE_BLOCKLIST) {
            AddrOrder.encode(i.newRangeBlocklist, o);
            o.list(i.oldRangeBlocklist, (a, e) -> e.put(EntityAddr.CODEC, a));
        }
    }

    static OsdMapIncremental decode(Decoder in) {
        OsdMapCodec.Framed framed = OsdMapCodec.Framed.read(in, VERSION);
        OsdMapIncremental.Builder i = OsdMapIncremental.builder();
        Decoder body = new Decoder(framed.body());
        body.struct(CLIENT_VERSION, (d, v) -> decodeForClients(i, d, v));
        body.struct(OSD_VERSION_RANGE_BLOCKLIST, (d, v) -> decodeForOsds(i, d, v));
        int crcAt = body.position();
        int crc = body.i32();
        i.fullCrc(body.i32());
        framed.checkCrc(crcAt, crc, "an incremental OSD map");
        return i.build();
    }

    private static boolean decodeForClients(OsdMapIncremental.Builder i, Decoder d, int version) {
        if (version < CLIENT_VERSION) {
            throw new MalformedInput("an incremental OSD map of version " + version + ", older than nautilus");
        }
        i.fsid(d.get(Uuid.CODEC)).epoch(d.i32()).modified(d.time());
        i.newPoolMax(d.u64()).newFlags(d.i32());
        i.fullMap(d.bytes().compact()).crush(d.bytes().compact());
        i.newMaxOsd(d.i32());
        i.newPools(d.get(MapCodecs.POOLS)).newPoolNames(d.get(MapCodecs.POOL_NAMES));
        i.oldPools(Sorted.set(d, 8, Decoder::u64));
        i.newUpClient(d.get(MapCodecs.ADDRS));
        i.newState(d.get(MapCodecs.NUMBERS)).newWeight(d.get(MapCodecs.NUMBERS));
        i.newPgTemp(d.get(MapCodecs.OSDS_BY_PG)).newPrimaryTemp(d.get(MapCodecs.OSD_BY_PG));
        i.newPrimaryAffinity(d.get(MapCodecs.NUMBERS));
        i.newErasureCodeProfiles(d.get(MapCodecs.PROFILES));
        i.oldErasureCodeProfiles(MapCodecs.counted(d, 4, Decoder::string));
        i.newPgUpmap(d.get(MapCodecs.OSDS_BY_PG)).oldPgUpmap(d.get(MapCodecs.PGS));
        i.newPgUpmapItems(d.get(MapCodecs.UPMAP_ITEMS)).oldPgUpmapItems(d.get(MapCodecs.PGS));
        i.newRemovedSnaps(d.get(MapCodecs.SNAPS)).newPurgedSnaps(d.get(MapCodecs.SNAPS));
        i.newLastUpChange(d.time()).newLastInChange(d.time());
        return true;
    }

    private static boolean decodeForOsds(OsdMapIncremental.Builder i, Decoder d, int version) {
        if (version < OSD_VERSION) {
            throw new MalformedInput(
                    "an incremental OSD map's second part of version " + version + ", older than octopus");
        }
        i.newHbBackUp(d.get(MapCodecs.ADDRS));
        i.newUpThru(d.get(MapCodecs.NUMBERS)).newLastCleanInterval(d.get(MapCodecs.INTERVALS));
        i.newLost(d.get(MapCodecs.NUMBERS));
        i.newBlocklist(AddrOrder.decode(d));
        i.oldBlocklist(MapCodecs.counted(d, 11, e -> e.get(EntityAddr.CODEC)));
        i.newUpCluster(d.get(MapCodecs.ADDRS));
        i.clusterSnapshot(d.string());
        i.newUuid(d.get(MapCodecs.UUIDS)).newXinfo(d.get(MapCodecs.XINFOS));
        i.newHbFrontUp(d.get(MapCodecs.ADDRS));
        i.encodeFeatures(d.u64());
        i.newNearfullRatio(d.f32()).newFullRatio(d.f32()).newBackfillfullRatio(d.f32());
        i.newRequireMinCompatClient(MapCodecs.release(d)).newRequireOsdRelease(MapCodecs.release(d));
        i.newCrushNodeFlags(d.get(MapCodecs.NUMBERS)).newDeviceClassFlags(d.get(MapCodecs.NUMBERS));
        if (version >= OSD_VERSION_STRETCH) {
            boolean changes = d.bool();
            StretchMode mode = d.get(StretchMode.IN_INCREMENTAL);
            i.newStretchMode(changes ? mode : null);
        }
        if (version >= OSD_VERSION_RANGE_BLOCKLIST) {
            i.newRangeBlocklist(AddrOrder.decode(d));
            i.oldRangeBlocklist(MapCodecs.counted(d, 11, e -> e.get(EntityAddr.CODEC)));
        }
        return true;
    }
}

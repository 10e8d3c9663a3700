package io.spirula.common.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import java.util.List;

/**
 * What a scrub of a placement group found, page by page: {@link InconsistentObject}s, or inconsistent snap sets, encoded one by one. Ceph: scrub_ls_result_t (common/scrub_types.cc).
 *
 * @param interval the epoch since which the group has had these members; another one makes what was listed before void
 */
public record ScrubListing(int interval, List<Bytes> found) {
    /**
     * Asks for a page. Ceph: scrub_ls_arg_t.
     *
     * @param interval of the listing that this goes on with; 0 for none
     * @param snapSets whether snap sets are asked for, rather than objects
     */
    public record Request(
            int interval, boolean snapSets, Bytes afterName, Bytes afterNamespace, long afterSnap, long most) {
        public static final Codec<Request> CODEC = Codec.of(
                (r, out) -> out.struct(
                        1,
                        1,
                        o -> o.u32(r.interval)
                                .u32(r.snapSets ? 1 : 0)
                                .bytes(r.afterName)
                                .bytes(r.afterNamespace)
                                .u64(r.afterSnap)
                                .u64(r.most)),
                in -> in.struct(1, (b, v) -> new Request(b.i32(), b.i32() != 0, b.name(), b.name(), b.u64(), b.u64())));
    }

    public static final Codec<ScrubListing> CODEC = Codec.of(
            (l, out) -> out.struct(1, 1, o -> o.u32(l.interval).list(l.found, (f, e) -> e.bytes(f))),
            in -> in.struct(1, (b, v) -> new ScrubListing(b.i32(), b.list(Decoder::bytes))));

    public ScrubListing {
        found = List.copyOf(found);
    }
}

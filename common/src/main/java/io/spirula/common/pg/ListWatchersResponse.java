package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityId;
import java.util.List;

/** Who watches an object. Ceph: obj_list_watch_response_t. */
public record ListWatchersResponse(List<Watcher> watchers) {
    /** One watch of one client. Ceph: watch_item_t. */
    public record Watcher(EntityId client, long cookie, int timeoutSeconds, EntityAddr addr) {
        private void encode(Encoder out) {
            out.struct(
                    2,
                    1,
                    o -> o.put(EntityId.CODEC, client)
                            .u64(cookie)
                            .u32(timeoutSeconds)
                            .put(EntityAddr.CODEC, addr));
        }

        private static Watcher decode(Decoder in) {
            return in.struct(
                    2,
                    (b, v) -> new Watcher(
                            b.get(EntityId.CODEC),
                            b.u64(),
                            b.i32(),
                            v >= 2 ? b.get(EntityAddr.CODEC) : EntityAddr.NONE));
        }
    }

    public static final Codec<ListWatchersResponse> CODEC = Codec.of(
            (r, out) -> out.struct(1, 1, o -> o.list(r.watchers, Watcher::encode)),
            in -> in.struct(1, (b, v) -> new ListWatchersResponse(b.list(Watcher::decode))));

    public ListWatchersResponse {
        watchers = List.copyOf(watchers);
    }
}

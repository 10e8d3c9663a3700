package io.spirula.osd.pg;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spirula.common.command.Json;
import io.spirula.common.command.Refusal;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.pg.CleanRegions;
import io.spirula.common.pg.PgDump;
import io.spirula.common.pg.PgMissing;
import io.spirula.common.types.Errno;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.peering.PgMembers;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The answer to {@code pg list_unfound}. Source: PrimaryLogPG::do_command. */
final class UnfoundListing {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    /** Ceph: osd_command_max_records. */
    private static final int MOST = 256;

    private UnfoundListing() {}

    /**
     * @param offset where to go on, in JSON; null for the beginning. Throws Refusal
     * @param search what peering says of the search
     */
    static Json of(PgMembers members, @Nullable String offset, Json search) {
        ObjectId after = offset == null ? ObjectId.MIN : read(offset);
        TreeSet<ObjectId> unfound = new TreeSet<>(members.unfound());
        List<Object> objects = new ArrayList<>();
        boolean more = false;
        for (ObjectId object : unfound.tailSet(after, false)) {
            PgMissing.Item item = members.missingItem(object);
            more = objects.size() == MOST;
            if (more) {
                break;
            }
            if (item != null) {
                objects.add(Json.object()
                        .put("oid", PgDump.object(object))
                        .put("need", item.need().toString())
                        .put("have", item.have().toString())
                        .put("flags", item.delete() ? "delete" : "none")
                        .put("clean_regions", text(item.cleanRegions()))
                        .put("locations", List.of()));
            }
        }
        Json json = Json.object();
        if (offset != null) {
            json.put("offset", PgDump.object(after));
        }
        return json.put("num_missing", members.missing().size())
                .put("num_unfound", unfound.size())
                .put("objects", objects)
                .putAll(search)
                .put("more", more);
    }

    private static String text(CleanRegions r) {
        return "clean_offsets: " + r.cleanOffsets() + ", clean_omap: " + (r.cleanOmap() ? 1 : 0) + ", new_object: "
                + (r.newObject() ? 1 : 0);
    }

    /** Ceph: hobject_t::decode(json_spirit::Value). */
    private static ObjectId read(String text) {
        try {
            JsonNode n = MAPPER.readTree(text);
            if (n == null || !n.isObject()) {
                throw new Refusal(Errno.EINVAL, "error parsing offset: bad json");
            }
            return new ObjectId(
                    n.path("pool").asLong(),
                    Bytes.of(n.path("namespace").asText()),
                    Bytes.of(n.path("key").asText()),
                    Bytes.of(n.path("oid").asText()),
                    n.path("snapid").asLong(),
                    (int) n.path("hash").asLong(),
                    n.path("max").asInt() != 0);
        } catch (JsonProcessingException e) {
            throw new Refusal(Errno.EINVAL, "error parsing offset: bad json");
        }
    }
}

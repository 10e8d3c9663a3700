package io.spirula.tools.objectstore;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.store.CollectionId;
import org.jspecify.annotations.Nullable;

/**
 * An object of a store as the command line names it: {@code ["1.0",{"oid":"name","key":"","snapid":-2,"hash":1,"max":0,"pool":1,"namespace":"","max":0}]}.
 *
 * @param collection null where only the object was given
 */
record StoredObjectName(@Nullable CollectionId collection, ObjectId object) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Null for what is no such JSON. Throws IllegalArgumentException for a group's id that is none. */
    static @Nullable StoredObjectName parse(String text) {
        JsonNode node;
        try {
            node = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return null;
        }
        boolean pair = node.isArray() && node.size() == 2;
        JsonNode object = pair ? node.get(1) : node;
        if (!object.isObject() || !object.has("oid")) {
            return null;
        }
        CollectionId collection = pair ? collection(node.get(0).asText()) : null;
        return new StoredObjectName(
                collection,
                new ObjectId(
                        object.path("pool").asLong(),
                        Bytes.of(object.path("namespace").asText()),
                        Bytes.of(object.path("key").asText()),
                        Bytes.of(object.path("oid").asText()),
                        object.path("snapid").asLong(ObjectId.HEAD),
                        (int) object.path("hash").asLong(),
                        object.path("max").asInt() != 0));
    }

    static CollectionId collection(String text) {
        return text.equals("meta") ? CollectionId.META : CollectionId.of(ShardPgId.replica(PgId.parse(text)));
    }

    static String text(CollectionId collection) {
        ShardPgId pg = collection.pg();
        return pg == null ? "meta" : pg.toString();
    }

    /** As {@code --op list} prints it. */
    @Override
    public String toString() {
        String id = "{\"oid\":" + quoted(object.name()) + ",\"key\":" + quoted(object.key()) + ",\"snapid\":"
                + object.snap() + ",\"hash\":" + (object.hash() & 0xffffffffL) + ",\"max\":0,\"pool\":" + object.pool()
                + ",\"namespace\":" + quoted(object.namespace()) + ",\"max\":0}";
        return collection == null ? id : "[\"" + text(collection) + "\"," + id + "]";
    }

    private static String quoted(Bytes text) {
        return JsonNodeFactory.instance.textNode(text.utf8()).toString();
    }
}

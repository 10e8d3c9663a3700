package io.spirula.librados;

import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.types.EntityName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Says which cluster to connect to and as whom: from a ceph.conf, or piece by piece. What is given here wins over the file. */
public final class RadosBuilder {
    private EntityName name = EntityName.client("admin");
    private CephConf conf = CephConf.EMPTY;
    private final Map<String, String> options = new LinkedHashMap<>();
    private @Nullable Executor callbacks;

    RadosBuilder() {}

    /** A ceph.conf. Throws ConfigException where there is none, or it is not one. */
    public RadosBuilder conf(Path file) {
        conf = CephConf.load(file);
        return this;
    }

    /** Whom to connect as, {@code client.admin} if nothing is said. */
    public RadosBuilder name(String entity) {
        name = EntityName.parse(entity);
        return this;
    }

    /** The monitors, as in ceph.conf: {@code v2:10.0.0.1:3300}. */
    public RadosBuilder monHost(String addresses) {
        return option("mon_host", addresses);
    }

    /** The key itself, as keyrings have it. */
    public RadosBuilder key(String base64) {
        return option("key", base64);
    }

    public RadosBuilder keyring(Path file) {
        return option("keyring", file.toString());
    }

    /** The deadline of each operation on objects. */
    public RadosBuilder operationTimeout(Duration timeout) {
        return option("rados_osd_op_timeout", timeout.toMillis() + "ms");
    }

    public RadosBuilder connectTimeout(Duration timeout) {
        return option("client_mount_timeout", timeout.toMillis() + "ms");
    }

    /** Any option of Ceph's configuration. */
    public RadosBuilder option(String option, String value) {
        options.put(option, value);
        return this;
    }

    /** Where futures complete, instead of on the client's own thread: give one if what follows them may block. */
    public RadosBuilder executor(Executor executor) {
        callbacks = executor;
        return this;
    }

    /** Connects. Throws RadosException with ETIMEDOUT, or with EACCES where the key is wrong. */
    public Rados connect() {
        return Rados.connect(Config.of(name, conf).with(options), callbacks);
    }
}

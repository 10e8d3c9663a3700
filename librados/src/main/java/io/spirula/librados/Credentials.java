package io.spirula.librados;

import io.spirula.common.auth.Keyring;
import io.spirula.common.config.Config;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.Errno;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** Where a configuration says that our key is, and what is wrong with it. */
final class Credentials {
    private static final String KEYRINGS =
            "/etc/ceph/$cluster.$name.keyring,/etc/ceph/$cluster.keyring,/etc/ceph/keyring,/etc/ceph/keyring.bin";

    private Credentials() {}

    /** The option {@code key}, else the file {@code keyfile}, else the first of {@code keyring}'s files that exists; empty where there is none. */
    static Keyring keyring(Config config) {
        try {
            return Keyring.configured(config, KEYRINGS);
        } catch (NoSuchFileException e) {
            throw new RadosException(Errno.ENOENT, "no key file " + e.getFile());
        } catch (IOException e) {
            throw new RadosException(Errno.EACCES, "can't read the key: " + e.getMessage(), e);
        } catch (MalformedInput | IllegalArgumentException e) {
            throw new RadosException(Errno.EINVAL, "not a key: " + e.getMessage(), e);
        }
    }
}

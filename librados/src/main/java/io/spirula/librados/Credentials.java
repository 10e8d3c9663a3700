package io.spirula.librados;

import io.spirula.common.auth.AuthSettings;
import io.spirula.common.auth.ConnectionMode;
import io.spirula.common.auth.CryptoKey;
import io.spirula.common.auth.Keyring;
import io.spirula.common.config.Config;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Where a configuration says that our key is, and which methods and modes it allows. */
final class Credentials {
    private static final String KEYRINGS =
            "/etc/ceph/$cluster.$name.keyring,/etc/ceph/$cluster.keyring,/etc/ceph/keyring,/etc/ceph/keyring.bin";

    private Credentials() {}

    static AuthSettings settings(Config config) {
        String secureFirst = "secure crc";
        String crcFirst = "crc secure";
        String all = config.string("auth_supported", "");
        return AuthSettings.of(
                        EntityType.CLIENT,
                        all.isEmpty() ? config.string("auth_cluster_required", "cephx") : all,
                        all.isEmpty() ? config.string("auth_service_required", "cephx") : all,
                        all.isEmpty() ? config.string("auth_client_required", "cephx, none") : all)
                .withModes(
                        modes(config, "ms_cluster_mode", crcFirst),
                        modes(config, "ms_service_mode", crcFirst),
                        modes(config, "ms_client_mode", crcFirst))
                .withMonModes(
                        modes(config, "ms_mon_cluster_mode", secureFirst),
                        modes(config, "ms_mon_service_mode", secureFirst),
                        modes(config, "ms_mon_client_mode", secureFirst));
    }

    private static List<ConnectionMode> modes(Config config, String option, String fallback) {
        return ConnectionMode.parseList(config.string(option, fallback));
    }

    /** The option {@code key}, else the file {@code keyfile}, else the first of {@code keyring}'s files that exists; empty where there is none. */
    static Keyring keyring(Config config) {
        String key = config.string("key", "");
        String keyFile = config.string("keyfile", "");
        try {
            if (!key.isEmpty()) {
                return Keyring.of(config.name(), CryptoKey.parse(key.strip()));
            }
            if (!keyFile.isEmpty()) {
                return Keyring.of(
                        config.name(),
                        CryptoKey.parse(Files.readString(Path.of(keyFile)).strip()));
            }
            for (String file : config.string("keyring", KEYRINGS).split("[,;\\s]+")) {
                Path path = Path.of(file);
                if (Files.exists(path)) {
                    return Keyring.load(path);
                }
            }
            return Keyring.EMPTY;
        } catch (NoSuchFileException e) {
            throw new RadosException(Errno.ENOENT, "no key file " + e.getFile());
        } catch (IOException e) {
            throw new RadosException(Errno.EACCES, "can't read the key: " + e.getMessage(), e);
        } catch (MalformedInput | IllegalArgumentException e) {
            throw new RadosException(Errno.EINVAL, "not a key: " + e.getMessage(), e);
        }
    }
}

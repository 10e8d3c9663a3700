package io.spirula.common.auth;

import io.spirula.common.config.Config;
import io.spirula.common.types.EntityType;
import java.util.List;

/**
 * Which methods and modes one process accepts and asks for, by whom it talks to: Ceph's auth_*_required and ms_*_mode. Ceph: AuthRegistry.
 *
 * @param self what kind of process this is
 * @param clusterMethods auth_cluster_required, between daemons
 * @param serviceMethods auth_service_required, what daemons ask of clients
 * @param clientMethods auth_client_required, what a client is ready to use
 */
public record AuthSettings(
        EntityType self,
        List<AuthMethod> clusterMethods,
        List<AuthMethod> serviceMethods,
        List<AuthMethod> clientMethods,
        List<ConnectionMode> clusterModes,
        List<ConnectionMode> serviceModes,
        List<ConnectionMode> clientModes,
        List<ConnectionMode> monClusterModes,
        List<ConnectionMode> monServiceModes,
        List<ConnectionMode> monClientModes) {

    /** Pacific's defaults. */
    public static AuthSettings defaults(EntityType self) {
        return of(self, "cephx", "cephx", "cephx, none");
    }

    /** Everything without proof. */
    public static AuthSettings none(EntityType self) {
        return of(self, "none", "none", "none");
    }

    /** The three settings of methods as they stand in a configuration, with pacific's default modes. */
    public static AuthSettings of(EntityType self, String cluster, String service, String client) {
        List<ConnectionMode> crcFirst = List.of(ConnectionMode.CRC, ConnectionMode.SECURE);
        List<ConnectionMode> secureFirst = List.of(ConnectionMode.SECURE, ConnectionMode.CRC);
        return new AuthSettings(
                self,
                AuthMethod.parseList(cluster),
                AuthMethod.parseList(service),
                AuthMethod.parseList(client),
                crcFirst,
                crcFirst,
                crcFirst,
                secureFirst,
                secureFirst,
                secureFirst);
    }

    /** As a configuration has it, with pacific's defaults for what it does not say. */
    public static AuthSettings configured(EntityType self, Config config) {
        String all = config.string("auth_supported", "");
        return of(
                        self,
                        all.isEmpty() ? config.string("auth_cluster_required", "cephx") : all,
                        all.isEmpty() ? config.string("auth_service_required", "cephx") : all,
                        all.isEmpty() ? config.string("auth_client_required", "cephx, none") : all)
                .withModes(
                        modes(config, "ms_cluster_mode", "crc secure"),
                        modes(config, "ms_service_mode", "crc secure"),
                        modes(config, "ms_client_mode", "crc secure"))
                .withMonModes(
                        modes(config, "ms_mon_cluster_mode", "secure crc"),
                        modes(config, "ms_mon_service_mode", "secure crc"),
                        modes(config, "ms_mon_client_mode", "secure crc"));
    }

    private static List<ConnectionMode> modes(Config config, String option, String fallback) {
        return ConnectionMode.parseList(config.string(option, fallback));
    }

    /** ms_cluster_mode, ms_service_mode and ms_client_mode. */
    public AuthSettings withModes(
            List<ConnectionMode> cluster, List<ConnectionMode> service, List<ConnectionMode> client) {
        return new AuthSettings(
                self,
                clusterMethods,
                serviceMethods,
                clientMethods,
                cluster,
                service,
                client,
                monClusterModes,
                monServiceModes,
                monClientModes);
    }

    /** ms_mon_cluster_mode, ms_mon_service_mode and ms_mon_client_mode. */
    public AuthSettings withMonModes(
            List<ConnectionMode> cluster, List<ConnectionMode> service, List<ConnectionMode> client) {
        return new AuthSettings(
                self,
                clusterMethods,
                serviceMethods,
                clientMethods,
                clusterModes,
                serviceModes,
                clientModes,
                cluster,
                service,
                client);
    }

    /** Methods between us and a peer of this kind, the preferred first. */
    public List<AuthMethod> methods(EntityType peer) {
        return switch (self) {
            case CLIENT, AUTH, NONE -> clientMethods;
            case MON, MGR -> isMonitorLike(peer) ? clusterMethods : serviceMethods;
            case OSD, MDS -> peer == EntityType.CLIENT || peer == EntityType.AUTH ? serviceMethods : clusterMethods;
        };
    }

    /** Modes between us and a peer of this kind once it has authenticated by {@code method}, the preferred first. */
    public List<ConnectionMode> modes(EntityType peer, AuthMethod method) {
        List<ConnectionMode> modes = modes(peer);
        return method == AuthMethod.NONE // no shared secret to encrypt with
                ? modes.stream().filter(m -> m != ConnectionMode.SECURE).toList()
                : modes;
    }

    public List<ConnectionMode> modes(EntityType peer) {
        return switch (self) {
            case CLIENT, AUTH, NONE -> isMonitorLike(peer) ? monClientModes : clientModes;
            case MON, MGR -> isMonitorLike(peer) ? monClusterModes : monServiceModes;
            case OSD, MDS ->
                switch (peer) {
                    case MON, MGR -> monClusterModes;
                    case OSD, MDS -> clusterModes;
                    case CLIENT, AUTH, NONE -> serviceModes;
                };
        };
    }

    private static boolean isMonitorLike(EntityType type) {
        return type == EntityType.MON || type == EntityType.MGR;
    }
}

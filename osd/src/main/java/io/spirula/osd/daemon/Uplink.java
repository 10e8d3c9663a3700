package io.spirula.osd.daemon;

import io.spirula.common.auth.ClientAuth;
import io.spirula.common.auth.ServiceAuthServer;
import io.spirula.common.monclient.ClusterLogClient;
import io.spirula.common.monclient.MonAuth;
import io.spirula.common.monclient.MonClient;
import io.spirula.common.monclient.MonClientListener;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import java.util.List;

/** What ties an OSD to its cluster: its ends of the network, its session with a monitor, and where it says what people should know; all with the one login. */
record Uplink(OsdNetwork network, MonClient monitors, ClusterLogClient clusterLog) {
    private static final List<EntityType> SERVICES = List.of(EntityType.MON, EntityType.OSD, EntityType.MGR);

    /** @param listener is told of the session with the monitors */
    static Uplink of(OsdDaemon.Env env, MonClientListener listener) {
        int whoami = env.settings().whoami();
        EntityName name = new EntityName(EntityType.OSD, Integer.toString(whoami));
        ClientAuth login = new ClientAuth(
                env.auth(),
                name,
                env.keyring(),
                SERVICES,
                env.random(),
                env.reactor().clock());
        MonAuth auth = new MonAuth(login);
        ServiceAuthServer server = new ServiceAuthServer(env.auth(), login.rotatingKeys(), env.random());
        OsdMessengers m = env.messengers();
        OsdNetwork network = new OsdNetwork(
                m.make(OsdMessengers.Role.CLIENTS, auth, server),
                m.make(OsdMessengers.Role.CLUSTER, auth, server),
                m.make(OsdMessengers.Role.HEARTBEAT_SERVER, auth, server),
                m.make(OsdMessengers.Role.HEARTBEAT_SERVER, auth, server),
                m.make(OsdMessengers.Role.HEARTBEAT_CLIENT, auth, null));
        MonClient monitors = new MonClient(
                env.monClient(), env.monitors(), env.reactor(), env.random(), network.clients(), auth, listener);
        ClusterLogClient clusterLog = new ClusterLogClient(
                name,
                () -> new EntityId(EntityType.OSD, whoami),
                network.clients()::addrs,
                env.reactor(),
                ClusterLogClient.GATHER,
                monitors);
        return new Uplink(network, monitors, clusterLog);
    }
}

package io.spirula.mon.daemon;

import io.spirula.common.auth.AuthClient;
import io.spirula.common.auth.AuthServer;
import io.spirula.common.msgr.Messenger;

/** Where a monitor's messengers come from: a real network's, or a simulated one's. */
public interface MessengerFactory {
    Messenger monitor(int rank, AuthClient client, AuthServer server);

    Messenger manager(AuthClient client, AuthServer server);
}

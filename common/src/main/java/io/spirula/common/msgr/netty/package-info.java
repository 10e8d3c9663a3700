/**
 * The messenger on real networks, the only user of Netty's transport. A client with a keyring:
 *
 * <pre>{@code
 * NettyReactor reactor = NettyReactor.start("client");
 * ClientAuth auth = new ClientAuth(AuthSettings.defaults(EntityType.CLIENT), EntityName.client("admin"),
 *         Keyring.load(path), ClientAuth.CLIENT_SERVICES, random, reactor.clock());
 * Messenger messenger = new NettyMessenger(reactor, new EntityId(EntityType.CLIENT, -1), MessengerOptions.client(), auth, null, random);
 * reactor.execute(() -> { messenger.setDispatcher(dispatcher); messenger.connect(EntityType.MON, addrs).send(message); });
 * }</pre>
 *
 * A monitor:
 *
 * <pre>{@code
 * AuthSettings settings = AuthSettings.defaults(EntityType.MON);
 * KeyServer keys = new KeyServer(name -> authDatabase.find(name), random, reactor.clock());
 * AuthServer server = new MonAuthServer(settings, keys, globalIds, () -> false, random);
 * AuthClient client = new MonAuthClient(settings, EntityName.parse("mon.a"), keys, random);
 * Messenger messenger = new NettyMessenger(reactor, new EntityId(EntityType.MON, rank), MessengerOptions.mon(), client, server, random);
 * // leader: RotatingKeys due = keys.dueRotation(); if (due != null) commit(due); everybody: keys.setRotating(committed)
 * // MAuth over a session: server.renew(connection.authenticated(), payload)
 * }</pre>
 *
 * An OSD, whose ClientAuth logs in at the monitors and fetches the rotating keys by which it checks its own peers:
 *
 * <pre>{@code
 * AuthSettings settings = AuthSettings.defaults(EntityType.OSD);
 * ClientAuth auth = new ClientAuth(settings, EntityName.parse("osd.0"), keyring,
 *         List.of(EntityType.MON, EntityType.OSD, EntityType.MGR), random, reactor.clock());
 * AuthServer server = new ServiceAuthServer(settings, auth.rotatingKeys(), random);
 * Messenger messenger = new NettyMessenger(reactor, new EntityId(EntityType.OSD, 0), MessengerOptions.osd(), auth, server, random);
 * }</pre>
 *
 * A manager within the monitors' process checks its clients with {@code new ServiceAuthServer(AuthSettings.defaults(EntityType.MGR), keyServer, random)} on a messenger of its own. A dispatcher that
 * handles a message later calls {@code connection.hold()} while it is dispatched, and {@code release} when it is done: that is what bounds memory. A daemon starts its reactor with
 * {@code NettyReactor.start(name, failure -> ...)} and ends itself there.
 */
package io.spirula.common.msgr.netty;

package io.spirula.common.message;

import io.spirula.common.encoding.MalformedInput;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The one list of all message types that we understand. */
public final class MessageRegistry {
    private static final List<MessageType<?>> ALL = List.of(
            Ping.TYPE,
            MonMapMessage.TYPE,
            MonGetMap.TYPE,
            MonGetOsdMap.TYPE,
            Statfs.TYPE,
            StatfsReply.TYPE,
            MonSubscribe.TYPE,
            MonSubscribeAck.TYPE,
            Auth.TYPE,
            AuthReply.TYPE,
            MonGetVersion.TYPE,
            MonGetVersionReply.TYPE,
            MdsMapMessage.TYPE,
            OsdMapMessage.TYPE,
            OsdOp.TYPE,
            OsdOpReply.TYPE,
            WatchNotify.TYPE,
            FsMapMessage.TYPE,
            Forward.TYPE,
            Route.TYPE,
            PoolOpReply.TYPE,
            PoolOp.TYPE,
            MonCommand.TYPE,
            MonCommandAck.TYPE,
            LogMessage.TYPE,
            LogAck.TYPE,
            KvData.TYPE,
            GetPoolStats.TYPE,
            GetPoolStatsReply.TYPE,
            OsdBackoff.TYPE,
            ConfigMessage.TYPE,
            GetConfig.TYPE,
            MonElection.TYPE,
            MonPaxos.TYPE,
            MonProbe.TYPE,
            MonSync.TYPE,
            MonJoin.TYPE,
            MonPing.TYPE,
            MonGlobalId.TYPE,
            OsdPing.TYPE,
            OsdBoot.TYPE,
            OsdFailure.TYPE,
            OsdAlive.TYPE,
            OsdMarkMeDown.TYPE,
            OsdFull.TYPE,
            OsdPgTemp.TYPE,
            OsdBeacon.TYPE,
            OsdPgLog.TYPE,
            OsdPgRemove.TYPE,
            OsdPgTrim.TYPE,
            PgStatsReport.TYPE,
            PgStatsAck.TYPE,
            OsdScrubReserve.TYPE,
            OsdRepScrub.TYPE,
            OsdPgScan.TYPE,
            OsdPgBackfill.TYPE,
            OsdPgBackfillRemove.TYPE,
            Command.TYPE,
            CommandReply.TYPE,
            BackfillReserve.TYPE,
            OsdPgPush.TYPE,
            OsdPgPull.TYPE,
            OsdPgPushReply.TYPE,
            OsdRepOp.TYPE,
            OsdRepOpReply.TYPE,
            OsdPgUpdateLogMissing.TYPE,
            OsdPgUpdateLogMissingReply.TYPE,
            OsdPgCreated.TYPE,
            OsdRepScrubMap.TYPE,
            OsdPgCreate2.TYPE,
            OsdScrub2.TYPE,
            OsdPgReadyToMerge.TYPE,
            OsdMarkMeDead.TYPE,
            OsdPgNotify2.TYPE,
            OsdPgQuery2.TYPE,
            OsdPgInfo2.TYPE,
            OsdPgLease.TYPE,
            OsdPgLeaseAck.TYPE,
            RecoveryReserve.TYPE,
            OsdForceRecovery.TYPE,
            MonHealthChecks.TYPE,
            TimeCheck2.TYPE,
            MgrOpen.TYPE,
            MgrConfigure.TYPE,
            MgrReport.TYPE,
            MgrBeacon.TYPE,
            MgrMapMessage.TYPE,
            MgrDigest.TYPE,
            MonMgrReport.TYPE,
            ServiceMapMessage.TYPE,
            MgrClose.TYPE,
            MgrCommand.TYPE,
            MgrCommandReply.TYPE);

    private static final Map<Integer, MessageType<?>> BY_CODE = byCode();

    private MessageRegistry() {}

    public static List<MessageType<?>> all() {
        return ALL;
    }

    /** Decodes a message; throws {@link MalformedInput} for an unknown type, a compat version above ours, and damaged contents. */
    public static Message decode(Payload payload) {
        MessageType<?> type = BY_CODE.get(payload.type());
        if (type == null) {
            throw new MalformedInput("unknown message type " + payload.type());
        }
        if (payload.compatVersion() > type.version()) {
            throw new MalformedInput(
                    type + " needs a reader of version " + payload.compatVersion() + ", this one is " + type.version());
        }
        return type.decoder().apply(new Payload.In(payload));
    }

    private static Map<Integer, MessageType<?>> byCode() {
        Map<Integer, MessageType<?>> map = new HashMap<>();
        for (MessageType<?> type : ALL) {
            if (map.put(type.code(), type) != null) {
                throw new IllegalStateException("two messages of type " + type.code());
            }
        }
        return Map.copyOf(map);
    }
}

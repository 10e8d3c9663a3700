package io.spirula.osd.op;

import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.types.Errno;

/** Which family of operations carries out a code. */
final class OpDispatch {
    private OpDispatch() {}

    static int execute(OpExecution x, ObjectOp op) {
        OsdOpCode code = op.op();
        if (code == null) {
            return -Errno.EOPNOTSUPP;
        }
        return switch (code) {
            case READ, SYNC_READ -> DataReads.read(x, op);
            case SPARSE_READ -> DataReads.sparseRead(x, op);
            case MAPEXT -> DataReads.mapExtents(x, op);
            case STAT -> DataReads.stat(x);
            case CMPEXT -> DataReads.compareExtent(x, op);
            case CHECKSUM -> Checksums.checksum(x, op);
            case ASSERT_VER -> Guards.assertVersion(x, op);
            case CMPXATTR -> Guards.compareAttribute(x, op);
            case OMAP_CMP -> Guards.compareOmap(x, op);
            case WRITE -> DataWrites.write(x, op);
            case APPEND -> DataWrites.append(x, op);
            case WRITEFULL -> DataWrites.writeFull(x, op);
            case WRITESAME -> DataWrites.writeSame(x, op);
            case ZERO -> DataWrites.zero(x, op);
            case TRUNCATE, TRIMTRUNC -> DataWrites.truncate(x, op);
            case SETTRUNC, STARTSYNC -> 0; // long obsolete: Ceph does nothing either
            case CREATE -> DataWrites.create(x, op);
            case DELETE -> DataWrites.delete(x);
            case SETALLOCHINT -> DataWrites.setAllocationHint(x, op);
            case GETXATTR -> Attributes.get(x, op);
            case GETXATTRS -> Attributes.getAll(x);
            case SETXATTR -> Attributes.set(x, op);
            case RMXATTR -> Attributes.remove(x, op);
            case OMAPGETKEYS -> OmapReads.keys(x, op);
            case OMAPGETVALS -> OmapReads.values(x, op);
            case OMAPGETVALSBYKEYS -> OmapReads.valuesByKeys(x, op);
            case OMAPGETHEADER -> OmapReads.header(x);
            case OMAPSETVALS -> OmapWrites.set(x, op);
            case OMAPSETHEADER -> OmapWrites.setHeader(x, op);
            case OMAPRMKEYS -> OmapWrites.removeKeys(x, op);
            case OMAPRMKEYRANGE -> OmapWrites.removeRange(x, op);
            case OMAPCLEAR -> OmapWrites.clear(x);
            case CALL -> Calls.call(x, op);
            case WATCH -> Watching.watch(x, op);
            case NOTIFY -> Watching.notify(x, op);
            case NOTIFY_ACK -> Watching.acknowledge(x, op);
            case LIST_WATCHERS -> Watching.list(x);
            case LIST_SNAPS -> Snapshots.list(x);
            default -> -Errno.EOPNOTSUPP;
        };
    }
}

package io.spirula.osd.op;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.types.Errno;
import io.spirula.osd.store.ObjectStore.Extent;

/** The operation that gives checksums of an object's chunks. CRC32C only; Ceph has xxHash as well. */
final class Checksums {
    private Checksums() {}

    static int checksum(OpExecution x, ObjectOp op) {
        ObjectOpArgs.Checksum args = (ObjectOpArgs.Checksum) op.args();
        long asked = Integer.toUnsignedLong(args.chunkSize());
        if (args.type() != ObjectOpArgs.Checksum.CRC32C) {
            return args.type() < ObjectOpArgs.Checksum.CRC32C ? -Errno.EOPNOTSUPP : -Errno.EINVAL;
        }
        Extent extent = DataReads.clipped(x, new ObjectOpArgs.Extent(args.offset(), args.length(), 0, 0));
        long chunk = asked == 0 ? extent.length() : asked;
        if (asked > 0 && (extent.length() % chunk != 0 || args.offset() % chunk != 0)) {
            return -Errno.EINVAL;
        }
        int seed = new Decoder(op.input()).i32();
        if (extent.length() == 0) {
            x.output(new Encoder(4).u32(0).toBytes());
            return 0;
        }
        return x.read(extent.offset(), extent.length(), data -> {
            x.output(sums(data, (int) chunk, seed));
            x.stats.read(data.size());
            return 0;
        });
    }

    private static Bytes sums(Bytes data, int chunk, int seed) {
        int count = data.size() / chunk;
        Encoder out = new Encoder(4 + 4 * count).u32(count);
        for (int i = 0; i < count; i++) {
            out.u32(data.slice(i * chunk, chunk).crc32c(seed));
        }
        return out.toBytes();
    }
}

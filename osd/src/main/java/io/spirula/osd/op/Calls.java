package io.spirula.osd.op;

import io.spirula.common.auth.caps.OsdCaps;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.Errno;
import io.spirula.osd.cls.ClassContext;
import io.spirula.osd.cls.ClassMethod;
import io.spirula.osd.cls.ObjectClasses;
import io.spirula.osd.store.CollectionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The operation that calls a method of an object class. */
final class Calls {
    private Calls() {}

    /** The method an operation names, or null where we have none. Throws MalformedInput. */
    static @Nullable ClassMethod method(OpEnvironment environment, ObjectOp op) {
        ObjectOpArgs.Call args = (ObjectOpArgs.Call) op.args();
        Decoder in = new Decoder(op.input());
        Bytes className = in.raw(args.classLength());
        return environment.classes().find(className, in.raw(args.methodLength()));
    }

    /** The call as capabilities judge it, or null where we have no such method. Throws MalformedInput. */
    static OsdCaps.@Nullable Call judged(OpEnvironment environment, ObjectOp op) {
        ClassMethod method = method(environment, op);
        if (method == null) {
            return null;
        }
        ObjectOpArgs.Call args = (ObjectOpArgs.Call) op.args();
        Decoder in = new Decoder(op.input());
        String className = in.raw(args.classLength()).utf8();
        String name = in.raw(args.methodLength()).utf8();
        ClassMethod.Access access = method.access();
        return new OsdCaps.Call(className, name, access.reads(), access.writes(), ObjectClasses.isListed(className));
    }

    /** Why a call cannot be judged. A class that is on no list is not even looked for. */
    static int missing(ObjectOp op) {
        String className = new Decoder(op.input())
                .raw(((ObjectOpArgs.Call) op.args()).classLength())
                .utf8();
        return ObjectClasses.isListed(className) ? Errno.EOPNOTSUPP : Errno.EPERM;
    }

    static int call(OpExecution x, ObjectOp op) {
        ClassMethod method = method(x.environment, op);
        if (method == null) {
            return -Errno.EOPNOTSUPP;
        }
        ObjectOpArgs.Call args = (ObjectOpArgs.Call) op.args();
        Decoder in = new Decoder(op.input()).skip(args.classLength() + args.methodLength());
        Bytes input = in.raw(args.inputLength());
        ClassMethod.Result result = method.call(new Target(x), input);
        if (result.code() >= 0 || !result.output().isEmpty()) {
            x.output(result.output());
        }
        x.stats.read(result.output().size());
        return result.code();
    }

    /** The running operation's object as a class method sees it. */
    private record Target(OpExecution x) implements ClassContext {
        @Override
        public EntityId caller() {
            return x.source.reqid().name();
        }

        @Override
        public EntityAddr callerAddress() {
            return x.source.address();
        }

        @Override
        public Instant now() {
            return x.environment.clock().now();
        }

        @Override
        public boolean exists() {
            return x.exists();
        }

        @Override
        public long size() {
            return x.state.size;
        }

        @Override
        public long version() {
            return x.state.userVersion;
        }

        @Override
        public @Nullable Bytes attribute(Bytes name) {
            return x.store().attribute(collection(), x.id(), Attributes.stored(name));
        }

        @Override
        public SortedMap<Bytes, Bytes> attributes() {
            return Attributes.clients(x);
        }

        @Override
        public Bytes omapHeader() {
            return x.store().omapHeader(collection(), x.id());
        }

        @Override
        public SortedMap<Bytes, Bytes> omap(@Nullable Bytes after, int max) {
            return x.store().omap(collection(), x.id(), after, max);
        }

        @Override
        public SortedMap<Bytes, Bytes> omapValues(Iterable<Bytes> keys) {
            return x.store().omapValues(collection(), x.id(), keys);
        }

        @Override
        public void create() {
            x.create();
            x.userModify();
        }

        @Override
        public void remove() {
            if (x.exists()) {
                DataWrites.remove(x);
                x.userModify();
            }
        }

        @Override
        public void writeFull(Bytes data) {
            create();
            DataWrites.replaceAll(x, data);
        }

        @Override
        public void write(long offset, Bytes data) {
            create();
            DataWrites.put(x, offset, data);
        }

        @Override
        public void truncate(long size) {
            create();
            DataWrites.cut(x, size);
        }

        @Override
        public void setAttribute(Bytes name, Bytes value) {
            create();
            Attributes.set(x, Attributes.stored(name), value);
        }

        @Override
        public void removeAttribute(Bytes name) {
            create();
            Attributes.remove(x, Attributes.stored(name));
        }

        @Override
        public void setOmap(SortedMap<Bytes, Bytes> pairs) {
            create();
            OmapWrites.set(x, pairs);
        }

        @Override
        public void removeOmap(Iterable<Bytes> keys) {
            List<Bytes> list = new ArrayList<>();
            keys.forEach(list::add);
            create();
            OmapWrites.removeKeys(x, list);
        }

        @Override
        public void clearOmap() {
            create();
            OmapWrites.clearAll(x);
        }

        @Override
        public void setOmapHeader(Bytes header) {
            create();
            OmapWrites.setHeader(x, header);
        }

        private CollectionId collection() {
            return x.environment.collection();
        }
    }
}

package io.spirula.osd.cls;

import io.spirula.common.encoding.Bytes;

/** One method of an object class. It runs to its end at once, and sees and changes its one object through the {@link ClassContext} only. */
public interface ClassMethod {
    /** What the method does to its object, which decides how it is ordered with other operations. Ceph: CLS_METHOD_RD, CLS_METHOD_WR. */
    enum Access {
        READ,
        WRITE,
        READ_WRITE;

        public boolean reads() {
            return this != WRITE;
        }

        public boolean writes() {
            return this != READ;
        }
    }

    /**
     * What a call came to.
     *
     * @param code 0 or more, or a negative errno; a failed call changes nothing
     */
    record Result(int code, Bytes output) {
        public static final Result OK = new Result(0, Bytes.EMPTY);

        public static Result failed(int errno) {
            return new Result(-errno, Bytes.EMPTY);
        }
    }

    Access access();

    /** Throws MalformedInput for input that can't be read, which the client sees as EINVAL. */
    Result call(ClassContext object, Bytes input);
}

package io.spirula.osd.op;

import static io.spirula.osd.op.OneObject.append;
import static io.spirula.osd.op.OneObject.assertVersion;
import static io.spirula.osd.op.OneObject.compareXattr;
import static io.spirula.osd.op.OneObject.createOp;
import static io.spirula.osd.op.OneObject.extent;
import static io.spirula.osd.op.OneObject.omapByKeys;
import static io.spirula.osd.op.OneObject.omapCompare;
import static io.spirula.osd.op.OneObject.omapKeys;
import static io.spirula.osd.op.OneObject.omapSet;
import static io.spirula.osd.op.OneObject.omapValues;
import static io.spirula.osd.op.OneObject.read;
import static io.spirula.osd.op.OneObject.remove;
import static io.spirula.osd.op.OneObject.stat;
import static io.spirula.osd.op.OneObject.truncate;
import static io.spirula.osd.op.OneObject.write;
import static io.spirula.osd.op.OneObject.writeFull;
import static io.spirula.osd.op.OneObject.xattr;
import static io.spirula.osd.op.OneObject.zero;
import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.types.Errno;
import io.spirula.osd.cls.ClassContext;
import io.spirula.osd.cls.ClassMethod;
import io.spirula.osd.cls.ObjectClasses;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpExecutionTest {
    private final OneObject object = new OneObject();

    @Test
    void whatIsWrittenIsRead() {
        assertThat(object.result(write(0, "hello"))).isZero();
        assertThat(object.contents()).isEqualTo("hello");
        object.restart();
        assertThat(object.contents()).isEqualTo("hello");
    }

    @Test
    void aWriteBehindTheEndLeavesZeros() {
        object.run(write(2, "x"));
        assertThat(object.run(read(0, 0)).output(0).hex()).isEqualTo("000078");
    }

    @Test
    void aReadIsCutAtTheEnd() {
        object.run(writeFull("abcdef"));
        assertThat(object.run(read(4, 100)).output(0).utf8()).isEqualTo("ef");
        assertThat(object.run(read(6, 1)).output(0)).isEqualTo(Bytes.EMPTY);
        assertThat(object.run(read(2, 0)).output(0).utf8()).isEqualTo("cdef");
    }

    @Test
    void writeFullReplacesAll() {
        object.run(writeFull("a long content"));
        object.run(writeFull("short"));
        assertThat(object.contents()).isEqualTo("short");
        object.run(writeFull(""));
        assertThat(object.contents()).isEmpty();
        assertThat(object.result(stat())).isZero();
    }

    @Test
    void appendsGoToTheEnd() {
        object.run(append("one"));
        object.run(append("two"), append("three"));
        assertThat(object.contents()).isEqualTo("onetwothree");
    }

    @Test
    void truncateCutsAndExtends() {
        assertThat(object.result(truncate(3))).isZero();
        assertThat(object.result(stat())).isEqualTo(-Errno.ENOENT);
        object.run(writeFull("abcdef"));
        object.run(truncate(2));
        assertThat(object.contents()).isEqualTo("ab");
        object.run(truncate(3));
        assertThat(object.run(read(0, 0)).output(0).hex()).isEqualTo("616200");
    }

    @Test
    void zerosUpToTheEndCutTheObject() {
        object.run(writeFull("abcdef"));
        object.run(zero(1, 2));
        assertThat(object.run(read(0, 0)).output(0).hex()).isEqualTo("610000646566");
        object.run(zero(4, 10));
        assertThat(size()).isEqualTo(4);
        object.run(zero(9, 10));
        assertThat(size()).isEqualTo(4);
    }

    @Test
    void anExclusiveCreateFailsWhereTheObjectIs() {
        assertThat(object.result(createOp(true))).isZero();
        assertThat(object.result(createOp(true))).isEqualTo(-Errno.EEXIST);
        assertThat(object.result(createOp(false))).isZero();
        assertThat(object.result(remove())).isZero();
        assertThat(object.result(createOp(true))).isZero();
    }

    @Test
    void removingWhatIsNotThereFails() {
        assertThat(object.result(remove())).isEqualTo(-Errno.ENOENT);
        object.run(writeFull("x"));
        assertThat(object.result(remove())).isZero();
        assertThat(object.result(stat())).isEqualTo(-Errno.ENOENT);
        object.restart();
        assertThat(object.result(stat())).isEqualTo(-Errno.ENOENT);
    }

    @Test
    void aRemovedObjectTakesItsAttributesAndPairsAlong() {
        object.run(xattr(OsdOpCode.SETXATTR, "a", "1"), omapSet("k", "v"));
        object.run(remove());
        object.run(createOp(false));
        assertThat(object.result(xattr(OsdOpCode.GETXATTR, "a", ""))).isEqualTo(-Errno.ENODATA);
        assertThat(OneObject.listing(object.run(omapKeys("", 10)).output(0), false))
                .isEmpty();
    }

    @Test
    void nothingGoesBeyondTheLargestObject() {
        long max = OpLimits.DEFAULT.maxObjectBytes();
        assertThat(object.result(write(max, "x"))).isEqualTo(-Errno.EFBIG);
        assertThat(object.result(write(max - 1, "xy"))).isEqualTo(-Errno.EFBIG);
        assertThat(object.result(write(-1, "x"))).isEqualTo(-Errno.EFBIG);
        assertThat(object.result(stat())).isEqualTo(-Errno.ENOENT);
        object.run(createOp(false));
        assertThat(object.result(truncate(max))).isEqualTo(-Errno.EFBIG);
        assertThat(object.result(zero(max, 1))).isEqualTo(-Errno.EFBIG);
    }

    @Test
    void aLengthThatIsNotTheInputsIsInvalid() {
        assertThat(object.result(extent(OsdOpCode.WRITE, 0, 3, "ab"))).isEqualTo(-Errno.EINVAL);
        assertThat(object.result(extent(OsdOpCode.WRITEFULL, 0, 1, "ab"))).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void statGivesSizeAndTheClientsTime() {
        object.run(writeFull("abc"));
        Decoder in = new Decoder(object.run(stat()).output(0));
        assertThat(in.u64()).isEqualTo(3);
        assertThat(in.time()).isEqualTo(OneObject.NOW);
    }

    @Test
    void aFailedVectorChangesNothing() {
        object.run(writeFull("before"));
        OneObject.Done done = object.run(writeFull("after"), createOp(true), xattr(OsdOpCode.SETXATTR, "a", "1"));
        assertThat(done.result()).isEqualTo(-Errno.EEXIST);
        assertThat(done.outcomes().stream().map(OpExecution.Outcome::code)).containsExactly(0, -Errno.EEXIST, 0);
        assertThat(object.contents()).isEqualTo("before");
    }

    @Test
    void aFailureThatIsFineLetsTheOthersGoOn() {
        OneObject.Done done = object.run(remove().withFlags(ObjectOp.FLAG_FAILOK), writeFull("x"));
        assertThat(done.result()).isZero();
        assertThat(done.outcomes().get(0).code()).isEqualTo(-Errno.ENOENT);
        assertThat(object.contents()).isEqualTo("x");
    }

    @Test
    void attributesAreSetReadAndRemoved() {
        object.run(xattr(OsdOpCode.SETXATTR, "a", "1"), xattr(OsdOpCode.SETXATTR, "b", ""));
        assertThat(object.run(xattr(OsdOpCode.GETXATTR, "a", "")).output(0).utf8())
                .isEqualTo("1");
        assertThat(object.result(xattr(OsdOpCode.GETXATTR, "none", ""))).isEqualTo(-Errno.ENODATA);
        Decoder all = new Decoder(object.run(new ObjectOp(OsdOpCode.GETXATTRS)).output(0));
        assertThat(all.i32()).isEqualTo(2);
        assertThat(List.of(all.string(), all.string(), all.string(), all.string()))
                .containsExactly("a", "1", "b", "");
        assertThat(object.result(xattr(OsdOpCode.RMXATTR, "a", ""))).isZero();
        assertThat(object.result(xattr(OsdOpCode.RMXATTR, "a", ""))).isZero();
        assertThat(object.result(xattr(OsdOpCode.GETXATTR, "a", ""))).isEqualTo(-Errno.ENODATA);
    }

    @Test
    void anAttributesNameHasALimit() {
        assertThat(object.result(xattr(OsdOpCode.SETXATTR, "n".repeat(101), "v")))
                .isEqualTo(-Errno.ENAMETOOLONG);
        assertThat(object.result(xattr(OsdOpCode.SETXATTR, "n".repeat(100), "v")))
                .isZero();
    }

    @Test
    void removingAnAttributeOfNoObjectFails() {
        assertThat(object.result(xattr(OsdOpCode.RMXATTR, "a", ""))).isEqualTo(-Errno.ENOENT);
    }

    @Test
    void comparingAnAttributeGuardsTheOthers() {
        object.run(xattr(OsdOpCode.SETXATTR, "a", "5"));
        assertThat(object.result(compareXattr("a", "5", 1))).isEqualTo(1);
        assertThat(object.result(compareXattr("a", "4", 1), writeFull("no"))).isEqualTo(-Errno.ECANCELED);
        assertThat(object.result(compareXattr("a", "6", 3))).isEqualTo(1);
        assertThat(object.result(compareXattr("a", "6", 5))).isEqualTo(-Errno.ECANCELED);
        assertThat(object.result(compareXattr("a", "5", 99))).isEqualTo(-Errno.EINVAL);
        assertThat(size()).isZero();
    }

    @Test
    void assertingAVersionGuardsTheOthers() {
        object.run(writeFull("a"));
        long version = object.contexts.load(OneObject.ID).userVersion();
        assertThat(object.result(assertVersion(version), writeFull("b"))).isZero();
        assertThat(object.result(assertVersion(version))).isEqualTo(-Errno.ERANGE);
        assertThat(object.result(assertVersion(version + 100))).isEqualTo(-Errno.EOVERFLOW);
        assertThat(object.result(assertVersion(0))).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void comparingAnExtentTellsWhereItDiffers() {
        object.run(writeFull("abcdef"));
        assertThat(object.result(extent(OsdOpCode.CMPEXT, 1, 3, "bcd"))).isZero();
        assertThat(object.result(extent(OsdOpCode.CMPEXT, 1, 3, "bXd"))).isEqualTo(-4096);
        assertThat(object.result(extent(OsdOpCode.CMPEXT, 4, 4, "ef\0\0"))).isZero();
        assertThat(object.result(extent(OsdOpCode.CMPEXT, 1, 2, "bcd"))).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void aPatternIsRepeated() {
        ObjectOp same = new ObjectOp(OsdOpCode.WRITESAME, new ObjectOpArgs.WriteSame(1, 6, 2), Bytes.of("ab"));
        object.run(writeFull("x"));
        assertThat(object.result(same)).isZero();
        assertThat(object.contents()).isEqualTo("xababab");
        ObjectOp odd = new ObjectOp(OsdOpCode.WRITESAME, new ObjectOpArgs.WriteSame(0, 5, 2), Bytes.of("ab"));
        assertThat(object.result(odd)).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void pairsAreListedInOrderAndInPieces() {
        object.run(omapSet("a", "1", "b", "2", "c", "3", "pa", "4", "pb", "5"));
        assertThat(OneObject.listing(object.run(omapValues("", 2, "")).output(0), true))
                .containsExactly("a=1", "b=2", "more");
        assertThat(OneObject.listing(object.run(omapValues("b", 10, "")).output(0), true))
                .containsExactly("c=3", "pa=4", "pb=5");
        assertThat(OneObject.listing(object.run(omapValues("", 10, "p")).output(0), true))
                .containsExactly("pa=4", "pb=5");
        assertThat(OneObject.listing(object.run(omapValues("pa", 10, "p")).output(0), true))
                .containsExactly("pb=5");
        assertThat(OneObject.listing(object.run(omapKeys("a", 1)).output(0), false))
                .containsExactly("b", "more");
    }

    @Test
    void aPrefixThatIsAKeyItselfIsListed() {
        object.run(omapSet("p", "0", "pa", "1"));
        assertThat(OneObject.listing(object.run(omapValues("", 1, "p")).output(0), true))
                .containsExactly("p=0", "more");
    }

    @Test
    void pairsAreRemovedByKeyRangeAndAll() {
        object.run(omapSet("a", "1", "b", "2", "c", "3", "d", "4"));
        object.run(omapByKeys(OsdOpCode.OMAPRMKEYS, "a", "none"));
        object.run(new ObjectOp(
                OsdOpCode.OMAPRMKEYRANGE,
                new io.spirula.common.encoding.Encoder().string("b").string("d").toBytes()));
        assertThat(OneObject.listing(object.run(omapKeys("", 10)).output(0), false))
                .containsExactly("d");
        object.run(new ObjectOp(OsdOpCode.OMAPCLEAR));
        assertThat(OneObject.listing(object.run(omapKeys("", 10)).output(0), false))
                .isEmpty();
    }

    @Test
    void changingPairsOfNoObjectFailsButSettingMakesIt() {
        assertThat(object.result(new ObjectOp(OsdOpCode.OMAPCLEAR))).isEqualTo(-Errno.ENOENT);
        assertThat(object.result(omapByKeys(OsdOpCode.OMAPRMKEYS, "a"))).isEqualTo(-Errno.ENOENT);
        assertThat(object.result(omapSet("a", "b"))).isZero();
        assertThat(object.result(stat())).isZero();
    }

    @Test
    void theHeaderAndValuesByKeysAreThere() {
        object.run(new ObjectOp(OsdOpCode.OMAPSETHEADER, Bytes.of("head")), omapSet("a", "1", "b", "2"));
        assertThat(object.run(new ObjectOp(OsdOpCode.OMAPGETHEADER)).output(0).utf8())
                .isEqualTo("head");
        Decoder in = new Decoder(
                object.run(omapByKeys(OsdOpCode.OMAPGETVALSBYKEYS, "b", "z")).output(0));
        assertThat(in.i32()).isEqualTo(1);
        assertThat(in.string() + in.string()).isEqualTo("b2");
    }

    @Test
    void comparingPairsGuardsTheOthers() {
        object.run(omapSet("a", "5"));
        assertThat(object.result(omapCompare("a", "5", 1))).isZero();
        assertThat(object.result(omapCompare("a", "4", 1))).isEqualTo(-Errno.ECANCELED);
        assertThat(object.result(omapCompare("a", "4", 3))).isZero();
        assertThat(object.result(omapCompare("a", "4", 5))).isEqualTo(-Errno.ECANCELED);
        assertThat(object.result(omapCompare("z", "", 1))).isZero();
        assertThat(object.result(omapCompare("a", "4", 2))).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void damagedInputIsInvalid() {
        assertThat(object.result(new ObjectOp(OsdOpCode.OMAPSETVALS, Bytes.ofHex("ffffffff"))))
                .isEqualTo(-Errno.EINVAL);
        assertThat(object.result(new ObjectOp(OsdOpCode.SETXATTR, new ObjectOpArgs.Xattr(5, -1, 0, 0), Bytes.of("ab"))))
                .isEqualTo(-Errno.EINVAL);
    }

    @Test
    void unknownOperationsAreNotSupported() {
        assertThat(object.result(new ObjectOp(0x2fff, 0, ObjectOpArgs.Raw.NONE, Bytes.EMPTY)))
                .isEqualTo(-Errno.EOPNOTSUPP);
        assertThat(object.result(call("lock", "lock", ""))).isEqualTo(-Errno.EOPNOTSUPP);
    }

    @Test
    void aClassMethodWorksOnItsObject() {
        ClassMethod reverse = new ClassMethod() {
            @Override
            public Access access() {
                return Access.READ_WRITE;
            }

            @Override
            public Result call(ClassContext target, Bytes input) {
                target.writeFull(
                        Bytes.of(new StringBuilder(input.utf8()).reverse().toString()));
                return new Result(0, Bytes.of("was " + target.exists()));
            }
        };
        OneObject withClass = new OneObject(
                new ObjectClasses.Builder().add("text", "reverse", reverse).build(), OpLimits.DEFAULT);
        OneObject.Done done = withClass.run(call("text", "reverse", "abc"));
        assertThat(done.result()).isZero();
        assertThat(done.output(0).utf8()).isEqualTo("was true");
        assertThat(withClass.contents()).isEqualTo("cba");
    }

    @Test
    void theDataDigestFollowsWholeWritesAndAppends() {
        object.run(writeFull("ab"));
        object.run(append("cd"));
        assertThat(object.contexts.load(OneObject.ID).state().dataDigest)
                .isEqualTo(Bytes.of("abcd").crc32c(-1));
        object.run(write(1, "X"));
        assertThat(object.contexts.load(OneObject.ID).state().hasDataDigest()).isFalse();
    }

    @Test
    void userVersionsGrowWithEveryChange() {
        object.run(writeFull("a"));
        long first = object.contexts.load(OneObject.ID).userVersion();
        object.run(read(0, 0));
        assertThat(object.contexts.load(OneObject.ID).userVersion()).isEqualTo(first);
        object.run(writeFull("b"));
        assertThat(object.contexts.load(OneObject.ID).userVersion()).isGreaterThan(first);
    }

    @Test
    void aSparseReadGivesOnlyWhatIsThere() {
        object.run(writeFull("abc"));
        Decoder in = new Decoder(
                object.run(extent(OsdOpCode.SPARSE_READ, 1, 100, "")).output(0));
        assertThat(in.i32()).isEqualTo(1);
        assertThat(in.u64()).isEqualTo(1);
        assertThat(in.u64()).isEqualTo(2);
        assertThat(in.string()).isEqualTo("bc");
    }

    @Test
    void aTruncationAnnouncedByAWriteComesFirst() {
        object.run(writeFull("abcdef"));
        ObjectOp late = new ObjectOp(OsdOpCode.WRITE, new ObjectOpArgs.Extent(0, 1, 2, 5), Bytes.of("X"));
        assertThat(object.result(late)).isZero();
        assertThat(object.contents()).isEqualTo("Xb");
        ObjectOp old = new ObjectOp(OsdOpCode.WRITE, new ObjectOpArgs.Extent(0, 4, 9, 4), Bytes.of("1234"));
        assertThat(object.result(old)).isZero();
        assertThat(object.contents()).isEqualTo("12");
    }

    private long size() {
        return new Decoder(object.run(stat()).output(0)).u64();
    }

    private static ObjectOp call(String className, String method, String input) {
        return new ObjectOp(
                OsdOpCode.CALL,
                new ObjectOpArgs.Call(className.length(), method.length(), 0, input.length()),
                Bytes.of(className + method + input));
    }
}

"""What a python-rados program does with a pool; any difference from Ceph's behaviour ends it with a traceback. Usage: exercise.py CONF POOL"""
import sys

import rados

conf, pool = sys.argv[1:]
with rados.Rados(conffile=conf) as cluster:
    assert len(cluster.get_fsid()) == 36
    assert pool in cluster.list_pools()
    assert cluster.get_cluster_stats()["kb"] > 0
    with cluster.open_ioctx(pool) as io:
        io.write_full("whole", b"first")
        io.write_full("whole", b"0123456789")
        assert io.read("whole") == b"0123456789"
        assert io.read("whole", 4, 3) == b"3456"
        io.write("whole", b"XY", 2)
        io.append("whole", b"tail")
        assert io.read("whole") == b"01XY456789tail"
        assert io.stat("whole")[0] == 14
        io.trunc("whole", 4)
        assert io.read("whole") == b"01XY"
        io.write("sparse", b"end", 100000)
        assert io.read("sparse", 10, 0) == bytes(10)
        assert io.stat("sparse")[0] == 100003

        io.set_xattr("whole", "color", b"blue")
        io.set_xattr("whole", "size", bytes(range(256)))
        assert io.get_xattr("whole", "color") == b"blue"
        assert dict(io.get_xattrs("whole")) == {"color": b"blue", "size": bytes(range(256))}
        io.rm_xattr("whole", "color")
        try:
            io.get_xattr("whole", "color")
            raise AssertionError("a removed attribute is still there")
        except rados.NoData:
            pass

        with rados.WriteOpCtx() as op:
            op.new(rados.LIBRADOS_CREATE_EXCLUSIVE)
            op.write_full(b"compound")
            io.set_omap(op, ("a", "b", "c"), (b"1", b"2", b"3"))
            io.operate_write_op(op, "compound")
        with rados.ReadOpCtx() as op:
            pairs, _ = io.get_omap_vals(op, "", "", 10)
            io.operate_read_op(op, "compound")
            assert list(pairs) == [("a", b"1"), ("b", b"2"), ("c", b"3")]
        try:
            with rados.WriteOpCtx() as op:
                op.new(rados.LIBRADOS_CREATE_EXCLUSIVE)
                io.operate_write_op(op, "compound")
            raise AssertionError("an exclusive create of what exists succeeded")
        except rados.ObjectExists:
            pass

        done = [io.aio_write_full("aio-%d" % i, b"%d" % i * 1000) for i in range(64)]
        for c in done:
            c.wait_for_complete_and_cb()
            assert c.get_return_value() == 0
        for i in range(64):
            assert io.read("aio-%d" % i, 10000) == b"%d" % i * 1000

        io.set_namespace("other")
        io.write_full("whole", b"in another namespace")
        assert [o.key for o in io.list_objects()] == ["whole"]
        io.set_namespace("")
        assert io.read("whole") == b"01XY"
        io.set_locator_key("place")
        io.write_full("placed", b"with the objects of that key")
        assert io.read("placed") == b"with the objects of that key"
        io.set_locator_key("")
        try:
            io.read("no such object")
            raise AssertionError("read what does not exist")
        except rados.ObjectNotFound:
            pass
        names = sorted(o.key for o in io.list_objects())
        assert names == sorted(["whole", "sparse", "compound", "placed"] + ["aio-%d" % i for i in range(64)]), names
        for name in names:
            if name != "placed":
                io.remove_object(name)
print("all as expected")

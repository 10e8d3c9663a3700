"""Stock librados by way of its C library, which has calls that python-rados has not, and what programs that use it so have in common."""
import ctypes
import sys
import time

LIB = ctypes.CDLL("librados.so.2")
PATIENCE = 60


class Client:
    def __init__(self, conf, pool):
        self.cluster = ctypes.c_void_p()
        self.io = ctypes.c_void_p()
        ok(LIB.rados_create2(ctypes.byref(self.cluster), b"ceph", b"client.admin", ctypes.c_uint64(0)))
        ok(LIB.rados_conf_read_file(self.cluster, conf.encode()))
        ok(LIB.rados_connect(self.cluster))
        ok(LIB.rados_ioctx_create(self.cluster, pool.encode(), ctypes.byref(self.io)))

    def address(self):
        addrs = ctypes.c_char_p()
        ok(LIB.rados_getaddrs(self.cluster, ctypes.byref(addrs)))
        return addrs.value.decode().strip("[]").split(",")[0]

    def write(self, name, data=b"data"):
        return LIB.rados_write_full(self.io, name.encode(), data, ctypes.c_size_t(len(data)))

    def remove(self, name):
        return LIB.rados_remove(self.io, name.encode())

    def full_try(self):
        LIB.rados_set_pool_full_try(self.io)

    def close(self):
        LIB.rados_ioctx_destroy(self.io)
        LIB.rados_shutdown(self.cluster)


def ok(code):
    if code != 0:
        sys.exit(f"a call of the library ended with {code}")


def until(what, condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"not within {PATIENCE} s: {what}")
        time.sleep(0.05)


def expect(what, got, wanted):
    if got != wanted:
        sys.exit(f"{what}: {got}, not {wanted}")

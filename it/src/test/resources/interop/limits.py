"""What stock librados is told by OSDs that shut it out or have no room: by way of the C library, which has calls that python-rados has not. Usage: limits.py CONF."""
import ctypes
import errno
import json
import subprocess
import sys
import time

CONF = sys.argv[1]
LIB = ctypes.CDLL("librados.so.2")
PATIENCE = 60
SHORT = 4


class Client:
    def __init__(self, pool):
        self.cluster = ctypes.c_void_p()
        self.io = ctypes.c_void_p()
        ok(LIB.rados_create2(ctypes.byref(self.cluster), b"ceph", b"client.admin", ctypes.c_uint64(0)))
        ok(LIB.rados_conf_read_file(self.cluster, CONF.encode()))
        ok(LIB.rados_connect(self.cluster))
        ok(LIB.rados_ioctx_create(self.cluster, pool.encode(), ctypes.byref(self.io)))

    def write(self, name, data=b"data"):
        return LIB.rados_write_full(self.io, name.encode(), data, ctypes.c_size_t(len(data)))

    def remove(self, name):
        return LIB.rados_remove(self.io, name.encode())

    def full_try(self):
        LIB.rados_set_pool_full_try(self.io)

    def address(self):
        addrs = ctypes.c_char_p()
        ok(LIB.rados_getaddrs(self.cluster, ctypes.byref(addrs)))
        return addrs.value.decode().strip("[]").split(",")[0]

    def close(self):
        LIB.rados_ioctx_destroy(self.io)
        LIB.rados_shutdown(self.cluster)


def ok(code):
    if code != 0:
        sys.exit(f"a call of the library ended with {code}")


def ceph(*words):
    return subprocess.run(["ceph", "-c", CONF, *words], check=True, capture_output=True, text=True).stdout


def rados(*words, timeout=PATIENCE):
    try:
        return subprocess.run(["rados", "-c", CONF, *words], capture_output=True, timeout=timeout).returncode
    except subprocess.TimeoutExpired:
        return "waits"


def until(what, condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"not within {PATIENCE} s: {what}")
        time.sleep(0.05)


def expect(what, got, wanted):
    if got != wanted:
        sys.exit(f"{what}: {got}, not {wanted}")


def pool_flags(pool):
    pools = json.loads(ceph("osd", "dump", "-f", "json"))["pools"]
    return next(p["flags_names"] for p in pools if p["pool_name"] == pool).split(",")


def blocklist():
    client = Client("P")
    other = Client("P")
    expect("a write", client.write("a"), 0)
    ceph("osd", "blocklist", "add", client.address(), "8")
    until("a blocklisted client is refused", lambda: client.write("a") == -errno.ESHUTDOWN)
    expect("another client's write", other.write("b"), 0)
    until("it is served when its time is over", lambda: client.write("a") == 0)
    ceph("osd", "blocklist", "add", client.address())
    until("it is refused again", lambda: client.write("a") == -errno.ESHUTDOWN)
    ceph("osd", "blocklist", "rm", client.address())
    until("it is served when it is taken off", lambda: client.write("a") == 0)
    ceph("osd", "blocklist", "range", "add", "127.0.0.0/8", "8")
    until("a network's clients are refused", lambda: other.write("b") == -errno.ESHUTDOWN)
    until("and served again", lambda: other.write("b") == 0)
    client.close()
    other.close()


def quota():
    for name in "abcd":
        expect("a write", rados("-p", "P", "put", name, CONF), 0)
    ceph("osd", "pool", "set-quota", "P", "max_objects", "3")
    until("the pool is full", lambda: "full_quota" in pool_flags("P"))
    expect("a write to a full pool", rados("-p", "P", "put", "e", CONF, timeout=SHORT), "waits")
    client = Client("P")
    client.full_try()
    until("who tries is told", lambda: client.write("e") == -errno.EDQUOT)
    expect("a removal with full-try", client.remove("d"), 0)
    expect("a removal with force", rados("-p", "P", "rm", "c", "--force-full"), 0)
    until("there is room again", lambda: "full_quota" not in pool_flags("P"))
    expect("a write when there is room", rados("-p", "P", "put", "c", CONF), 0)
    ceph("osd", "pool", "set-quota", "P", "max_objects", "0")
    until("no quota, not full", lambda: "full_quota" not in pool_flags("P"))
    client.close()


def full():
    expect("a write", rados("-p", "P", "put", "x", CONF), 0)
    for name, ratio in (("nearfull", "0.000001"), ("backfillfull", "0.000002"), ("full", "0.000003")):
        ceph("osd", f"set-{name}-ratio", ratio)
    until("all is full", lambda: "full" in pool_flags("P"))
    expect("a write to full OSDs", rados("-p", "P", "put", "y", CONF, timeout=SHORT), "waits")
    client = Client("P")
    client.full_try()
    until("who tries is told", lambda: client.write("y") == -errno.ENOSPC)
    expect("a removal with force", rados("-p", "P", "rm", "x", "--force-full"), 0)
    expect("a removal with full-try", client.remove("a"), 0)
    for name, ratio in (("full", "0.95"), ("backfillfull", "0.90"), ("nearfull", "0.85")):
        ceph("osd", f"set-{name}-ratio", ratio)
    until("there is room", lambda: "full" not in pool_flags("P"))
    expect("a write when there is room", client.write("y"), 0)
    client.close()


if __name__ == "__main__":
    ceph("osd", "pool", "create", "P", "4", "4")
    for part in (blocklist, quota, full):
        part()
        print(part.__name__, flush=True)

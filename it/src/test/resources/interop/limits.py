"""What stock librados is told by OSDs that shut it out or have no room: by way of the C library, which has calls that python-rados has not. Usage: limits.py CONF."""
import errno
import json
import subprocess
import sys

sys.dont_write_bytecode = True  # nothing is left beside the sources
from stock_librados import PATIENCE, Client, expect, until

CONF = sys.argv[1]
SHORT = 4


def ceph(*words):
    return subprocess.run(["ceph", "-c", CONF, *words], check=True, capture_output=True, text=True).stdout


def rados(*words, timeout=PATIENCE):
    try:
        return subprocess.run(["rados", "-c", CONF, *words], capture_output=True, timeout=timeout).returncode
    except subprocess.TimeoutExpired:
        return "waits"


def pool_flags(pool):
    pools = json.loads(ceph("osd", "dump", "-f", "json"))["pools"]
    return next(p["flags_names"] for p in pools if p["pool_name"] == pool).split(",")


def blocklist():
    client = Client(CONF, "P")
    other = Client(CONF, "P")
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
    client = Client(CONF, "P")
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
    client = Client(CONF, "P")
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

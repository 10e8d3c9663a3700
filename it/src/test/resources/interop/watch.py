"""What stock librados sees of watches and notifications while clients fall silent and primaries are killed: by way of the C library, which has calls that python-rados has not. Usage: watch.py CONF POOL VSTART FOLDER."""
import ctypes
import errno
import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True  # nothing is left beside the sources
from stock_librados import LIB, PATIENCE, Client, expect, ok, until

CONF, POOL, VSTART, FOLDER = sys.argv[1:5]
WATCH = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint64, ctypes.c_uint64, ctypes.c_void_p, ctypes.c_size_t])
BROKEN = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_int)


class Notifier(Client):
    def id(self):
        LIB.rados_get_instance_id.restype = ctypes.c_uint64
        return LIB.rados_get_instance_id(self.cluster)

    def notify(self, name, text, seconds):
        """The result, who answered what, and who did not."""
        out, size = ctypes.c_void_p(), ctypes.c_size_t()
        code = LIB.rados_notify2(self.io, name.encode(), text, len(text), ctypes.c_uint64(seconds * 1000), ctypes.byref(out), ctypes.byref(size))
        answers, missed = decode(ctypes.string_at(out, size.value)) if out else ({}, [])
        LIB.rados_buffer_free(out)
        return code, answers, missed


class Watch:
    """A watch that answers with its name, or not as long as it is told not to."""

    def __init__(self, client, name, label, seconds=30):
        self.client, self.name, self.label = client, name.encode(), label
        self.heard, self.silent, self.broken = [], False, 0
        self.cookie = ctypes.c_uint64()
        self.calls = WATCH(self.notified), BROKEN(self.ended)
        ok(LIB.rados_watch3(client.io, self.name, ctypes.byref(self.cookie), *self.calls, ctypes.c_uint32(seconds), None))

    def notified(self, arg, notification, cookie, notifier, data, size):
        self.heard.append(ctypes.string_at(data, size))
        if not self.silent:
            LIB.rados_notify_ack(self.client.io, self.name, ctypes.c_uint64(notification), ctypes.c_uint64(cookie), self.label, len(self.label))

    def ended(self, arg, cookie, code):
        self.broken = code

    def check(self):
        return LIB.rados_watch_check(self.client.io, self.cookie)

    def who(self):
        return self.client.id(), self.cookie.value

    def end(self):
        return LIB.rados_unwatch2(self.client.io, self.cookie)


def decode(data):
    """Source: librados.h, rados_notify2."""
    at = 0

    def take(form):
        nonlocal at
        values = struct.unpack_from("<" + form, data, at)
        at += struct.calcsize("<" + form)
        return values

    answers = {}
    for _ in range(take("I")[0]):
        *who, size = take("QQI")
        answers[tuple(who)] = data[at : at + size]
        at += size
    return answers, [take("QQ") for _ in range(take("I")[0])]


def ceph(*words):
    return json.loads(subprocess.run(["ceph", "-c", CONF, *words, "-f", "json"], check=True, capture_output=True, text=True).stdout)


def watchers(name):
    out = subprocess.run(["rados", "-c", CONF, "-p", POOL, "listwatchers", name], check=True, capture_output=True, text=True).stdout
    return len(out.splitlines())


def primary(name):
    return ceph("osd", "map", POOL, name)["acting_primary"]


def kill(osd):
    with open(f"{FOLDER}/run/osd.{osd}.pid") as f:
        os.kill(int(f.read()), signal.SIGKILL)


def start(osd):
    subprocess.run([VSTART, "start", f"osd.{osd}", "--dir", FOLDER], check=True, stdout=subprocess.DEVNULL)


def answered(notifier, one, other, clients):
    ok(notifier.write("o"))
    expect("nobody watches", notifier.notify("o", b"hello?", 10), (0, {}, []))
    expect("a notification of what is not there", notifier.notify("absent", b"hello?", 10)[0], -errno.ENOENT)
    first, second = Watch(one, "o", b"first"), Watch(other, "o", b"second")
    expect("both answer", notifier.notify("o", b"hello", 10), (0, {first.who(): b"first", second.who(): b"second"}, []))
    expect("they were told", (first.heard, second.heard), ([b"hello"], [b"hello"]))
    second.silent = True
    expect("one is silent", notifier.notify("o", b"again", 2), (-errno.ETIMEDOUT, {first.who(): b"first"}, [second.who()]))
    expect("a watch that lives", second.check() > 0, True)
    expect("it ends", second.end(), 0)
    expect("one is left", notifier.notify("o", b"more", 10), (0, {first.who(): b"first"}, []))
    expect("the other hears nothing", second.heard, [b"hello", b"again"])
    return first


def primary_dies(notifier, one, other, first):
    """A notification is under way when the primary dies, and another is sent when it is back."""
    first.silent, first.heard = True, []
    second = Watch(other, "o", b"second")
    results = []
    waiting = threading.Thread(target=lambda: results.append(notifier.notify("o", b"under way", 60)), daemon=True)
    waiting.start()
    until("it is under way", lambda: first.heard and second.heard)
    old = primary("o")
    kill(old)
    until("another is primary", lambda: primary("o") != old)
    until("it is sent again", lambda: len(first.heard) > 1)
    expect("it waits for an answer", results, [])
    first.end()
    waiting.join(PATIENCE)
    expect("it ends when nobody is waited for", results, [(0, {second.who(): b"second"}, [])])
    expect("its number of watchers", watchers("o"), 1)
    first = Watch(one, "o", b"first")
    start(old)
    until("the old one is back", lambda: primary("o") == old)
    code, answers, missed = notifier.notify("o", b"back", 60)
    expect("after the return", (code, sorted(answers.values()), missed), (0, [b"first", b"second"], []))
    expect("they watch", (watchers("o"), first.check() > 0, second.check() > 0), (2, True, True))
    first.end()
    second.end()
    expect("nobody watches", watchers("o"), 0)


def silent_clients(notifier, one, other, first):
    """Clients that are killed, shut out, or whose object is removed."""
    ok(notifier.write("s"))
    child = subprocess.Popen([sys.executable, *sys.argv, "child"], stdout=subprocess.PIPE)
    child.stdout.readline()
    expect("it watches", watchers("s"), 1)
    child.kill()
    child.wait()
    code, answers, missed = notifier.notify("s", b"gone?", 60)
    expect("a notification ends with the watch", (code, answers, missed), (0, {}, []))
    expect("it watches no longer", watchers("s"), 0)
    shut_out = Watch(other, "s", b"other")
    subprocess.run(["ceph", "-c", CONF, "osd", "blocklist", "add", other.address()], check=True, capture_output=True)
    until("a blocklisted client watches no longer", lambda: watchers("s") == 0)
    watch = Watch(one, "s", b"one")
    ok(notifier.remove("s"))
    until("a watcher hears that its object is gone", lambda: watch.broken == -errno.ENOTCONN)
    expect("and that it watches nothing", watch.check() < 0, True)
    expect("the other one knows", shut_out.check() < 0, True)


def child():
    """One that is to be killed."""
    watch = Watch(Notifier(CONF, POOL), "s", b"child", 3)
    print("watches", flush=True)
    time.sleep(PATIENCE)
    watch.end()


if __name__ == "__main__":
    if sys.argv[5:] == ["child"]:
        child()
        sys.exit()
    CLIENTS = [Notifier(CONF, POOL) for _ in range(3)]
    FIRST = None
    for part in (answered, primary_dies, silent_clients):
        FIRST = part(*CLIENTS, FIRST)
        print(part.__name__, flush=True)

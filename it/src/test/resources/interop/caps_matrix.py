#!/usr/bin/python3
"""Tries operations with keys of many capabilities, and prints what came of each: one JSON object a line and key.

  caps_matrix.py CEPH_CONF > it/src/test/resources/interop/caps-matrix.jsonl     recorded from a stock cluster
  caps_matrix.py CEPH_CONF                                                       what a cluster of ours does

The cluster needs one OSD at least. Everything that is made for it begins with "matrix". Results are 0 or a negative
errno. The answers that are recorded are stock's; a test runs the same on ours and compares.
"""
import json
import sys

import rados

CONF = sys.argv[1]
TIMEOUTS = {"rados_osd_op_timeout": "20", "rados_mon_op_timeout": "20", "client_mount_timeout": "20"}

MON = [
    "allow *", "allow r", "allow rw", "allow rwx", "allow rx", "allow x", "allow w, allow r", "allow r network 127.0.0.0/8",
    "allow r network 10.0.0.0/8", "allow * network 10.0.0.0/8, allow r network 127.0.0.1/32", "allow r network 127.0.0.1",
    "allow service osd r", "allow service osd rw", "allow service osd rwx, allow service mon r", "allow service mon rw",
    "allow service auth rx", "allow service auth rwx", "allow service config rw", "allow service mgr r", "allow service pg rw",
    "allow command status", "allow command \"osd dump\"", "allow command \"osd pool set\" with pool=matrix-a",
    "allow command \"osd pool set\" with pool prefix matrix- var=nodeep-scrub", "allow command \"osd pool set\" with pool=matrix-b",
    "allow command \"osd pool set\" with val regex \"[a-z]+\"", "allow command \"osd pool set\" with val regex \"[0-9]\"",
    "allow command \"osd pool set\" with nothing=0", "allow command \"config set\" with who=client.matrix-nobody, allow r",
    "allow service config-key r", "allow service config-key rw", "allow command \"config-key get\" with key=matrix",
    "allow command \"config-key get\" with key prefix rbd/", "allow command \"auth get\" with entity=client.admin", "allow command \"auth get\" with entity prefix client.b",
    "profile mon", "profile osd", "profile mds", "profile mgr", "profile read-only", "profile read-write", "profile role-definer",
    "profile rbd", "profile rbd-read-only", "profile rbd-mirror", "profile rbd-mirror-peer", "profile simple-rados-client",
    "profile simple-rados-client-with-blocklist", "profile fs-client", "profile cephfs-mirror", "profile crash", "profile bootstrap-osd",
    "profile bootstrap-mds", "profile bootstrap-mgr", "profile bootstrap-rgw", "profile bootstrap-rbd", "profile bootstrap-rbd-mirror",
    "profile nobody", "allow profile rbd network 10.0.0.0/8, allow profile crash",
]

COMMANDS = [
    dict(prefix="status"), dict(prefix="fsid"), dict(prefix="mon dump"), dict(prefix="mon getmap"), dict(prefix="quorum_status"),
    dict(prefix="osd dump"), dict(prefix="osd tree"), dict(prefix="osd getcrushmap"), dict(prefix="mgr dump"), dict(prefix="mgr stat"),
    dict(prefix="log", logtext=["matrix"]), dict(prefix="log last"), dict(prefix="config get", who="client.matrix-nobody"),
    dict(prefix="config dump"), dict(prefix="config set", who="client.matrix-nobody", name="debug_ms", value="0"),
    dict(prefix="osd pool create", pool="matrix-a"), dict(prefix="osd pool set", pool="matrix-a", var="nodeep-scrub", val="1"),
    dict(prefix="osd pool set", pool="matrix-b", var="nodeep-scrub", val="0"), dict(prefix="osd pool get", pool="matrix-a", var="size"),
    dict(prefix="osd blocklist", blocklistop="add", addr="198.51.100.1:0/7", expire=60.0),
    dict(prefix="osd blocklist", blocklistop="add", addr="198.51.100.1:0/0", expire=60.0),
    dict(prefix="osd blocklist", blocklistop="rm", addr="198.51.100.1:0/7"), dict(prefix="osd blocklist ls"),
    dict(prefix="auth ls"), dict(prefix="auth get", entity="client.admin"), dict(prefix="auth get", entity="client.bootstrap-osd"),
    dict(prefix="auth get-or-create", entity="client.matrix-new", caps=["mon", "profile rbd", "osd", "profile rbd pool=x, profile rbd-read-only"]),
    dict(prefix="auth get-or-create", entity="client.matrix-new", caps=["mon", "profile rbd", "osd", "allow *"]),
    dict(prefix="auth get-or-create", entity="client.matrix-new", caps=["mon", "profile rbd-mirror", "osd", "profile rbd"]),
    dict(prefix="auth get-or-create", entity="client.rgw.matrix", caps=["mon", "allow rw", "osd", "allow rwx"]),
    dict(prefix="auth get-or-create", entity="mgr.matrix", caps=["mon", "allow profile mgr"]),
    dict(prefix="auth get-or-create", entity="mds.matrix", caps=["mon", "allow profile mds", "osd", "allow rwx", "mds", "allow"]),
    dict(prefix="auth caps", entity="client.matrix-nobody", caps=["mon", "allow r"]),
    dict(prefix="config-key set", key="matrix", val="x"), dict(prefix="config-key get", key="matrix"), dict(prefix="config-key exists", key="matrix"),
    dict(prefix="config-key ls"), dict(prefix="config-key dump"), dict(prefix="config-key set", key="rbd/mirror/peer/matrix", val="x"),
    dict(prefix="config-key get", key="rbd/mirror/peer/matrix"), dict(prefix="config-key set", key="rbd/mirror/matrix", val="x"),
    dict(prefix="config-key get", key="rbd/mirror/matrix"), dict(prefix="config-key set", key="daemon-private/client.matrix/x", val="x"),
    dict(prefix="config-key get", key="daemon-private/client.matrix/x"), dict(prefix="config-key get", key="daemon-private/client.other/x"),
]
KEYS = ["matrix", "rbd/mirror/peer/matrix", "rbd/mirror/matrix", "daemon-private/client.matrix/x", "daemon-private/client.other/x"]
MADE = ["client.matrix-new", "client.rgw.matrix", "mgr.matrix", "mds.matrix"]

MGR = [
    None, "allow *", "allow r", "allow w", "allow rw network 10.0.0.0/8", "allow service pg r", "allow service osd r", "allow service mgr r",
    "allow module balancer r", "allow module crash r, allow module progress r", "allow command \"pg dump\"",
    "allow command \"pg dump\" with format=json", "allow command \"pg dump\" with format=xml", "profile read-only", "profile osd", "profile crash",
    "profile rbd",
]
MANAGER_COMMANDS = [
    dict(prefix="pg dump", format="json"), dict(prefix="pg stat"), dict(prefix="osd df"), dict(prefix="osd perf"), dict(prefix="balancer status"),
    dict(prefix="crash ls"), dict(prefix="progress"), dict(prefix="osd pool autoscale-status"), dict(prefix="service dump"), dict(prefix="device ls"),
]

OSD = [
    None, "allow *", "allow all", "allow r", "allow w", "allow rw", "allow rwx", "allow x", "allow rx", "allow r, allow w", "allow class-read", "allow rw class-read",
    "allow r pool=matrix-a", "allow rw pool=matrix-a", "allow * pool=matrix-a", "allow pool matrix-a rw", "allow rw pool matrix-b", "allow rw pool=matrix-other",
    "allow r, allow rw pool=matrix-a", "allow rw namespace=n1", "allow rw namespace=n1*", "allow rw namespace=''", "allow rw namespace=''*",
    "allow rw pool=matrix-a namespace=n1", "allow rw pool=matrix-a namespace n1, allow r pool=matrix-b", "allow rw object_prefix pre.",
    "allow rw pool=matrix-a object_prefix pre.", "allow rw pool=matrix-a namespace=n1 object_prefix obj", "allow r object_prefix k",
    "allow rw tag rgw *=*", "allow rw tag rgw zone=z1", "allow rw tag rgw zone=z2", "allow rw tag rgw zone=*", "allow rw tag rgw *=z1", "allow rw tag rbd *=*",
    "allow rw tag rbd k=*", "allow rw tag cephfs *=*", "allow r namespace=n2 tag rgw zone=z1", "allow tag rgw *=* rw", "allow class hello", "allow class hello say_hello",
    "allow r class-read pool=matrix-b", "profile rbd", "profile rbd pool=matrix-a", "profile rbd pool=matrix-a namespace=n1", "profile rbd-read-only",
    "profile rbd-read-only pool=matrix-b", "profile read-only", "profile read-write pool=matrix-a", "profile nobody", "allow rw network 127.0.0.0/8",
    "allow rw network 10.0.0.0/8", "allow rw network 127.0.0.1", "profile rbd network 10.0.0.0/8", "allow r;allow rw pool=matrix-b",
]

TARGETS = [("matrix-a", "", "obj"), ("matrix-a", "", "pre.x"), ("matrix-a", "n1", "obj"), ("matrix-a", "n1x", "obj"), ("matrix-b", "", "obj"), ("matrix-b", "n2", "pre.y")]
LISTS = [("matrix-a", ""), ("matrix-a", "n1"), ("matrix-a", rados.LIBRADOS_ALL_NSPACES), ("matrix-b", "")]


def attempt(action):
    try:
        action()
        return 0
    except rados.Error as e:
        return -abs(e.errno)


def connect(name, key=None):
    conf = dict(TIMEOUTS)
    if key:
        conf["key"] = key
    cluster = rados.Rados(conffile=CONF, name=name, conf=conf)
    cluster.connect()
    return cluster


class Admin:
    def __init__(self):
        self.cluster = connect("client.admin")

    def command(self, **words):
        code, out, error = self.cluster.mon_command(json.dumps(words), b"")
        if code != 0:
            raise SystemExit("%s: %d %s" % (words, code, error))
        return out

    def prepare(self):
        for pool in ("matrix-a", "matrix-b", "matrix-c"):
            self.command(prefix="osd pool create", pool=pool, pg_num=4)
            self.command(prefix="osd pool set", pool=pool, var="size", val="1", yes_i_really_mean_it=True)
        self.command(prefix="osd pool application enable", pool="matrix-a", app="rbd")
        self.command(prefix="osd pool application enable", pool="matrix-b", app="rgw")
        self.command(prefix="osd pool application set", pool="matrix-b", app="rgw", key="zone", value="z1")
        self.cluster.wait_for_latest_osdmap()
        for pool, namespace, name in TARGETS:
            with self.cluster.open_ioctx(pool) as io:
                io.set_namespace(namespace)
                io.write_full(name, b"contents")
                io.set_xattr(name, "a", b"b")
                with rados.WriteOpCtx() as op:
                    io.set_omap(op, ("k",), (b"v",))
                    io.operate_write_op(op, name)
        with self.cluster.open_ioctx("matrix-c") as io:
            self.snapshot(io)  # so that an OSD has the pool

    @staticmethod
    def snapshot(io):
        io.create_self_managed_snap()

    def key(self, **caps):
        self.command(prefix="auth get-or-create", entity="client.matrix")
        # Even who may do nothing at all may log in: by a capability that grants nothing.
        caps.setdefault("mon", "allow command nothing")
        words = [word for pair in caps.items() for word in pair if pair[1] is not None]
        self.command(prefix="auth caps", entity="client.matrix", caps=words)
        return self.command(prefix="auth get-key", entity="client.matrix").decode().strip()


def shown(words):
    return " ".join([words["prefix"]] + ["%s=%s" % (k, v) for k, v in sorted(words.items()) if k != "prefix"])


def monitor_row(admin, mon):
    for entity in MADE:
        admin.command(prefix="auth rm", entity=entity)
    admin.command(prefix="auth get-or-create", entity="client.matrix-nobody")
    for key in KEYS:
        admin.command(prefix="config-key set", key=key, val="there")
    cluster = connect("client.matrix", admin.key(mon=mon))
    row = {}
    for words in COMMANDS:
        row[shown(words)] = cluster.mon_command(json.dumps(words), b"")[0]
        if words["prefix"] == "auth get-or-create" and row[shown(words)] == 0:
            admin.command(prefix="auth rm", entity=words["entity"])
    cluster.shutdown()
    return row


def manager_row(admin, mgr):
    cluster = connect("client.matrix", admin.key(mon="allow r", mgr=mgr))
    row = {shown(w): cluster.mgr_command(json.dumps(w), b"")[0] for w in MANAGER_COMMANDS}
    cluster.shutdown()
    return row


def object_operations(io, name, namespace):
    def omap_get():
        with rados.ReadOpCtx() as op:
            pairs, _ = io.get_omap_vals(op, "", "", 10)
            io.operate_read_op(op, name)
            return pairs  # which must be alive until here

    def omap_set():
        with rados.WriteOpCtx() as op:
            io.set_omap(op, ("k",), (b"v",))
            io.operate_write_op(op, name)

    def exclusive_create():
        with rados.WriteOpCtx() as op:
            op.new(rados.LIBRADOS_CREATE_EXCLUSIVE)
            io.operate_write_op(op, name)

    def by_key():
        io.set_locator_key("key")
        try:
            io.read(name)
        finally:
            io.set_locator_key("")

    return {
        "read": lambda: io.read(name), "stat": lambda: io.stat(name), "write": lambda: io.write_full(name, b"contents"),
        "append": lambda: io.append(name, b"x"), "xattr get": lambda: io.get_xattr(name, "a"), "xattr set": lambda: io.set_xattr(name, "a", b"b"),
        "xattr rm": lambda: io.rm_xattr(name, "c"), "omap get": omap_get, "omap set": omap_set, "create": exclusive_create, "read by key": by_key,
        "remove what is not there": lambda: io.remove_object(name + ".none"), "truncate": lambda: io.trunc(name, 8),
        "exec of no class": lambda: io.execute(name, "matrix", "none", b""), "exec of no method": lambda: io.execute(name, "hello", "none", b""),
    }


def object_row(admin, osd):
    cluster = connect("client.matrix", admin.key(mon="allow r", osd=osd))
    row = {}
    ios = {pool: cluster.open_ioctx(pool) for pool in ("matrix-a", "matrix-b", "matrix-c")}
    for pool, namespace, name in TARGETS:
        ios[pool].set_namespace(namespace)
        for what, action in object_operations(ios[pool], name, namespace).items():
            row["%s %s/%s/%s" % (what, pool, namespace, name)] = attempt(action)
    for pool, namespace in LISTS:
        ios[pool].set_namespace(namespace)
        # The iterator ends without an error where it may not list, so what is recorded is whether there was anything.
        row["list %s/%s" % (pool, namespace.replace("\x01", "*"))] = int(len(list(ios[pool].list_objects())) > 0)
    row["snapshot id matrix-c"] = attempt(lambda: admin.snapshot(ios["matrix-c"]))
    row["tell osd.0 version"] = min(0, cluster.osd_command(0, json.dumps(dict(prefix="version")), b"")[0])
    for io in ios.values():
        io.close()
    cluster.shutdown()
    return row


def main():
    admin = Admin()
    admin.prepare()
    for service, texts, row in (("mon", MON, monitor_row), ("mgr", MGR, manager_row), ("osd", OSD, object_row)):
        for text in texts if len(sys.argv) < 3 else [t for t in texts if service in sys.argv[2:]]:
            print(json.dumps({"service": service, "caps": text, "answers": row(admin, text)}), flush=True)
    admin.command(prefix="auth rm", entity="client.matrix")
    admin.command(prefix="auth rm", entity="client.matrix-nobody")


main()

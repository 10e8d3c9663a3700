"""A tree of files and a pool, by python-rados. Usage: tree.py CONF POOL put FOLDER LIST | tree.py CONF POOL sums LIST. LIST is a file with one name a line: a path within FOLDER and the object's name."""
import hashlib
import sys

import rados

STEP = 8 << 20


def put(io, name, path):
    with open(path, "rb") as file:
        at = 0
        while True:
            part = file.read(STEP)
            if at == 0:
                io.write_full(name, part)
            elif part:
                io.write(name, part, at)
            if len(part) < STEP:
                return
            at += len(part)


def digest(io, name):
    sha = hashlib.sha256()
    at = 0
    while True:
        part = io.read(name, STEP, at)
        if not part:
            return sha.hexdigest()
        sha.update(part)
        at += len(part)


conf, pool, what, *rest = sys.argv[1:]
with rados.Rados(conffile=conf) as cluster, cluster.open_ioctx(pool) as io:
    names = open(rest[-1]).read().split("\n")[:-1]
    for name in names:
        if what == "put":
            put(io, name, rest[0] + "/" + name)
        else:
            print(digest(io, name), name)
    if what == "put":
        print("put", len(names))

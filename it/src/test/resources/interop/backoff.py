"""A program with more requests to a pool that can't serve them than an OSD holds, which must not be in the way of those to another pool. Usage: backoff.py CONF STUCK FINE WORD..., where the command WORD... heals the cluster."""
import subprocess
import sys
import time

import rados

OBJECTS = 100
APPENDS = 3
PATIENCE = 60


def await_all(completions, what):
    deadline = time.monotonic() + PATIENCE
    while not all(c.is_complete() for c in completions):
        if time.monotonic() > deadline:
            done = sum(c.is_complete() for c in completions)
            sys.exit(f"only {done} of {len(completions)} writes to the {what} pool are done")
        time.sleep(0.01)
    for c in completions:
        if c.get_return_value() != 0:
            sys.exit(f"a write to the {what} pool ended with {c.get_return_value()}")


def main(conf, stuck_pool, fine_pool, heal):
    cluster = rados.Rados(conffile=conf)
    cluster.connect()
    stuck = cluster.open_ioctx(stuck_pool)
    fine = cluster.open_ioctx(fine_pool)
    waiting = [
        stuck.aio_append(f"object{o}", str(a).encode()) for a in range(APPENDS) for o in range(OBJECTS)
    ]
    served = [fine.aio_write_full(f"object{o}", b"x" * 4096) for o in range(OBJECTS)]
    await_all(served, "working")
    early = sum(c.is_complete() for c in waiting)
    if early:
        sys.exit(f"{early} writes to the stuck pool are done too early")
    print("served", flush=True)
    subprocess.run(heal, check=True, stdout=subprocess.DEVNULL)
    await_all(waiting, "healed")
    for o in range(OBJECTS):
        contents = stuck.read(f"object{o}")
        if contents != b"012":
            sys.exit(f"object{o} is {contents}")
    print("healed", flush=True)
    cluster.shutdown()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])

#!/usr/bin/python3
"""Asks a stock cluster's monitors which capability texts they take, and records their answers.

  record_caps_syntax.py CEPH_CONF > common/src/test/resources/auth/caps-syntax.tsv

One line a text: service, text, answer ("ok" or the error), as JSON strings behind tabs. The texts are written here
or grown from a seed; nothing is changed on the cluster but one key, client.syntax, which is removed again.
"""
import json
import random
import sys

import rados

WRITTEN = {
    "mon": [
        "allow *", "allow all", "allow r", "allow rw", "allow rwx", "allow rx", "allow wx", "allow x", "allow w",
        "allow wr", "allow xr", "allow rr", "allow", "allow ", "", " ", "deny r", "ALLOW r", "allow R", " allow r", "  allow r ",
        "allow r,allow w", "allow r, allow w", "allow r;allow w", "allow r ; allow w", "allow r\t,\nallow w", "allow r,,allow w",
        "allow r,", ",allow r", "allow r allow w", "allow r network 10.0.0.0/8", "allow r network fe80::/10", "allow r network x",
        "allow r network", "allow * network 127.0.0.0/8, allow r", "allow r fsname=a", "allow r fsname a", "allow r fsname=a/b",
        "allow r network 1.2.3.4/8 fsname=a", "allow r fsname=a network 1.2.3.4/8", "allow service osd r", "allow service=osd r",
        "allow service 'osd' rw", "allow service \"o s\" x", "allow service osd", "allow service osd r network 1.0.0.0/8",
        "allow service osd *", "allow osd r", "profile osd", "allow profile osd", "allow profile=osd", "profile=osd",
        "profile 'osd'", "profile \"\"", "profile", "profile ", "profile nobody", "profile osd network 10.1.2.3/32",
        "profile osd rw", "allow command foo", "allow command=foo", "allow command \"foo bar\"", "allow command 'foo bar' with a=b",
        "allow command foo with a=b c=d", "allow command foo with a prefix b", "allow command foo with a regex \"^b.*$\"",
        "allow command foo with a=\"b c\" d prefix 'e f'", "allow command foo with", "allow command foo with a",
        "allow command foo with a = b", "allow command foo a=b", "allow command foo with a=b network 1.2.3.0/24",
        "allow command foo with a=b, allow r", "allow command foo rw", "allow command foo r", "allow command",
        "allow command \"a", "allow command 'a\" r", "allow command \"config-key get\" with key=\"dm-crypt/osd/1/luks\"",
    ],
    "osd": [
        "allow *", "allow all", "allow r", "allow rwx", "allow rx w", "allow", "", " ", "  foo", " allow r foo ", "allow r\nallow w",
        "allow r,allow w", "allow r , allow w", "allow r;allow w", "allow r pool=a", "allow r pool a", "allow r pool=a namespace=b",
        "allow r pool a namespace b object_prefix c", "allow r namespace=b*", "allow r namespace 'b c'*", "allow r namespace=\"\"",
        "allow r namespace=", "allow r namespace=b pool=a", "allow r object_prefix c pool=a", "allow r pool=a object_prefix c",
        "allow r pool=", "allow r pool=''", "allow pool=a r", "allow pool a namespace b object_prefix c rwx", "allow pool=a",
        "allow namespace n rw", "allow object_prefix p class-read", "allow class-read", "allow class-write", "allow class-read class-write",
        "allow class-write class-read", "allow r class-read", "allow rw class-read class-write", "allow x class-read pool=a",
        "allow class foo", "allow class foo bar", "allow class foo pool=bar", "allow class foo bar pool=baz", "allow class",
        "allow pool=a class foo bar", "allow class 'foo' \"bar\" namespace n", "allow r tag app k=v", "allow r tag app *=*",
        "allow r tag app all=all", "allow r tag app k=*", "allow r tag app *=v", "allow r tag app k = v", "allow r tag app k",
        "allow r tag app", "allow r tag", "allow r namespace=n tag app k=v", "allow r tag app k=v namespace=n",
        "allow r pool=a tag app k=v", "allow tag app k=v rw", "allow rw tag cephfs data=*", "profile rbd", "allow profile rbd",
        "profile=rbd", "profile rbd pool=a", "profile rbd pool=a namespace=b", "profile rbd namespace=b", "profile rbd namespace=b pool=a",
        "profile nobody", "profile", "profile rbd-read-only pool 'a b'", "profile rbd network 10.0.0.0/8", "profile rbd pool=a network ::/0",
        "allow r network 10.0.0.0/8", "allow r pool=a network 10.0.0.0/8", "allow network 10.0.0.0/8 r", "allow r network 10.0.0.0/8 pool=a",
        "allow rwx pool=a object_prefix b network 1.1.1.1/32", "allow\tr", "allow\vr", "\vallow r\f", "allow r \v, allow w", "allowr", "allow rpool=a",
        "allow all pool=a", "allow allpool=a", "allow *, allow r pool=a", "allow rwx auid 123", "allow r ;", "; allow r",
    ],
    "mgr": [
        "allow *", "allow r", "allow rw", "allow", "", " ", "profile osd", "profile mds", "profile crash", "profile rbd", "profile rbd-read-only",
        "profile rbd pool=a", "profile rbd pool = a namespace prefix b", "profile rbd image=c", "profile rbd pool=a image=c", "profile nobody",
        "profile nobody, profile nowhere", "profile read-only", "profile read-write", "profile rbd network 10.0.0.0/8", "allow profile rbd pool=a",
        "profile rbd pool=a network 10.0.0.0/8", "allow module balancer rw", "allow module=balancer rw", "allow module balancer",
        "allow module balancer with a=b r", "allow module balancer with a = b c prefix d r", "allow module balancer with r",
        "allow module 'x y' *", "allow module x r network 1.0.0.0/8", "allow service mgr r", "allow service pg rw", "allow service pg",
        "allow service pg with a=b r", "allow command \"pg dump\"", "allow command pg with a=b", "allow command pg with a =b", "allow command pg r",
        "allow command pg with a regex 'x|y'", "allow r, allow module x r", "profile simple-rados-client", "profile mgr", "allow profile osd ",
    ],
    "mds": [
        "allow", "allow *", "allow all", "allow r", "allow rw", "allow rwp", "allow rws", "allow rwps", "allow rwfps", "allow rwfp", "allow rwfs",
        "allow rwf", "allow rwsp", "allow w", "allow rwx", "", " ", "allow rw path=/a", "allow rw path=\"\"", "allow rw path '/a b'",
        "allow rw path='/a b'", "allow rw uid=1", "allow rw uid=1 gids=2,3", "allow rw gids=2", "allow rw uid=x", "allow rw uid=4294967295",
        "allow rw uid=4294967296", "allow rw path=/a uid=1 gids=1,2", "allow rw uid=1 path=/a", "allow rw fsname=a", "allow rw fsname=a path=/b",
        "allow rw path=/b fsname=a", "allow rw root_squash", "allow rw fsname=a root_squash", "allow rw path=/a root_squash",
        "allow rw fsname=a path=/a root_squash", "allow rw root_squash path=/a", "allow r network 10.0.0.0/8", "allow r path=/a network ::1/128",
        "allow r, allow rw path=/a", "allow r ; allow rw", " allow r", "allow r ", "allow r x", "allow  r", "allow r , ", "profile x",
    ],
    "xyz": ["allow r", ""],
}

# What grants are grown from: for each service the pieces of a grant in their order, each of which may be missing.
ACCESS = ["r", "rw", "rwx", "x", "*", "all"]
NETWORK = ["", "", "", "network 10.0.0.0/8"]
ARGUMENTS = ["", "with a=b", "with c prefix d", "with e regex 'f.*'", "with a=b \"g h\"='i'", "with a = b"]
PIECES = {
    "mon": [
        [["allow"], ACCESS, NETWORK, ["", "", "fsname=z"]],
        [["allow"], ["service"], ["osd", "'mon'", "=pg"], ACCESS, NETWORK],
        [["allow"], ["command"], ["foo", "\"foo bar\""], ARGUMENTS, NETWORK],
        [["", "allow"], ["profile"], ["osd", "\"rbd\"", "=mds"], NETWORK],
    ],
    "osd": [
        [["allow"], ACCESS + ["class foo", "class foo bar"], ["", "class-read", "class-write"], ["", "pool=a", "pool b"],
         ["", "namespace=n", "namespace m*", "namespace ''"], ["", "object_prefix p"], NETWORK],
        [["allow"], ACCESS, ["", "namespace n"], ["tag app k=v", "tag app *=*", "tag 'a p' all = v"], NETWORK],
        [["allow"], ["pool a", "namespace=n", "object_prefix p", "tag app k=v"], ACCESS + ["class foo"], ["", "class-write"], NETWORK],
        [["profile"], ["rbd", "rbd-read-only", "=none"], ["", "pool=a"], ["", "namespace b"], NETWORK],
    ],
    "mgr": [
        [["allow"], ACCESS, NETWORK],
        [["allow"], ["service", "module"], ["osd", "'x y'", "=pg"], ARGUMENTS, ACCESS, NETWORK],
        [["allow"], ["command"], ["foo", "\"foo bar\""], ARGUMENTS, NETWORK],
        [["", "allow"], ["profile"], ["rbd", "crash", "osd"], ["", "pool=a", "pool = a namespace b", "namespace prefix n", "x=y"], NETWORK],
    ],
    "mds": [
        [["allow"], ["r", "rw", "rwps", "rwfs", "*", "all"], ["", "fsname=f"], ["", "path=/a", "path='/b c'"], ["", "uid=1"], ["", "gids=1,2"],
         ["", "root_squash"], NETWORK],
    ],
}
BLANKS = [" "] * 12 + ["  ", "\t", "\n", ""]


def grown(rng, service):
    out = rng.choice(["", "", "", " "])
    for i in range(rng.choice([1, 1, 1, 2, 3])):
        out += "" if i == 0 else rng.choice([",", ", ", "; ", " , ", " ;", "\t,", ",,"])
        words = [w for w in map(rng.choice, rng.choice(PIECES[service])) if w]
        damage = rng.randrange(8)
        if damage == 0:
            del words[rng.randrange(len(words))]
        elif damage == 1:
            words.insert(rng.randrange(len(words) + 1), rng.choice(words))
        elif damage == 2:
            rng.shuffle(words)
        for j, word in enumerate(words):
            out += ("" if j == 0 or word.startswith("=") else rng.choice(BLANKS)) + word
    return out + rng.choice(["", "", "", "", " "])


def main():
    cluster = rados.Rados(conffile=sys.argv[1])
    cluster.connect()

    def command(prefix, **arguments):
        return cluster.mon_command(json.dumps(dict(prefix=prefix, **arguments)), b"")

    command("auth add", entity="client.syntax")
    rng = random.Random(16)
    try:
        for service, texts in WRITTEN.items():
            more = []
            while service in PIECES and len(more) < 500:
                text = grown(rng, service)
                if text not in texts and text not in more:
                    more.append(text)
            for text in texts + more:
                # The text is looked at before the key that exists is found to have other capabilities.
                code, _, error = command("auth get-or-create", entity="client.syntax", caps=[service, text])
                answer = "ok" if error.startswith("key for client.syntax exists") else error
                assert code == -22, (service, text, code, error)
                print("\t".join(json.dumps(x) for x in (service, text, answer)))
    finally:
        command("auth rm", entity="client.syntax")


main()

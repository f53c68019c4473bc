#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Verifies proofs and exported ledgers of provgate, and shares no code with it: written after FORMAT.md.
usage: second_verifier.py FILE --public-key KEY [--checkpoint FILE] [--root DIRECTORY [--strict] | --entry-only]
FILE: a proof, or a ledger as `log export` writes it. KEY: NAME+ID+KEY, or a file with it. Needs openssl.
Exit codes: 0 it holds, 4 its files were not compared, 5 it does not hold."""
import argparse, base64, hashlib, json, os, re, subprocess, sys, tempfile  # noqa: E401

INCLUSION = "c2sp.org/tlog-proof@v1\n"
class Refused(Exception): pass
def need(holds, why):
    if not holds: raise Refused(why)
def sha(data): return hashlib.sha256(data).digest()
def node(left, right): return sha(b"\1" + left + right)
def split(size): return 1 << (size - 1).bit_length() - 1  # the largest power of two below it

def unbase64(text, size=None):
    out = base64.b64decode(text, validate=True)
    need(base64.b64encode(out).decode() == text and size in (None, len(out)), "not %s bytes in base64" % size)
    return out
def number(text):
    need(re.fullmatch("0|[1-9][0-9]{0,18}", text), "not a number: " + text)
    return int(text)
def public_key(text):
    name, ident, key = text.strip().split("+", 2)
    raw = unbase64(key, 33)
    need(raw[0] == 1 and ident == sha(name.encode() + b"\n" + raw)[:4].hex(), "not a public key")
    return name, bytes.fromhex(ident), raw[1:]
def openssl_says(key, signature, body):
    der = base64.b64encode(bytes.fromhex("302a300506032b6570032100") + key).decode()
    pem = "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n" % der
    with tempfile.TemporaryDirectory() as place:
        names = [os.path.join(place, name) for name in ("key", "signature", "body")]
        for name, data in zip(names, (pem.encode(), signature, body)):
            with open(name, "wb") as out: out.write(data)
        asked = "openssl pkeyutl -verify -pubin -rawin -inkey {} -sigfile {} -in {}".format(*names).split()
        return subprocess.run(asked, capture_output=True).returncode == 0
def checkpoint(text, key=None):  # origin, size, root; with a key only if that has signed it
    body, blank, signatures = text.partition("\n\n")
    lines = body.split("\n")
    need(blank and text.endswith("\n") and len(lines) >= 3 and lines[0], "not a checkpoint")
    found = []
    for line in signatures.split("\n")[:-1]:
        dash, name, data = line.split(" ")
        data = unbase64(data)
        need(dash == "\u2014" and name and len(data) > 4, "not a signature")
        found.append((name, data[:4], data[4:]))
    if key:
        ours = [data for name, ident, data in found if (name, ident) == key[:2]]
        need(ours and openssl_says(key[2], ours[0], (body + "\n").encode()), "not signed by " + key[0])
    return lines[0], number(lines[1]), unbase64(lines[2], 32)
def root_of(leaves):
    if len(leaves) < 2: return leaves[0] if leaves else sha(b"")
    k = split(len(leaves))
    return node(root_of(leaves[:k]), root_of(leaves[k:]))
def path_root(leaf, index, size, path):  # RFC 6962, 2.1.1, from the root down; uses the path up from its end
    if size == 1: return leaf
    need(path, "a hash is missing")
    k, beside = split(size), path.pop()
    if index < k: return node(path_root(leaf, index, k, path), beside)
    return node(beside, path_root(leaf, index - k, size - k, path))
def growth_roots(old, size, whole, path, known):  # RFC 6962, 2.1.2: of the older and of the newer tree
    if old == size and whole: return known, known
    need(path, "a hash is missing")
    beside = path.pop()
    if old == size: return beside, beside
    k = split(size)
    left = old <= k
    first, second = growth_roots(*((old, k, whole) if left else (old - k, size - k, False)), path, known)
    return (first, node(second, beside)) if left else (node(beside, first), node(beside, second))
def entry_of(text):  # in canonical form: RFC 8785 of strings, numbers, lists and objects
    out = json.loads(text, object_pairs_hook=lambda all: dict(sorted(all, key=lambda x: x[0].encode("utf-16-be"))))
    same = json.dumps(out, ensure_ascii=False, separators=(",", ":")).encode()
    need(same == text and out.get("version") in (1, 2), "an entry is not in canonical form")
    return out

def behind(line, words): return line[len(words) :] if line.startswith(words) else need(False, "no " + words)
def hashes_and_rest(text):
    hashes, blank, rest = ("\n" + text).partition("\n\n")
    need(blank, "no empty line behind the hashes")
    return [unbase64(line, 32) for line in hashes.split("\n")[1:]], rest
def leaf_of(text, what, where):  # a leaf, its number, its hashes, and what stands behind them
    lines = text.split("\n", 3)
    return (unbase64(behind(lines[1], what)), number(behind(lines[2], where)), *hashes_and_rest(lines[3]))
def leads(data, index, size, path, top):
    need(index < size and path_root(sha(b"\0" + data), index, size, path) == top and not path, "not below that root")
def inclusion(text, key):
    entry, index, path, rest = leaf_of(text, "extra ", "index ")
    _, size, top = checkpoint(rest, key)
    leads(entry, index, size, path, top)
    said = entry_of(entry)
    need(said["seq"] == index + 1, "the entry has another number")
    return said
def record(text, key):  # kept whole: in its batch, and the entry of that in the ledger
    data, index, path, rest = leaf_of(text, "record ", "number ")
    need(rest.startswith(INCLUSION), "no proof of its batch")
    said = inclusion(rest, key)
    batch = re.fullmatch("urn:provgate:records:([1-9][0-9]{0,8}):([0-9a-f]{64})", said["iri"])
    need(batch and batch[2] == said["record_digest"] and said["kind"] == "sealed", "its entry is of no batch")
    return leads(data, index, int(batch[1]), path, bytes.fromhex(batch[2])) or said
def compare(said, root, strict):
    for name, file in said["files"].items() if root else ():
        file = {"digest": file, "role": "covered"} if isinstance(file, str) else file  # of version 1
        if file["role"] != "covered" and not strict: continue
        with open(os.path.join(root, name), "rb") as data:
            need(sha(data.read()).hex() == file["digest"], name + " is not as sealed")
    return root or not said["files"]

def growth(text, key, older):
    _, old, rest = text.split("\n", 2)
    path, rest = hashes_and_rest(rest)
    (origin, size, top), (new_origin, new_size, new_top) = checkpoint(older), checkpoint(rest, key)
    need(origin == new_origin and number(behind(old, "old ")) == size <= new_size, "not of that ledger")
    roots = growth_roots(size, new_size, True, path, top) if size else (sha(b""), new_top)
    need(roots == (top, new_top) and not path, "the ledger does not begin with the older one")
def export(text, key, older):
    (origin, size, top), before, lines = checkpoint(older, key), "0" * 64, text.encode().split(b"\n")
    need(lines.pop() == b"" and len(lines) == size, "not as many entries as were signed")
    for at, line in enumerate(lines):
        entry = entry_of(line)
        need(entry["seq"] == at + 1 and entry["prev"] == before, "line %d does not follow the one before it" % (at + 1))
        before = sha(line).hex()
    need(origin == "provgate/ledger/" + sha(lines[0]).hex(), "another ledger")
    need(root_of([sha(b"\0" + line) for line in lines]) == top, "not the entries that were signed")

def read(name):
    with open(name, encoding="utf-8", newline="") as data: return data.read()
def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    for flag in ("--public-key", "--checkpoint", "--root"): parser.add_argument(flag, required=flag == "--public-key")
    for flag in ("--strict", "--entry-only"): parser.add_argument(flag, action="store_true")
    asked, whole = parser.parse_args(), True
    try:
        key = public_key(read(asked.public_key) if os.path.exists(asked.public_key) else asked.public_key)
        text, older = read(asked.file), asked.checkpoint and read(asked.checkpoint)
        kept = text.startswith("provgate/record-proof@v1\n")  # whole in its proof: without files
        if kept or text.startswith(INCLUSION):
            said = (record if kept else inclusion)(text, key)
            whole = compare(said, asked.root, asked.strict) or asked.entry_only or kept
        else:
            need(older, "neither a proof of inclusion, nor a checkpoint beside it")
            (growth if text.startswith("provgate/growth-proof@v1\n") else export)(text, key, older)
    except (Refused, OSError, ValueError, LookupError, TypeError, AttributeError) as why:
        print("refused:", why, file=sys.stderr)
        return 5
    print("it holds" if whole else "it holds; its files were not compared: --root")
    return 0 if whole else 4
if __name__ == "__main__":
    sys.exit(main())

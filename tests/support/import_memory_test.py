"""Memory grows with the history, not with the file: an export whose rows say little and hold much is read in a part of its
size, whatever its form.

usage: import_memory_test.py PLUMB
The rows of a large file are those of a small one over and over, so that both make the same history. What the kernel says
of the largest memory of each process is compared, so that the machine and the build are no matter. Some of a text that is
put aside is held in memory (64 MB), of any file.
"""

import gzip
import json
import os
import sqlite3
import subprocess
import sys
import tempfile

PLUMB = os.path.abspath(sys.argv[1])
LARGE = 160_000_000  # bytes, unpacked
ASIDE = 70_000_000
NOTE = "nothing that anybody reads, and much of it; " * 200
ROWS = 100
STEPS = [(f"e{i}", f"c{i % 7}", "call", f"2026-01-{i % 28 + 1:02}T10:00:00Z") for i in range(ROWS)]


def fail(what, *shown):
    sys.exit("\n".join([f"FAILED: {what}", *map(str, shown)]))


def csv():
    lines = "".join(f"{name},{case},{what},{at},\"{NOTE}\n\"\n" for name, case, what, at in STEPS)
    return "event_id,case_id,activity,timestamp,note\n", lines, ""


def records():
    rows = [json.dumps({"event_id": name, "case_id": case, "activity": what, "timestamp": at, "note": [NOTE]})
            for name, case, what, at in STEPS]
    return '{"results": [{}', ",".join(["", *rows]), "]}"


def xes():
    events = "".join(
        f'<event><string key="concept:name" value="{what}"/><date key="time:timestamp" value="{at}"/>'
        f'<string key="identity:id" value="{name}"/><string key="note" value="{NOTE}"/></event>\n'
        for name, _, what, at in STEPS)
    return "<log>", f'<trace><string key="concept:name" value="c"/>\n{events}</trace>\n', "</log>"


def objects():
    events = [json.dumps({"id": name, "type": what, "time": at, "attributes": [{"name": "note", "value": NOTE}],
                          "relationships": [{"objectId": "o", "qualifier": ""}]}) for name, _, what, at in STEPS]
    return '{"objects": [{"id": "o", "type": "deal"}], "events": [' + events[0], ",".join(["", *events]), "]}"


def database(path, times):
    log = sqlite3.connect(path)
    log.executescript("""
        CREATE TABLE object (ocel_id TEXT, ocel_type TEXT);
        CREATE TABLE object_map_type (ocel_type TEXT, ocel_type_map TEXT);
        CREATE TABLE event (ocel_id TEXT, ocel_type TEXT);
        CREATE TABLE event_map_type (ocel_type TEXT, ocel_type_map TEXT);
        CREATE TABLE event_call (ocel_id TEXT, ocel_time TEXT, note TEXT);
        CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT);
        INSERT INTO object VALUES ('o', 'deal');
        INSERT INTO event_map_type VALUES ('call', 'call');
        """)
    # Of one event there are several rows, of which the first counts.
    log.executemany("INSERT INTO event VALUES (?, ?)", [(name, what) for name, _, what, _ in STEPS])
    log.executemany("INSERT INTO event_object VALUES (?, 'o', '')", [(name,) for name, *_ in STEPS])
    for _ in range(times):
        log.executemany("INSERT INTO event_call VALUES (?, ?, ?)", [(name, at, NOTE) for name, _, _, at in STEPS])
    log.commit()
    log.close()


def text(form, encoding="utf-8"):
    """Writes a file of a text."""
    def make(path, times):
        begin, again, end = (part.encode(encoding) for part in form())
        with open(path, "wb") as file:
            file.write(begin)
            for _ in range(times):
                file.write(again)
            file.write(end)
    make.size = len(form()[1].encode(encoding))
    return make


def packed(form):
    """Several packed texts one behind the other are one."""
    def make(path, times):
        begin, again, end = (gzip.compress(part.encode()) for part in form())
        with open(path, "wb") as file:
            file.write(begin + again * times + end)
    make.size = len(form()[1].encode())
    return make


database.size = ROWS * len(NOTE)

# A file, its adapter, and whether its text is put aside.
FORMS = [
    ("log.csv", "event_table", text(csv), False),
    ("utf16.csv", "event_table", text(csv, "utf-16-le"), True),
    ("packed.csv.gz", "event_table", packed(csv), True),
    ("log.json", "event_table", text(records), True),
    ("log.xes", "event_log", text(xes), True),
    ("log.jsonocel", "ocel", text(objects), True),
    ("log.sqlite", "ocel", database, False),
]


def imported(folder, name, adapter, make, times):
    """The most memory that it took, in bytes, and what it came to."""
    path, output = f"{folder}/{name}", f"{folder}/history"
    make(path, times)
    # No memory is kept back by a build that looks for mistakes.
    program = subprocess.Popen([PLUMB, "import", "--from", adapter, path, "--output", output], stderr=subprocess.PIPE, text=True,
                               env={**os.environ, "TMPDIR": folder, "ASAN_OPTIONS": "quarantine_size_mb=1"})
    said = program.stderr.read()
    _, status, used = os.wait4(program.pid, 0)
    os.remove(path)
    if status != 0:
        fail(f"{name} is imported", said)
    with open(f"{output}/events.csv", encoding="utf-8") as file:
        return used.ru_maxrss * 1024, file.read().count("\n")


def one_record(folder):
    """A record is held as a whole: one that is too large is refused, before it is held."""
    for name, note in (("list", ["1," * 1000, "[{}1]"]), ("text", ["x" * 2000, '"{}"'])):
        with open(f"{folder}/log.json", "w", encoding="utf-8") as file:
            before, after = note[1].split("{}")
            file.write('{"results": [{"event_id": "0"},\n{"event_id": "1", "note": ' + before)
            for _ in range(60_000):
                file.write(note[0])
            file.write(after + "}]}")
        program = subprocess.Popen([PLUMB, "import", f"{folder}/log.json", "--output", f"{folder}/history"],
                                   stderr=subprocess.PIPE, text=True)
        said = program.stderr.read()
        _, status, used = os.wait4(program.pid, 0)
        if os.waitstatus_to_exitcode(status) != 2 or "in line 2, is one record or text of more than 64 MB" not in said:
            fail(f"a record with a {name} that is too large is refused", said)
        print(f"a {name} of 120 MB: {used.ru_maxrss // 1000} MB", flush=True)
        if used.ru_maxrss > 500_000:
            fail("it is not held")


def main():
    with tempfile.TemporaryDirectory() as folder:
        one_record(folder)
    for name, adapter, make, is_put_aside in FORMS:
        with tempfile.TemporaryDirectory() as folder:
            times = LARGE // make.size
            small, few = imported(folder, name, adapter, make, 1)
            large, many = imported(folder, name, adapter, make, times)
            print(f"{name}: {small // 1_000_000} MB, and {large // 1_000_000} MB of {make.size * times // 1_000_000}", flush=True)
            if few != many:
                fail(f"{name}: both make the same history", few, many)
            if large - small > make.size * times / 8 + (ASIDE if is_put_aside else 0):
                fail(f"{name}: memory does not grow with the file", small, large)


if __name__ == "__main__":
    main()

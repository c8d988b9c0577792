"""What `plumb run` and `plumb import` show while they work, and what they leave behind when they are ended.

usage: waiting_test.py PLUMB
The history is made here. So that the work takes more than two seconds on every machine, the program is stopped for that
long in the middle of it.
"""

import gzip
import os
import pty
import re
import signal
import subprocess
import sys
import tempfile
import time

RULEBOOK = """\
rulebook waiting { title "Something to wait for"  version 1.0.0 }
calendar office { zone "America/New_York"  work monday to friday 09:00 to 17:00 }
activity call { note text }
process sales { stage talk {}  stage won { won }  path talk -> won }
must called "A call is followed by a call" {
  for each deal
  after call
  expect call
  within 2 business days
}
"""
DEALS, CALLS = 20_000, 20


def write_history(folder):
    os.mkdir(folder)
    with open(f"{folder}/deals.csv", "w") as deals:
        deals.write("deal,created,owner\n")
        deals.writelines(f"D{i},2026-01-05T09:00:00Z,ana\n" for i in range(DEALS))
    with open(f"{folder}/events.csv", "w") as events:
        events.write("deal,at,kind,name,note\n")
        for i in range(DEALS):
            events.writelines(
                f"D{i},2026-01-{day + 6:02}T10:00:{i % 60:02}Z,activity,call,a note about nothing in particular\n"
                for day in range(CALLS)
            )


def command(plumb, folder, *options):
    return [plumb, "run", f"{folder}/rules.plumb", "--history", f"{folder}/h", "--threads", "1",
            "--output", f"{folder}/out.json", "--format", "json", *options]


def write_export(folder):
    os.mkdir(folder)
    with open(f"{folder}/events.csv", "w") as events:
        events.write("event_id,case_id,activity,timestamp\n")
        for i in range(DEALS * 5):
            events.write(f"e{i},c{i % DEALS},a step of some kind,2026-01-{i // DEALS + 6:02}T10:00:{i % 60:02}Z\n")


def import_command(plumb, folder, *options):
    return [plumb, "import", "--from", "event_table", f"{folder}/export", "--output", f"{folder}/imported"]


def read_all(descriptor):
    said = b""
    while True:
        try:
            block = os.read(descriptor, 65536)
        except OSError:  # what a closed terminal says
            return said
        if not block:
            return said
        said += block


def held_up(program, terminal):
    """What a program says that is stopped for longer than it stays silent, and then ends well."""
    program.send_signal(signal.SIGSTOP)
    time.sleep(2.3)
    program.send_signal(signal.SIGCONT)
    said = read_all(terminal)
    os.close(terminal)
    assert program.wait() == 0, said
    return said


def said_on_terminal(plumb, folder, after, terminal, command=command):
    """What is said on a terminal when the program is stopped for more than two seconds, so long after its start."""
    ours, theirs = pty.openpty()
    program = subprocess.Popen(command(plumb, folder), stderr=theirs, env={**os.environ, "TERM": terminal})
    os.close(theirs)
    time.sleep(after)
    return held_up(program, ours)


def test_terminal(plumb, folder, command, doing):
    for after in (0.05, 0.1, 0.2, 0.4, 0.8):
        said = said_on_terminal(plumb, folder, after, "xterm", command)
        if b"\x1b[K" in said:
            break
    assert any(f"\r{what}".encode() in said for what in doing), said
    assert b"\r\x1b[K" in said, said  # erased
    dumb = said_on_terminal(plumb, folder, after, "dumb", command)
    assert b"\x1b" not in dumb and not any(f"\r{what}".encode() in dumb for what in doing), dumb


def bytes_read(pid):
    """What the system has given the program to read so far."""
    with open(f"/proc/{pid}/io") as counts:
        return int(counts.readline().split()[1])


def test_progress_in_numbers(plumb, folder):
    """Bytes while files are unpacked; bytes, rows and refused rows while they are read."""
    os.mkdir(f"{folder}/packed")
    with open(f"{folder}/export/events.csv") as table, gzip.open(f"{folder}/packed/events.csv.gz", "wt", 1) as packed:
        rows = table.readlines()
        packed.write(rows[0])
        for year in range(1900, 1920):
            packed.writelines(row.replace(",2026-", f",{year}-") for row in rows[1:])
    size = os.path.getsize(f"{folder}/packed/events.csv.gz")
    ours, theirs = pty.openpty()
    program = subprocess.Popen(
        [plumb, "import", "--from", "event_table", f"{folder}/packed", "--output", f"{folder}/unpacked"],
        stderr=theirs, env={**os.environ, "TERM": "xterm"})
    os.close(theirs)
    before = bytes_read(program.pid)
    while program.poll() is None and bytes_read(program.pid) < before + size // 4:
        time.sleep(0.001)
    said = held_up(program, ours)
    assert re.search(rb"\rreading the files: \d+\.\d MB\x1b\[K", said), said
    assert re.search(rb"\rreading: [\d,]+\.\d MB of [\d,]+\.\d MB, [\d,]+ rows, \d+ refused\x1b\[K", said), said


def test_pipe(plumb, folder):
    program = subprocess.Popen(command(plumb, folder), stderr=subprocess.PIPE, env={**os.environ, "TERM": "xterm"})
    time.sleep(0.1)
    program.send_signal(signal.SIGSTOP)
    time.sleep(2.3)
    program.send_signal(signal.SIGCONT)
    said = program.communicate()[1]
    assert program.returncode == 0 and b"\x1b" not in said and b"reading" not in said, said


def end_while_writing(plumb, folder, number, command=command):
    """The files of the folder after a signal that came while the output was being written."""
    before = sorted(os.listdir(folder))
    program = subprocess.Popen(command(plumb, folder), stderr=subprocess.DEVNULL)
    while program.poll() is None:
        if len(os.listdir(folder)) > len(before):
            program.send_signal(signal.SIGSTOP)
            break
        time.sleep(0.0005)
    there = sorted(os.listdir(folder))
    if program.poll() is None:
        program.send_signal(number)
        program.send_signal(signal.SIGCONT)
    code = program.wait()
    return before, there, sorted(os.listdir(folder)), code


def test_signals(plumb, folder):
    old = b"what was there before\n"
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        for _ in range(10):
            with open(f"{folder}/out.json", "wb") as out:
                out.write(old)
            before, there, after, code = end_while_writing(plumb, folder, number)
            if there != before and code != 0:
                break
        assert there != before and code == -number, (there, code)
        assert after == before, after
        with open(f"{folder}/out.json", "rb") as out:
            assert out.read() == old


def contents(folder):
    return {name: open(f"{folder}/{name}", "rb").read() for name in os.listdir(folder)}


def test_import_signals(plumb, folder):
    """Of a folder all files are the new ones or all the old ones, and nothing else is left."""
    out = f"{folder}/imported"
    subprocess.run(import_command(plumb, folder), check=True, stderr=subprocess.DEVNULL)
    new = contents(out)
    old = {name: b"deal,created\n" if name == "deals.csv" else b"" for name in new}
    seen = False
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        for _ in range(3):
            for name, text in old.items():
                with open(f"{out}/{name}", "wb") as file:
                    file.write(text)
            before, there, after, code = end_while_writing(plumb, folder, number, import_command)
            seen = seen or there != before
            assert after == before, after
            assert contents(out) in (old, new) and code in (0, -number), code
    assert seen, "no folder was seen in the making"


def main():
    plumb = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/rules.plumb", "w") as rules:
            rules.write(RULEBOOK)
        write_history(f"{folder}/h")
        write_export(f"{folder}/export")
        test_terminal(plumb, folder, command, ("reading: ", "evaluating", "writing"))
        test_terminal(plumb, folder, import_command, ("reading", "preparing the rows", "writing"))
        test_progress_in_numbers(plumb, folder)
        test_pipe(plumb, folder)
        test_signals(plumb, folder)
        test_import_signals(plumb, folder)


main()

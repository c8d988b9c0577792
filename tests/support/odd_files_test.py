"""What lies where files are expected and is none, and files that do not stay as they were while they are read: each is said,
nothing is waited for, and nothing is read half.

usage: odd_files_test.py PLUMB
A file is changed while the program, which has opened it, is stopped.
"""

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time

PLUMB = os.path.abspath(sys.argv[1])
TRIES = 100  # to be there while a file is read
HEADER = "event_id,case_id,activity,timestamp\n"
RULEBOOK = """\
rulebook odd { title "Odd files"  version 1.0.0 }
activity step { action text }
must followed { for each deal after step expect count of step since created is at least 3 within 2 days }
"""


def fail(what, *shown):
    sys.exit("\n".join([f"FAILED: {what}", *map(str, shown)]))


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def run(*arguments, **more):
    return subprocess.run([PLUMB, *arguments], capture_output=True, text=True, timeout=60, **more)


def check(done, code, *said):
    if done.returncode != code or any(what not in done.stderr for what in said):
        fail(f"exit code {code}, and it is said: {said}", done.args, done.returncode, done.stderr)


def many_parts(folder):
    """A table may be more files than a program has open by default; where the system allows no more it is said."""
    for number in range(100):
        write(f"{folder}/parts/log_{number}.csv", HEADER + f"{number},c1,call,2026-01-05T10:00:00Z\n")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    for most, code, said in ((hard, 0, "wrote"), (64, 2, "a program may have no more files open: put some of these together")):
        check(run("import", "--from", "event_table", f"{folder}/parts", "--output", f"{folder}/of_parts",
                  preexec_fn=lambda most=most: resource.setrlimit(resource.RLIMIT_NOFILE, (64, most))), code, said)


def links_and_pipes(folder):
    write(f"{folder}/rules.plumb", RULEBOOK)
    write(f"{folder}/in/log.csv", HEADER + "1,c1,call,2026-01-05T10:00:00Z\n")
    os.symlink("round", f"{folder}/in/round")
    check(run("import", f"{folder}/in", "--output", f"{folder}/out"), 0, "round: left alone")
    os.symlink("round.csv", f"{folder}/in/round.csv")
    check(run("import", f"{folder}/in", "--output", f"{folder}/out"), 2, "round.csv`: it is a link that leads to no file")
    os.remove(f"{folder}/in/round.csv")
    # Whose header would tell whether it is a canonical folder.
    os.mkfifo(f"{folder}/in/deals.csv")
    check(run("run", f"{folder}/rules.plumb", "--history", f"{folder}/in", "--as-of", "2026-03-01"), 2,
          "`deals.csv` is no ordinary file")
    mapping = "zone: UTC\nrecorded: at\ncoverage: { everything: always }\nfiles:\n  - file: deals.csv\n    rows: [{ is: deal, deal: id, created: made }]\n"
    write(f"{folder}/map.yaml", mapping)
    check(run("doctor", "--mapping", f"{folder}/map.yaml", "--history", f"{folder}/in"), 1)


def linked_output(folder):
    """The folder that a link leads to is replaced, and the link stays."""
    write(f"{folder}/log.csv", HEADER + "1,c1,call,2026-01-05T10:00:00Z\n")
    os.mkdir(f"{folder}/real")
    os.symlink("real", f"{folder}/out")
    check(run("import", f"{folder}/log.csv", "--output", f"{folder}/out"), 0)
    if not os.path.islink(f"{folder}/out") or "deals.csv" not in os.listdir(f"{folder}/real"):
        fail("the link leads to the new folder", os.listdir(folder), os.listdir(f"{folder}/real"))
    os.symlink("nothing", f"{folder}/nowhere")
    check(run("import", f"{folder}/log.csv", "--output", f"{folder}/nowhere"), 2, "a link that leads to no folder")


def has_open(process, path):
    try:
        return any(os.readlink(f"/proc/{process}/fd/{number}") == path for number in os.listdir(f"/proc/{process}/fd"))
    except OSError:  # it has ended, or a file was closed
        return False


def has_mapped(process, path):
    try:
        with open(f"/proc/{process}/maps", encoding="utf-8") as maps:
            return path in maps.read()
    except OSError:
        return False


def changed_while_read(path, change, command, is_there=has_open):
    """What is said where `change` happens to a file while the program reads it, and how it ends."""
    with open(path, "rb") as file:
        before = file.read()
    for _ in range(TRIES):
        # Long ago, so that the clock of the file system has gone on by then.
        os.utime(path, (1_700_000_000, 1_700_000_000))
        program = subprocess.Popen([PLUMB, *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        while program.poll() is None and not is_there(program.pid, path):
            pass
        program.send_signal(signal.SIGSTOP)
        while program.poll() is None:
            with open(f"/proc/{program.pid}/stat", encoding="utf-8") as stat:
                if stat.read().rpartition(")")[2].split()[0] in "TtZX":
                    break
            time.sleep(0.001)
        there = program.poll() is None and is_there(program.pid, path)
        if there:
            change(path)
        program.send_signal(signal.SIGCONT)
        said = program.communicate()[1]
        with open(path, "r+b") as file:
            file.truncate(0)
            file.write(before)
        # A last look at the file may have been before.
        if there and program.returncode != 0:
            return program.returncode, said
    return fail("a file is changed while it is read", path, said)


def other_letter(path):
    with open(path, "r+b") as file:
        file.seek(len(HEADER) + 3)
        file.write(b"X")


def one_more(path):
    with open(path, "a", encoding="utf-8") as file:
        file.write("x,c1,call,2026-01-05T10:00:00Z\n")


def half(path):
    os.truncate(path, os.path.getsize(path) // 2)


def changes(folder):
    rows = "".join(f"e{i},c{i % 5000},a step of some kind,2026-01-{i % 28 + 1:02}T10:00:{i % 60:02}Z\n" for i in range(150_000))
    write(f"{folder}/log.csv", HEADER + rows)
    write(f"{folder}/rules.plumb", RULEBOOK)
    command = ("import", f"{folder}/log.csv", "--output", f"{folder}/out")
    for change, how in ((other_letter, "changed"), (one_more, "made longer"), (half, "made shorter")):
        code, said = changed_while_read(f"{folder}/log.csv", change, command)
        if code != 2 or f"it was {how} while it was read" not in said or os.path.exists(f"{folder}/out"):
            fail(f"a file of an export that was {how} is said", code, said)
    check(run(*command), 0)
    write(f"{folder}/h/deals.csv", "deal,created\n" + "".join(f"c{i},2026-01-01T00:00:00Z\n" for i in range(5000)))
    write(f"{folder}/h/events.csv", "deal,at,kind,name,action\n" + "".join(
        f"c{i % 5000},2026-01-{i % 28 + 1:02}T10:00:{i % 60:02}Z,activity,step,a step of some kind\n" for i in range(150_000)))
    judge = ("run", f"{folder}/rules.plumb", "--as-of", "2026-03-01", "--threads", "1", "--history")
    for change, how in ((other_letter, "changed"), (half, "made shorter")):
        code, said = changed_while_read(f"{folder}/h/events.csv", change, (*judge, f"{folder}/h"))
        if code != 2 or f"it was {how} while it was read" not in said:
            fail(f"a file of a history that was {how} is said", code, said)
    check(run("snapshot", f"{folder}/rules.plumb", "--history", f"{folder}/h", "--output", f"{folder}/snapshot"), 0)
    code, said = changed_while_read(f"{folder}/snapshot", lambda path: os.truncate(path, 0), (*judge, f"{folder}/snapshot"),
                                    has_mapped)
    if code != 2 or f"the history `{folder}/snapshot` was made shorter while it was read" not in said:
        fail("a snapshot that was made shorter is said", code, said)


def main():
    for test in (links_and_pipes, many_parts, linked_output, changes):
        with tempfile.TemporaryDirectory() as folder:
            test(os.path.realpath(folder))
    print("what is no file, or does not stay as it was, is said")


if __name__ == "__main__":
    main()

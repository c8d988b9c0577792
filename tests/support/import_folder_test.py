"""`plumb import` writes its folder whole or not at all: asked to end while it writes, or where there is no more room, it
leaves nothing, and what was there stays.

usage: import_folder_test.py PLUMB
"""

import os
import resource
import signal
import subprocess
import sys
import tempfile

PLUMB = os.path.abspath(sys.argv[1])
ROWS = 200_000
TRIES = 50  # to be there while it writes


def fail(what, *shown):
    sys.exit("\n".join([f"FAILED: {what}", *map(str, shown)]))


def started(folder, **more):
    return subprocess.Popen([PLUMB, "import", "--from", "event_table", "export", "--output", "history"], cwd=folder,
                            stderr=subprocess.PIPE, text=True, **more)


def left(folder):
    """What stands in the folder besides the export."""
    return sorted(name for name in os.listdir(folder) if name != "export")


def interrupted(folder, ending):
    """Whether the signal came while the folder was written."""
    before = left(folder)
    running = started(folder)
    while running.poll() is None and left(folder) == before:
        pass
    running.send_signal(ending)
    said = running.communicate()[1]
    if running.returncode == 0:
        return False
    if running.returncode != -ending:
        fail("it ends by the signal", running.returncode, said)
    if left(folder) == ["history"] != before:
        return False  # it was whole already
    if left(folder) != before:
        fail("nothing is left of what was written", left(folder), before)
    return True


def contents(folder):
    texts = {}
    for name in os.listdir(f"{folder}/history"):
        with open(f"{folder}/history/{name}", encoding="utf-8") as file:
            texts[name] = file.read()
    return texts


def check_full(folder, what):
    def no_room():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))

    before = left(folder)
    running = started(folder, preexec_fn=no_room)
    said = running.communicate()[1]
    if running.returncode != 2 or "cannot write the folder `history`: " not in said:
        fail(f"that there is no room is said ({what})", running.returncode, said)
    if left(folder) != before:
        fail(f"nothing is left where there is no room ({what})", left(folder))


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(f"{folder}/export")
        with open(f"{folder}/export/log.csv", "w", encoding="utf-8") as file:
            file.write("case_id,activity,timestamp\n")
            for row in range(ROWS):
                file.write(f"c{row % 1000},step {row},2026-01-05T{row // 3600 % 24:02}:{row // 60 % 60:02}:{row % 60:02}Z\n")
        check_full(folder, "nothing was there")
        for ending in (signal.SIGINT, signal.SIGTERM):
            for _ in range(TRIES):
                if interrupted(folder, ending):
                    break
                subprocess.run(["rm", "-rf", f"{folder}/history"], check=True)
            else:
                fail("it is asked to end while it writes")
        running = started(folder)
        said = running.communicate()[1]
        if running.returncode != 0:
            fail("it is written", said)
        whole = contents(folder)
        if whole["events.csv"].count("\n") != ROWS + 1 or not whole["events.csv"].endswith("\n"):
            fail("it is written whole")
        check_full(folder, "something was there")
        for _ in range(TRIES):
            if interrupted(folder, signal.SIGINT):
                break
        else:
            fail("it is asked to end while it writes over a folder")
        if contents(folder) != whole:
            fail("what was there stays as it was")
    print("a folder is whole or not there")


if __name__ == "__main__":
    main()

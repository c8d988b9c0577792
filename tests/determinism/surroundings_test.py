"""The output of `plumb` is the same bytes whatever surrounds it: the order of rows and of columns in the files, the
locale, the zone of the machine, its environment and folder, the process, and whether the history is read from CSV or
from a snapshot.

usage: surroundings_test.py PLUMB
"""

import itertools
import os
import random
import re
import subprocess
import sys
import tempfile

from threads_test import RULEBOOK, History

HISTORY = History(7, deals=60, events=25, people=9)
AS_OF = ["--as-of", "2026-03-28T12:00:00Z"]
FORMATS = [["--format", "human"], ["--format", "json"], ["--format", "csv"], ["--summary"]]
COMMANDS = [
    *(["run", "rules.plumb", "--history", "history", *AS_OF, *how] for how in FORMATS),
    ["run", "rules.plumb", "--history", "history"],
    ["check", "rules.plumb"],
    ["check", "wrong.plumb"],
    ["check", "wrong.plumb", "--format", "json"],
    ["graph", "rules.plumb"],
    ["fmt", "--check", "rules.plumb"],
    ["help", "within"],
    ["explain", "rules.plumb", "--history", "history", *AS_OF, "--deal", "D1"],
    ["explain", "rules.plumb", "--history", "history", *AS_OF, "--person", "p1", "--rule", "q_floor"],
    ["test", "tested.plumb", "--coverage"],
    ["test", "tested.plumb", "--format", "json"],
]
# What is run with one processor besides, and partly in the many surroundings, but not on rows in another order: lines and
# the order of rows are part of what these say and write.
DATA = [
    ["import", "--from", "event_table", "export/log.csv", "--output", "made"],
    ["import", "export", "rules.plumb", "--mapping", "export.yaml", "--zone", "Asia/Tokyo", "--output", "made"],
    ["doctor", "rules.plumb", "--history", "history", *AS_OF],
    ["doctor", "rules.plumb", "--history", "history", *AS_OF, "--format", "json"],
    ["doctor", "rules.plumb", "--history", "export", "--mapping", "export.yaml"],
    ["doctor", "--mapping", "export.yaml", "--history", "export"],
    ["snapshot", "rules.plumb", "--history", "history", "--output", "made"],
    ["snapshot", "rules.plumb", "--history", "export", "--mapping", "export.yaml", "--output", "made"],
]
WORDS = [("call", "meeting", "I\u0307stek"), ("Zo\u00eb", "ana", "is\u0131k"), ("phone", "mail", "fax")]
EXPORT = {
    "export.yaml": """
zone: America/New_York
coverage: { everything: always }
dates: day first
decimal: comma
files:
  - file: log.csv
    rows:
      - is: activity call
        when: { activity: call }
        deal: case_id
        at: timestamp
        actor: resource
        fields: { channel: channel }
      - { is: activity meeting, when: { activity: meeting }, deal: case_id, at: timestamp, actor: resource }
""",
    "export/log.csv": "case_id,activity,timestamp,resource,channel,note\n" + "".join(
        f"c{i * 7 % 90},{WORDS[0][i % 3]},{i % 28 + 1:02}/03/2026 {i * 5 % 24:02}:30,{WORDS[1][i // 2 % 3]},"
        f"{WORDS[2][i // 3 % 3]},{i // 400}\n" for i in range(800)),
}
DATA_EVERYWHERE = [1, 2, 5, 7]
EVERYWHERE = [0, 1, 7, 8, 11, 13, 14]  # those that are run in each of the many surroundings
WRONG = RULEBOOK.replace("next_step is known", "nextstep is known").replace("within 1 day", "within 1 dya")
TESTED = RULEBOOK + """
test "a call a week" {
  person ana { role seller   team north }
  deal D1 { owner ana   size small }
  2026-03-03 D1 enters talk
  2026-03-04 10:00 D1 call { channel phone }
  2026-03-12 11:00 D1 meeting
  as of 2026-03-09 expect q_floor is missed for ana
  as of 2026-03-14 expect r_field is missed for D1
  as of 2026-03-14 expect l_life is kept for D1
}
"""
# Half of them are installed nowhere: a program that asks for one falls back, and must not say anything else.
LOCALES = ["C", "POSIX", "C.UTF-8", "en_US.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8", "ar_EG.UTF-8", "nowhere", ""]
ZONES = ["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia", ":/etc/localtime", "XYZ-25", "nonsense", ""]


class Surroundings:
    def __init__(self, plumb):
        self.plumb = os.path.abspath(plumb)
        self.failures = 0

    def run(self, folder, command, env=None, alone=False):
        """`alone`: with one processor, hence one thread."""
        base = {"PATH": os.environ.get("PATH", ""), "HOME": folder, "TZ": "UTC", "LC_ALL": "C.UTF-8"}
        one = (lambda: os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})) if alone else None
        done = subprocess.run([self.plumb, *command], cwd=folder, env={**base, **(env or {})}, capture_output=True,
                              stdin=subprocess.DEVNULL, check=False, preexec_fn=one)
        return done.returncode, done.stdout + taken_away(os.path.join(folder, "made")), done.stderr

    def hold(self, what, command, said, expected):
        if said == expected:
            return
        self.failures += 1
        print(f"{what}: `plumb {' '.join(command)}` says something else")
        for is_now, was in itertools.zip_longest(said[1].split(b"\n"), expected[1].split(b"\n")):
            if is_now != was:
                print(f"  {is_now}\n  instead of\n  {was}")
                break


def taken_away(path):
    """The bytes of the file or of the folder's files, which are no longer there."""
    if os.path.isfile(path):
        with open(path, "rb") as file:
            said = file.read()
        os.remove(path)
        return said
    said = b""
    for name in sorted(os.listdir(path)) if os.path.isdir(path) else []:
        said += name.encode() + b"\n" + taken_away(os.path.join(path, name))
    if os.path.isdir(path):
        os.rmdir(path)
    return said


def built_locale(folder):
    """A locale that writes numbers with a comma, made here where the machine has the sources of locales. Missing: None."""
    place = os.path.join(folder, "locales")
    os.mkdir(place)
    made = subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", os.path.join(place, "xx_XX.UTF-8")],
                          capture_output=True, check=False)
    return {"LOCPATH": place, "LC_ALL": "xx_XX.UTF-8", "LANG": "xx_XX.UTF-8"} if made.returncode == 0 else None


def environments(folder):
    for locale in LOCALES:
        yield f"LC_ALL={locale}", {"LC_ALL": locale}
        yield f"LANG={locale}", {"LC_ALL": "", "LANG": locale, "LC_NUMERIC": locale}
    for zone in ZONES:
        yield f"TZ={zone}", {"TZ": zone}
    yield "other variables", {"HOME": "/nowhere", "USER": "somebody", "LANGUAGE": "de", "TMPDIR": "/nowhere",
                              "MALLOC_PERTURB_": "165", "OMP_NUM_THREADS": "1"}
    if comma := built_locale(folder):
        yield "a locale with a decimal comma", comma


def without_lines(said):
    """A verdict cites the rows of its facts; those have other numbers when the rows stand elsewhere, and what is said of
    the files themselves names the first row. Where a line of text is broken depends on how long such a number is."""
    code, out, _ = said
    return code, re.sub(rb'(\.csv:|"line": ?)\d+', rb"\1?", re.sub(rb"[ \n]+", b"\n", out))


def permuted(seed):
    """The same rows, and the same columns, in another order."""
    choice = random.Random(seed)

    def write(folder):
        HISTORY.write(folder)
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            with open(path, encoding="utf-8") as file:
                header, *rows = [line.split(",") for line in file.read().split("\n")[:-1]]
            order = list(range(len(header)))
            choice.shuffle(order)
            choice.shuffle(rows)
            with open(path, "w", encoding="utf-8") as file:
                file.writelines(",".join(row[i] for i in order) + "\n" for row in [header, *rows])

    return write


def world(root, name, write_history):
    folder = os.path.join(root, name)
    os.mkdir(folder)
    os.mkdir(os.path.join(folder, "export"))
    for file, text in (("rules.plumb", RULEBOOK), ("wrong.plumb", WRONG), ("tested.plumb", TESTED), *EXPORT.items()):
        with open(os.path.join(folder, file), "w", encoding="utf-8") as out:
            out.write(text)
    write_history(os.path.join(folder, "history"))
    return folder


def main(plumb):
    them = Surroundings(plumb)
    with tempfile.TemporaryDirectory() as root:
        home = world(root, "home", HISTORY.write)
        expected = [them.run(home, command) for command in COMMANDS]
        for command, said in zip(COMMANDS, expected):
            wanted = {"wrong.plumb": 3, "tested.plumb": 4}.get(command[1], 0)
            if said[0] not in (wanted, 1) or not said[1] + said[2]:
                them.failures += 1
                print(f"plumb {' '.join(command)} ends with {said[0]}: {said[2].decode()}")
        data = [them.run(home, command) for command in DATA]
        for command, said in zip(DATA, data):
            if said[0] not in (0, 1 if command[0] == "doctor" else 0) or len(said[1]) < 300:
                them.failures += 1
                print(f"plumb {' '.join(command)} ends with {said[0]}: {said[2].decode()}")
            them.hold("one processor", command, them.run(home, command, alone=True), said)
        for what, env in environments(root):
            for i in EVERYWHERE:
                them.hold(what, COMMANDS[i], them.run(home, COMMANDS[i], env), expected[i])
            for i in DATA_EVERYWHERE:
                them.hold(what, DATA[i], them.run(home, DATA[i], env), data[i])
        again = world(root, "another folder, with blanks", HISTORY.write)
        for command, said in zip(COMMANDS, expected):
            them.hold("another folder", command, them.run(again, command), said)
        for seed in range(3):
            other = world(root, f"permuted {seed}", permuted(seed))
            for command, said in zip(COMMANDS, expected):
                them.hold("rows in another order", command, without_lines(them.run(other, command)),
                          without_lines(said))
        taken = os.path.join(root, "taken")
        os.mkdir(taken)
        made = them.run(home, ["snapshot", "rules.plumb", "--history", "history", "--output", f"{taken}/history"])
        if made[0] != 0:
            them.failures += 1
            print(f"no snapshot: {made[2].decode()}")
        for file in ("rules.plumb", "wrong.plumb", "tested.plumb"):
            os.link(os.path.join(home, file), os.path.join(taken, file))
        for command, said in zip(COMMANDS, expected):
            them.hold("a snapshot in place of the folder", command, them.run(taken, command), said)
    return 1 if them.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

"""Exports of each shape, made here: what was written comes back, also in parts, every row is accounted for, and each seeded
defect is found, in the export that has it and in no other.

usage: exports_test.py PLUMB FOLDER
"""

import copy
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys

import logs
import shapes

COUNTED = re.compile(r"^(.+): ([\d,]+) rows? read = ([\d,]+) used \+ ([\d,]+) merged \+ ([\d,]+) refused \+ ([\d,]+) ignored$")


def fail(what, *shown):
    sys.exit("\n".join([f"FAILED: {what}", *map(str, shown)]))


class Import:
    def __init__(self, plumb, folder, shape, files):
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(f"{folder}/export")
        for name, text in files.items():
            with open(f"{folder}/export/{name}", "wb") as file:
                file.write(text if isinstance(text, bytes) else text.encode())
        self.plumb, self.folder, self.adapter = plumb, folder, shape.adapter
        self.rulebook = shape.rulebook or RULEBOOK + RULES
        self.output = f"{folder}/history"
        done = subprocess.run([plumb, "import", "--from", shape.adapter, "export", "--output", "history"], cwd=folder,
                              capture_output=True, text=True, timeout=120)
        self.exit, self.said = done.returncode, done.stderr
        self.counted = [[int(n.replace(",", "")) for n in m.groups()[1:]]
                        for m in map(COUNTED.match, self.said.split("\n")) if m]

    def examined(self):
        """What the doctor says of the export, for a rulebook with the stages."""
        with open(f"{self.folder}/rules.plumb", "w", encoding="utf-8") as file:
            file.write(RULEBOOK)
        done = subprocess.run([self.plumb, "doctor", "rules.plumb", "--history", "export", "--from", self.adapter],
                              cwd=self.folder, capture_output=True, text=True, timeout=120)
        if done.returncode not in (0, 1):
            fail(f"{self.adapter}: the doctor looks at it", done.stderr)
        return done.stdout

    def verdicts(self, history, *more):
        """What each obligation came to, without where its facts stand."""
        done = subprocess.run([self.plumb, "run", "judged.plumb", "--history", history, "--as-of", "2026-06-01", "--format", "csv",
                               *more], cwd=self.folder, capture_output=True, text=True, timeout=120)
        if done.returncode not in (0, 1):
            fail(f"{self.adapter}: {history} is judged", done.stderr)
        kept = ["rule", "subject", "owed_by", "opened", "deadline", "verdict", "settled", "reasons"]
        return sorted(tuple(row[name] for name in kept) for row in csv.DictReader(io.StringIO(done.stdout)))

    def check_same_verdicts(self, what):
        """The folder that is imported for a rulebook says what the export says."""
        with open(f"{self.folder}/judged.plumb", "w", encoding="utf-8") as file:
            file.write(self.rulebook)
        subprocess.run([self.plumb, "import", "judged.plumb", "--from", self.adapter, "export", "--output", "judged"],
                       cwd=self.folder, check=True, capture_output=True, timeout=120)
        export, folder = self.verdicts("export", "--from", self.adapter), self.verdicts("judged")
        if export != folder or len(export) < 10:
            fail(f"{what}: the folder gives the verdicts of the export", *sorted(set(export) ^ set(folder))[:6])

    def rows(self, name):
        with open(f"{self.output}/{name}", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def refused(self):
        return self.rows("refused.csv") if os.path.exists(f"{self.output}/refused.csv") else []

    def check_conservation(self, what):
        if self.exit != 0:
            fail(f"{what} is imported", self.said)
        for read, *parts in self.counted:
            if read != sum(parts):
                fail(f"{what}: every row is accounted for", self.said)


def check_same(shape, got):
    """What the shape can carry of the history comes back."""
    expected = shape.expected
    money = getattr(expected, "money", "")
    deals = {row["deal"]: row for row in got.rows("deals.csv")}
    if deals.keys() != expected.deals.keys():
        fail(f"{shape.adapter}: the deals are those that were written", sorted(deals), sorted(expected.deals))
    for name, (created, owner, amount) in expected.deals.items():
        row = deals[name]
        if row["created"] != created or (owner is not None and row["owner"] != owner):
            fail(f"{shape.adapter}: deal {name} is as it was written", row, (created, owner))
        if amount is not None and row["amount"] != amount + money:
            fail(f"{shape.adapter}: deal {name} has the amount {amount}", row)
    events = got.rows("events.csv")
    for e in events:
        if e["from"] in ("?", "-"):  # nobody says from where, and that there was nothing before
            e["from"] = ""
    moves = sorted((e["deal"], e["at"], e["from"], e["to"]) for e in events if e["kind"] == "move")
    if moves != sorted(expected.moves):
        fail(f"{shape.adapter}: the moves are those that were written",
             "missing: %s" % sorted(set(expected.moves) - set(moves))[:5],
             "invented: %s" % sorted(set(moves) - set(expected.moves))[:5])
    changes = sorted((e["deal"], e["at"], e["name"], e["from"].removesuffix(money), e["to"].removesuffix(money))
                     for e in events if e["kind"] == "change")
    if changes != sorted(expected.changes):
        fail(f"{shape.adapter}: the changes are those that were written",
             "missing: %s" % sorted(set(expected.changes) - set(changes))[:5],
             "invented: %s" % sorted(set(changes) - set(expected.changes))[:5])
    if not hasattr(expected, "activities"):
        return
    said = ["action", "lifecycle", "qualifier", "attribute", "was", "value"]
    activities = sorted((e["deal"], e["at"], e["name"], " ".join(e[of] for of in said if e.get(of)), e["actor"], e["id"])
                        for e in events if e["kind"] == "activity")
    if activities != sorted(expected.activities):
        fail(f"{shape.adapter}: the activities are those that were written",
             "missing: %s" % sorted(set(expected.activities) - set(activities))[:5],
             "invented: %s" % sorted(set(activities) - set(expected.activities))[:5])


# ---- defects: each makes files of files, and says how it must show ----------------------------------------------------


def row_of(cells):
    return ",".join(map(shapes.quoted, cells)) + "\n"


def deal_file(shape):
    return next(iter(shape.files))


def twice(shape, files):
    """The first deal once more, with another value at its end."""
    name = deal_file(shape)
    first = next(csv.reader(io.StringIO(files[name].split("\n", 1)[1])))
    files[name] += row_of(first[:1] + ["2020-01-01T00:00:00Z" if "20" in cell and ":" in cell else cell for cell in first[1:]])
    return lambda got: re.findall(r"already stands at", got.said)


def of_known_deal(shape, files, cells):
    """The row about a deal that is there; where only deals are exported, about the one more."""
    if shape.event_file == deal_file(shape):
        return list(cells)
    known = next(csv.reader(io.StringIO(files[shape.event_file].split("\n", 1)[1])))
    name = shapes_subject(shape)
    return [known[i] if i == name else cell for i, cell in enumerate(cells)]


def orphan(shape, files):
    files[shape.event_file] += row_of(shape.orphan)
    return lambda got: [r for r in got.refused() if "there is a deal" in r["reason"]]


def ragged(shape, files):
    files[shape.event_file] += row_of(shape.orphan[:-1])
    return lambda got: [r for r in got.refused() if "cell" in r["reason"]]


def no_time(shape, files):
    """A cell of a time that is none."""
    cells = ["when it was" if ":" in cell and "20" in cell else cell for cell in shape.orphan]
    files[shape.event_file] += row_of(of_known_deal(shape, files, cells))
    return lambda got: re.findall(r"`when it was` is not a date", got.said)


def shapes_subject(shape):
    """In which cell of the event file the deal stands."""
    return next(i for i, cell in enumerate(shape.orphan) if "999999" in cell)


def mixed_zones(shape, files):
    """A time with an offset in a column without, or the other way round."""
    at = max(i for i, cell in enumerate(shape.orphan) if ":" in cell)
    cells = of_known_deal(shape, files, shape.orphan)
    cells[at] = cells[at].replace("T", " ").removesuffix("Z") if shape.zoned else cells[at].replace(" ", "T") + "+02:00"
    files[shape.event_file] += row_of(cells)
    return lambda got: re.findall(r"some times carry an offset", got.said)


def truncated(shape, files):
    files[shape.event_file] = files[shape.event_file] + '"an open quote'
    return lambda got: [got.exit] if got.exit == 2 or got.refused() else []


def cut_utf16(shape, files):
    """Not text at all in one of the cells: a NUL."""
    files[shape.event_file] += row_of(shape.orphan[:-1] + ["a\0b"])
    return lambda got: [got.exit] if got.exit == 2 or got.refused() else []


RULEBOOK = """\
rulebook shop { title "A shop"  version 1.0.0 }
fields deal { amount money }
process sales { stage qualify {}  stage propose {}  stage negotiate {}  stage won { won }  stage lost { lost } }
"""


RULES = """\
must priced { for each deal at created expect amount is known }
must proposed { for each deal after created expect enters propose within 5 days }
must closed { for each deal after created expect won or lost within 30 days }
must worth { for each deal at enters won expect amount is more than 200 EUR }
must owned { for each deal at enters propose expect owner is known }
must not_cheaper { for each deal at amount changed expect amount is more than 100 EUR }
"""


def misspelt_stage(shape, files):
    """A stage that the rulebook does not have: the doctor finds it, and which one may be meant."""
    cells = ["propsoe" if cell == "propose" else cell for cell in shape.orphan]
    files[shape.event_file] += row_of(of_known_deal(shape, files, cells))
    return lambda got: [1] if "unknown-stage: propsoe" in got.examined() and "If it is `propose`" in got.examined() else []


def json_file(files):
    return next(name for name in files if name.endswith(".json"))


def json_cut_short(shape, files):
    name = json_file(files)
    files[name] = files[name][:-40]
    return lambda got: re.findall(r"it is no JSON", got.said)


def json_no_time(shape, files):
    """The time of a stage is none."""
    name = json_file(files)
    files[name] = re.sub(r'("timestamp": )"[^"]*"', r'\1"when it was"', files[name], count=1)
    return lambda got: re.findall(r"`when it was` is not a date", got.said)


def json_twice(shape, files):
    """The first deal once more, made on another day."""
    name = json_file(files)
    read = json.loads(files[name])
    first = copy.deepcopy(read["results"][0])
    first["properties"]["createdate"] = "2020-01-01T00:00:00Z"
    read["results"].append(first)
    files[name] = json.dumps(read)
    return lambda got: re.findall(r"already stands at", got.said)


def json_key_twice(shape, files):
    name = json_file(files)
    files[name] = files[name].replace('"archived": false', '"archived": false, "archived": true', 1)
    return lambda got: re.findall(r"stands twice in one object", got.said)


def json_misspelt_stage(shape, files):
    name = json_file(files)
    files[name] = files[name].replace('"value": "propose"', '"value": "propsoe"', 1)
    return lambda got: [1] if "unknown-stage: propsoe" in got.examined() and "If it is `propose`" in got.examined() else []


JSON_DEFECTS = [json_cut_short, json_no_time, json_twice, json_key_twice, json_misspelt_stage]

DEFECTS = [misspelt_stage, twice, orphan, ragged, no_time, mixed_zones, truncated, cut_utf16]


# What is said of any defect.
SAID = ["already stands at", "there is a deal", "is not a date", "some times carry an offset", "no JSON", "stands twice",
        "row refused", "the quotes of line", "a NUL", "it ends before", "well-formed", "cannot be read", "has no `id`",
        "it has no table"]


def check_clean(shape, clean):
    for said in SAID:
        if said in clean.said:
            fail(f"{shape.adapter}: nothing is found where there is no defect", said, clean.said)
    if "unknown-stage" in clean.examined():
        fail(f"{shape.adapter}: no stage is unknown where there is no defect", clean.examined())


def check_defects(plumb, folder, shape, clean):
    check_clean(shape, clean)
    for defect in shape.defects or (JSON_DEFECTS if shape.event_file is None else DEFECTS):
        if defect.__name__ in shape.cannot_have:
            continue
        files = dict(shape.files)
        shows = defect(shape, files)
        got = Import(plumb, f"{folder}/{shape.adapter}.{defect.__name__}", shape, files)
        if got.exit == 0:
            got.check_conservation(f"{shape.adapter} with the defect {defect.__name__}")
            got.check_same_verdicts(f"{shape.adapter} with the defect {defect.__name__}")
        if not shows(got):
            fail(f"{shape.adapter}: the defect {defect.__name__} is found", got.said, got.exit)
        if shows(clean):
            fail(f"{shape.adapter}: the defect {defect.__name__} is not found where there is none", clean.said)


# ---- rows that say the same: a file of the shape, its header (none: it is there) and a row of it -------------------------

TASKS = ("Task.csv", "Id,WhatId,OwnerId,ActivityDate,Status,CreatedDate,CompletedDateTime,Subject\n",
         "00T00000000000{id},{deal},ana,2026-01-09,Completed,2026-01-09T15:00:00Z,2026-01-09T15:00:00Z,Call\n")
TWINS = {
    "salesforce": TASKS,
    "salesforce_field_history": TASKS,
    "salesforce_both_histories": TASKS,
    "pipedrive": ("activities.csv", "id,deal_id,done,marked_as_done_time,user_id,type,subject\n",
                  "{id},{deal},1,2026-01-09 09:00:00,ana,call,Call\n"),
    "odoo": ("mail.message.csv", "", "9000{id},crm.lead,{deal},2026-01-09 09:00:00,ana,comment\n"),
    "bitrix": ("activities.csv", "activity_id,deal_id,activity_type,responsible_user_id,completed_at,completed,direction\n",
               "a{id},{deal},call,ana,2026-01-09T15:00:00Z,Y,out\n"),
}


def check_rows_apart(plumb, folder, shape):
    """Rows of different ids are different facts, also in the folder that is made of them; of one id they are one."""
    name, header, row = TWINS[shape.adapter]
    deal = shape.files[deal_file(shape)].split("\n")[1].split(",")[0]
    for what, ids, left in (("apart", "123", 3), ("as one", "111", 1)):
        files = dict(shape.files)
        files[name] = files.get(name, header) + "".join(row.format(id=i, deal=deal) for i in ids)
        got = Import(plumb, f"{folder}/{shape.adapter}.twins", shape, files)
        got.check_conservation(f"{shape.adapter} with rows that say the same")
        rows = [e for e in got.rows("events.csv") if e["kind"] == "activity"]
        if len(rows) != left or sum(merged for _, _, merged, *_ in got.counted) != 3 - left:
            fail(f"{shape.adapter}: three rows that say the same are taken {what}", got.said, rows)
        with open(f"{folder}/{shape.adapter}.twins/rules.plumb", "w", encoding="utf-8") as file:
            file.write(f"use std.adapters.{shape.adapter}\n" + RULEBOOK.split("\n", 1)[1].replace("fields deal { amount money }", "")
                       + f"must three {{ for each deal after created expect count of {rows[0]['name']} is at least 3 within 99 days }}\n")
        done = subprocess.run([plumb, "run", "rules.plumb", "--history", "history", "--as-of", "2026-06-01", "--format", "csv",
                               "--rule", "three"], cwd=got.folder, capture_output=True, text=True, timeout=120)
        kept = [r["subject"] for r in csv.DictReader(io.StringIO(done.stdout)) if r["verdict"] == "kept"]
        if len(kept) != (1 if left == 3 else 0):
            fail(f"{shape.adapter}: the folder keeps them {what}", done.stderr, kept)


# ---- the same in parts -------------------------------------------------------------------------------------------------


def csv_parts(text, count):
    """Each with its header, and the last with its columns the other way round, where that leaves the rows what they are."""
    header, *rows = list(csv.reader(io.StringIO(text)))
    size = -(-len(rows) // count)
    parts = [[header] + rows[at:at + size] for at in range(0, len(rows), size)]
    if all(len(row) == len(header) for row in rows):
        parts[-1] = [row[::-1] for row in parts[-1]]
    return ["".join(map(row_of, part)) for part in parts]


def json_parts(text, count):
    """The pages of an answer."""
    read = json.loads(text)
    size = -(-len(read["results"]) // count)
    return [json.dumps({"results": read["results"][at:at + size]}) for at in range(0, len(read["results"]), size)]


def in_parts(files, count=3):
    """Missing: none for what cannot be divided, such as a log."""
    parts = {}
    for name, text in files.items():
        stem, ending = os.path.splitext(name)
        divide = {".csv": csv_parts, ".json": json_parts}.get(ending)
        if divide is None or (ending == ".json" and '"results"' not in text):
            return {}
        for number, part in enumerate(divide(text, count), 1):
            parts[f"{stem}_{number}{ending}"] = part
    return parts


def check_in_parts(plumb, folder, shape, whole):
    """Files that are divided give what the whole ones give."""
    files = in_parts(shape.files)
    if not files:
        return 0
    got = Import(plumb, f"{folder}/{shape.adapter}.parts", shape, files)
    got.check_conservation(f"{shape.adapter} in parts")
    if got.refused():
        fail(f"{shape.adapter} in parts: nothing of the clean export is refused", got.refused()[:3])
    check_same(shape, got)
    for name in ("deals.csv", "events.csv", "people.csv"):
        if os.path.exists(f"{whole.output}/{name}") and got.rows(name) != whole.rows(name):
            fail(f"{shape.adapter} in parts: {name} is that of the whole",
                 *[pair for pair in zip(got.rows(name), whole.rows(name)) if pair[0] != pair[1]][:2])
    got.check_same_verdicts(f"{shape.adapter} in parts")
    return 1


def main():
    plumb, folder = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    all_deals = shapes.deals(60, seed=20260105)
    all_shapes = shapes.SHAPES + logs.SHAPES
    divided = 0
    for make in all_shapes:
        shape = make(all_deals)
        clean = Import(plumb, f"{folder}/{shape.adapter}", shape, shape.files)
        clean.check_conservation(shape.adapter)
        if clean.refused():
            fail(f"{shape.adapter}: nothing of the clean export is refused", clean.refused()[:3])
        check_same(shape, clean)
        clean.check_same_verdicts(shape.adapter)
        divided += check_in_parts(plumb, folder, shape, clean)
        check_defects(plumb, folder, shape, clean)
        if shape.adapter in TWINS:
            check_rows_apart(plumb, folder, shape)
    shutil.rmtree(folder)
    if divided < 10:
        fail("most shapes can be divided", divided)
    print(f"{len(all_shapes)} shapes come back as they were written, {divided} also in parts")


if __name__ == "__main__":
    main()

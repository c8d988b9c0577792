"""Imports each set of real data and checks that every row is accounted for, that the imported folder gives the verdicts of
the export, and that the doctor examines it.

Usage: verify.py PLUMB DATA TMP. The rows of each file are counted here, by other means than Plumb's.
"""
import csv
import gzip
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import xml.etree.ElementTree

plumb, data, tmp = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
here = pathlib.Path(__file__).parent
csv.field_size_limit(1 << 30)
LINE = re.compile(r"^(.+): ([\d,]+) rows? read = ([\d,]+) used \+ ([\d,]+) merged \+ ([\d,]+) refused \+ ([\d,]+) ignored$")


def run(*args, exits=(0,)):
    done = subprocess.run([plumb, *map(str, args)], capture_output=True, text=True, timeout=300)
    assert done.returncode in exits, f"plumb {' '.join(map(str, args))} ended with {done.returncode}:\n{done.stderr}"
    return done


def rows_of(path, table):
    """How many rows an export's file has."""
    name = path.name
    if name.endswith((".xes", ".xes.gz")):
        text = (gzip.open if name.endswith(".gz") else open)(path, "rb").read().decode()
        traces = re.findall(r"<trace\b.*?</trace>", text, re.S)
        return sum(max(1, len(re.findall(r"<event[ >]", trace))) for trace in traces)
    if name.endswith(".sqlite"):
        base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        if table == "objects":
            return base.execute("SELECT count(*) FROM object").fetchone()[0]
        if table == "events":
            return base.execute("SELECT count(*) FROM event_object").fetchone()[0]
        return None
    if name.endswith(".xmlocel"):
        log = xml.etree.ElementTree.parse(path).getroot()
        if table == "objects":
            return len(log.findall("objects/object"))
        events = log.findall("events/event")
        return sum(max(1, len(e.findall("objects/relationship"))) for e in events) if table == "events" else None
    if name.endswith("ocel"):
        log = json.loads(path.read_text())
        if "objects" in log:
            if table == "objects":
                return len(log["objects"])
            return sum(max(1, len(e.get("relationships") or [])) for e in log["events"]) if table == "events" else None
        if table == "objects":
            return len(log["ocel:objects"])
        return sum(max(1, len(e["ocel:omap"])) for e in log["ocel:events"].values())
    text = path.read_bytes()
    try:
        text = text.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = text.decode("cp1252")
    return sum(1 for row in csv.reader(text.splitlines(keepends=True)) if row) - 1


def check(name, path, *args, rules=None, expect=None, same_as=(), as_of="2030-01-01"):
    """Imports PATH; EXPECT is {file: (used, merged, refused, ignored)} where it is known."""
    output = tmp / name
    shutil.rmtree(output, ignore_errors=True)
    path = data / path
    done = run("import", path, "--output", output, *args)
    found = {m[1]: [int(n.replace(",", "")) for n in m.groups()[1:]] for m in map(LINE.match, done.stderr.splitlines()) if m}
    assert found, f"{name}: no file is accounted for:\n{done.stderr}"
    for file, (rows, *parts) in found.items():
        assert rows == sum(parts), f"{name}: {file}: {rows} rows are not {parts}"
        base, _, table = file.partition(": ")
        made = " of " in base
        counted = None if made else rows_of(path / base if path.is_dir() else path, table)
        assert counted is None or counted == rows, f"{name}: {file}: {rows} rows read of {counted}"
    for file, parts in (expect or {}).items():
        assert tuple(found[file][1:]) == parts, f"{name}: {file}: {found[file][1:]}, not {parts}"
    refused = sum(parts[3] for parts in found.values())
    listed = output / "refused.csv"
    rows = list(csv.DictReader(open(listed, newline=""))) if listed.exists() else []
    assert len({(r["file"], r["line"]) for r in rows}) == refused, f"{name}: {len(rows)} of {refused} refused rows are listed"
    assert all(cell[:1] not in tuple("=+-@\t\r") for r in rows for cell in r.values()), f"{name}: a formula"
    options = ("--as-of", as_of, "--summary", "--format", "json")
    imported = json.loads(run("run", rules, "--history", output, *options).stdout)
    assert imported["rules"], f"{name}: no rule ran"
    judged = sum(n for rule in imported["rules"] for key, n in rule.items() if isinstance(n, int))
    assert judged > 0, f"{name}: nothing was judged"
    direct = json.loads(run("run", rules, "--history", path, *same_as, *options).stdout)
    assert direct == imported, f"{name}: {direct} became {imported}"
    examined = json.loads(run("doctor", rules, "--history", path, *same_as, "--as-of", as_of, "--format", "json",
                              exits=(0, 1)).stdout)
    assert examined, f"{name}: the doctor says nothing"
    print(f"{name}: {sum(p[0] for p in found.values())} rows, {refused} refused, {judged} obligations")


reference = here.parent
tmp.mkdir(parents=True, exist_ok=True)
for name, day in (("bpic2012", "2012-03-14"), ("maven_crm", "2017-12-30")):
    # `kind` is a column of events.csv itself, which no field of an imported folder may be called like.
    mapping, rules = tmp / f"{name}.yaml", tmp / f"{name}.plumb"
    mapping.write_text(re.sub(r"\bkind\b", "offer_kind", (reference / name / "mapping.yaml").read_text()))
    rules.write_text(re.sub(r"\bkind\b", "offer_kind", (reference / name / "rules.plumb").read_text()))
    check(name, "bpic2012_as_crm" if name == "bpic2012" else name, "--mapping", mapping, rules, rules=rules, as_of=day,
          same_as=("--mapping", mapping))
for log in ("helpdesk.xes.gz", "running-example.xes", "roadtraffic100traces.xes", "receipt.csv", "running-example.csv",
            "interval_event_log.csv"):
    check(log, f"event_logs/{log}", here / "cases.plumb", rules=here / "cases.plumb")
for log in ("ocel20_example.jsonocel", "ocel20_example.sqlite", "ocel20_example.xmlocel", "recruiting-red.jsonocel",
            "example_log.csv"):
    check(log, f"event_logs/ocel/{log}", here / "objects.plumb", rules=here / "objects.plumb")
check("bitrix", "bitrix_stats", here / "shape.plumb", rules=here / "shape.plumb",
      expect={"deals.csv": (11, 0, 1, 0), "stage_history.csv": (4, 1, 1, 0), "activities.csv": (2, 0, 1, 1)})
check("dataloader", "salesforce_dataloader_samples", here / "plain.plumb", rules=here / "plain.plumb",
      expect={"opportunityData.csv": (38, 0, 0, 0)})
check("acceldata", "acceldata_synthetic_opphistory", "--mapping", here / "stages.yaml", here / "stages.plumb",
      rules=here / "stages.plumb", same_as=("--mapping", here / "stages.yaml"))
check("agentic", "agentic_salesforce", "--mapping", here / "current.yaml", here / "current.plumb",
      rules=here / "current.plumb", same_as=("--mapping", here / "current.yaml"))

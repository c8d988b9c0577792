"""The invented history as event logs: cases and events in CSV and XES, objects and events in OCEL (JSON, SQLite); and what
may be wrong with such files."""

import json
import random
import re
import sqlite3
from xml.sax.saxutils import quoteattr

import shapes
from shapes import PEOPLE, Shape, csv, number, z

CASES = """\
rulebook shop { title "A shop"  version 1.0.0 }
use std.adapters.%s
event proposed is step where action is "propose"
event finished is step where action is "won"
must early { for each deal after created expect proposed within 5 days }
must ended { for each deal after created expect finished within 30 days }
must busy { for each deal after created expect count of step since created is at least 3 within 20 days }
must followed { for each deal after proposed expect finished within 9 days }
"""

OBJECTS = """\
rulebook shop { title "A shop"  version 1.0.0 }
use std.adapters.ocel
fields deal { amount number }
event proposed is step where action is "propose"
event finished is step where action is "won"
must followed { for each deal after proposed expect finished within 9 days }
must dearer { for each deal at amount changed expect amount is more than 200 }
must worth { for each deal at proposed expect amount is more than 200 }
must kind_said { for each deal at step expect object_type is known }
"""


class Steps:
    """What comes back: `deals` as `shapes.Expected`; `activities`: (deal, instant, name, what it says, who, id)."""

    moves, changes = [], []

    def __init__(self, deals, activities):
        self.deals, self.activities = deals, activities


def events_of(all_deals):
    """(deal, instant, stage, who, id) of each move."""
    return [(d, at, stage, who, f"e{d.id}.{i}") for d in all_deals for i, (at, stage, who) in enumerate(d.moves)]


def cases(all_deals, lifecycle=""):
    said = " ".join(["{}", lifecycle]).strip()
    return Steps({str(d.id): (z(d.created), None, None) for d in all_deals},
                 [(str(d.id), z(at), "step", said.format(stage), who, name)
                  for d, at, stage, who, name in events_of(all_deals)])


def log_shape(adapter, files, expected, event_file, orphan, rulebook, defects=None, **more):
    shape = Shape(adapter, files, expected, event_file, orphan, **more)
    shape.rulebook, shape.defects = rulebook, defects
    return shape


def event_table(all_deals):
    rows = [[name, d.id, stage, z(at), who] for d, at, stage, who, name in events_of(all_deals)]
    table = csv(["event_id", "case_id", "activity", "timestamp", "resource"], rows)
    return log_shape("event_table", {"log.csv": table}, cases(all_deals), "log.csv",
                     ["ex", "999999", "propose", "2026-02-02T10:00:00Z", "ana"], CASES % "event_table",
                     cannot_have=("orphan", "misspelt_stage"))  # every row makes its case


def event_log(all_deals):
    rows = [[d.id, stage, z(at), who, "complete", name] for d, at, stage, who, name in events_of(all_deals)]
    random.Random(6).shuffle(rows)
    table = csv(["case:concept:name", "concept:name", "time:timestamp", "org:resource", "lifecycle:transition",
                 "identity:id"], rows)
    return log_shape("event_log", {"log.csv": table}, cases(all_deals, "complete"), "log.csv",
                     ["999999", "propose", "2026-02-02T10:00:00Z", "ana", "complete", "ex"], CASES % "event_log",
                     cannot_have=("orphan", "misspelt_stage"))


# ---- XES ------------------------------------------------------------------------------------------------------------


def xes_event(stage, at, who, name):
    said = [("string", "concept:name", stage), ("date", "time:timestamp", at), ("string", "org:resource", who),
            ("string", "lifecycle:transition", "complete"), ("id", "identity:id", name)]
    return "<event>" + "".join(f"<{kind} key={quoteattr(key)} value={quoteattr(value)}/>" for kind, key, value in said) + "</event>"


def xes(all_deals):
    traces = []
    for d in all_deals:
        events = [xes_event(stage, z(at), who, f"e{d.id}.{i}") for i, (at, stage, who) in enumerate(d.moves)]
        traces.append(f'<trace><string key="concept:name" value="{d.id}"/>\n' + "\n".join(events) + "\n</trace>\n")
    text = '<?xml version="1.0" encoding="UTF-8"?>\n<log>\n' + "".join(traces) + "</log>\n"
    return log_shape("event_log", {"log.xes": text}, cases(all_deals, "complete"), None, None, CASES % "event_log", XES_DEFECTS)


def one_more(files, at="2026-02-02T10:00:00Z", name="ex", case="999999"):
    files["log.xes"] = files["log.xes"].replace(
        "</log>", f'<trace><string key="concept:name" value="{case}"/>' + xes_event("propose", at, "ana", name) + "</trace></log>")


def xes_cut_short(shape, files):
    files["log.xes"] = files["log.xes"][:-60]
    return lambda got: re.findall(r"it ends before its log does", got.said)


def xes_not_closed(shape, files):
    files["log.xes"] = files["log.xes"].replace("</event>", "", 1)
    return lambda got: re.findall(r"no well-formed XML", got.said)


def xes_nul(shape, files):
    one_more(files, name="a\0b")
    return lambda got: [got.exit] if got.exit == 2 else []


def xes_no_time(shape, files):
    one_more(files, at="when it was")
    return lambda got: re.findall(r"`when it was` is not a date", got.said)


def xes_mixed_zones(shape, files):
    one_more(files, at="2026-02-02T10:00:00")
    return lambda got: re.findall(r"some times carry an offset", got.said)


def xes_twice(shape, files):
    """An event of the first case once more, on another day."""
    one_more(files, name="e1.0", case="1")
    return lambda got: re.findall(r"already stands at", got.said)


XES_DEFECTS = [xes_cut_short, xes_not_closed, xes_nul, xes_no_time, xes_mixed_zones, xes_twice]


# ---- OCEL: deals and people are objects ------------------------------------------------------------------------------


def objects(all_deals):
    """What both forms carry: objects with the values of their amounts, and events with the objects that they name."""
    things = [(str(d.id), "deal", [(number(value), z(at)) for at, value, _ in d.amounts]) for d in all_deals]
    things += [(person, "person", []) for person in PEOPLE]
    happened = [(name, stage, z(at), [(str(d.id), "of"), (who, "by")]) for d, at, stage, who, name in events_of(all_deals)]
    steps = [(of, at, "step", f"{stage} {as_what}", "", f"{name} {as_what}")
             for name, stage, at, named in happened for of, as_what in named]
    steps += [(str(d.id), z(at), "value_changed", f"amount {number(old)} {number(new)}", "", "")
              for d in all_deals for at, old, new, _ in shapes.changes(d.amounts)]
    return things, happened, Steps({name: ("", None, None) for name, *_ in things}, steps)


def ocel_json(all_deals):
    things, happened, expected = objects(all_deals)
    log = {"objectTypes": [], "eventTypes": [],
           "objects": [{"id": name, "type": kind,
                        "attributes": [{"name": "amount", "time": at, "value": value} for value, at in values]}
                       for name, kind, values in things],
           "events": [{"id": name, "type": stage, "time": at, "attributes": [],
                       "relationships": [{"objectId": of, "qualifier": as_what} for of, as_what in named]}
                      for name, stage, at, named in happened]}
    return log_shape("ocel", {"log.jsonocel": json.dumps(log)}, expected, None, None, OBJECTS, JSON_DEFECTS)


def ocel_sqlite(all_deals):
    things, happened, expected = objects(all_deals)
    log = sqlite3.connect(":memory:")
    log.executescript("""
        CREATE TABLE object (ocel_id TEXT, ocel_type TEXT);
        CREATE TABLE object_map_type (ocel_type TEXT, ocel_type_map TEXT);
        CREATE TABLE object_deal (ocel_id TEXT, ocel_time TEXT, ocel_changed_field TEXT, amount TEXT);
        CREATE TABLE object_person (ocel_id TEXT, ocel_time TEXT, ocel_changed_field TEXT);
        CREATE TABLE event (ocel_id TEXT, ocel_type TEXT);
        CREATE TABLE event_map_type (ocel_type TEXT, ocel_type_map TEXT);
        CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT);
        INSERT INTO object_map_type VALUES ('deal', 'deal'), ('person', 'person');
        """)
    for name, kind, values in things:
        log.execute("INSERT INTO object VALUES (?, ?)", (name, kind))
        for i, (value, at) in enumerate(values):
            log.execute("INSERT INTO object_deal VALUES (?, ?, ?, ?)", (name, at, "amount" if i else None, value))
    for stage in sorted({stage for _, stage, _, _ in happened}):
        log.execute(f"CREATE TABLE event_{stage} (ocel_id TEXT, ocel_time TEXT)")
        log.execute("INSERT INTO event_map_type VALUES (?, ?)", (stage, stage))
    for name, stage, at, named in happened:
        log.execute("INSERT INTO event VALUES (?, ?)", (name, stage))
        log.execute(f"INSERT INTO event_{stage} VALUES (?, ?)", (name, at))
        log.executemany("INSERT INTO event_object VALUES (?, ?, ?)", [(name, *one) for one in named])
    log.commit()
    return log_shape("ocel", {"log.sqlite": log.serialize()}, expected, None, None, OBJECTS, SQLITE_DEFECTS)


def changed(change):
    """A defect of a log in JSON: `change` does it to what was read."""
    def make(files):
        log = json.loads(files["log.jsonocel"])
        change(log)
        files["log.jsonocel"] = json.dumps(log)
    return make


def altered(*statements):
    """The same of a database."""
    def make(files):
        log = sqlite3.connect(":memory:")
        log.deserialize(files["log.sqlite"])
        for statement in statements:
            log.execute(statement)
        log.commit()
        files["log.sqlite"] = log.serialize()
    return make


def cut(name, size):
    def make(files):
        files[name] = files[name][:-size]
    return make


def overwritten(files):
    """A row in the middle is none any more, which a query passes by."""
    log = sqlite3.connect(":memory:")
    log.deserialize(files["log.sqlite"])
    page, = log.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'event_map_type'").fetchone()
    size, = log.execute("PRAGMA page_size").fetchone()
    database = bytearray(files["log.sqlite"])
    database[(page - 1) * size + 3:(page - 1) * size + 5] = b"\0\1"  # how many rows the page has
    files["log.sqlite"] = bytes(database)


def key_twice(files):
    files["log.jsonocel"] = files["log.jsonocel"].replace('"objectTypes"', '"objectTypes": [], "objectTypes"', 1)


def defect(called, make, shows):
    def apply(shape, files):
        make(files)
        return lambda got: re.findall(shows, got.said)
    apply.__name__ = called
    return apply


def event(log, name="ex", at="2026-02-02T10:00:00Z", of="1"):
    log["events"].append({"id": name, "type": "propose", "time": at, "relationships": [{"objectId": of, "qualifier": "of"}]})


EVENT = ("INSERT INTO event VALUES ('{name}', 'propose')", "INSERT INTO event_propose VALUES ('{name}', '{at}')",
         "INSERT INTO event_object VALUES ('{name}', '{of}', 'of')")


def event_rows(name="ex", at="2026-02-02T10:00:00Z", of="1"):
    return [statement.format(name=name, at=at, of=of) for statement in EVENT]


NO_TIME, ORPHAN, TWICE, MIXED = "`when it was` is not a date", "there is a deal `999999`", "already stands at", "some times carry an offset"

JSON_DEFECTS = [
    defect("cut_short", cut("log.jsonocel", 40), "it is no JSON"),
    defect("key_twice", key_twice, "stands twice in one object"),
    defect("no_time", changed(lambda log: event(log, at="when it was")), NO_TIME),
    defect("no_time_of_value", changed(lambda log: log["objects"][0]["attributes"].append(
        {"name": "amount", "time": "when it was", "value": "7"})), NO_TIME),
    defect("orphan", changed(lambda log: event(log, of="999999")), ORPHAN),
    defect("object_twice", changed(lambda log: log["objects"].append({"id": "1", "type": "person"})), TWICE),
    defect("event_twice", changed(lambda log: event(log, name="e1.0")), TWICE),
    defect("mixed_zones", changed(lambda log: event(log, at="2026-02-02T10:00:00")), MIXED),
    defect("no_id", changed(lambda log: event(log, name="")), "has no `id`"),
]

SQLITE_DEFECTS = [
    defect("cut_short", cut("log.sqlite", 5000), "the database (is damaged|cannot be read)"),
    defect("overwritten", overwritten, "the database is damaged"),
    defect("no_table", altered("DROP TABLE event_object"), "it has no table `event_object`"),
    defect("no_time", altered(*event_rows(at="when it was")), NO_TIME),
    defect("no_time_of_value", altered("INSERT INTO object_deal VALUES ('1', 'when it was', 'amount', '7')"), NO_TIME),
    defect("orphan", altered(*event_rows(of="999999")), ORPHAN),
    # What only a table beside that of all speaks of is not passed by.
    defect("event_of_its_type_alone", altered(*event_rows(at="when it was")[1:]), NO_TIME),
    defect("object_of_its_type_alone", altered("INSERT INTO object_deal VALUES ('o''ne', NULL, NULL, '6')",
                                               "INSERT INTO object_deal VALUES ('o''ne', 'when it was', 'amount', '7')"), NO_TIME),
    defect("relation_alone", altered(*event_rows(of="999999")[2:]), ORPHAN),
    defect("object_twice", altered("INSERT INTO object VALUES ('1', 'person')"), TWICE),
    defect("event_twice", altered("INSERT INTO event VALUES ('e1.0', 'propose')"), TWICE),
    defect("mixed_zones", altered(*event_rows(at="2026-02-02T10:00:00")), MIXED),
]

SHAPES = [event_table, event_log, xes, ocel_json, ocel_sqlite]

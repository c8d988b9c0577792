"""One invented history, written as the systems export it: what each shape can carry of it is what `plumb import` must
give back."""

import copy
import datetime
import json
import random
import re

STAGES = ["qualify", "propose", "negotiate"]
PEOPLE = ["ana", "ben", "cara"]
UTC = datetime.timezone.utc


class Deal:
    """`moves`: (instant, stage, who); the first is at the creation. `amounts`, `owners`: (instant, value, who), likewise."""

    def __init__(self, number, rng):
        self.id = number
        self.created = datetime.datetime(2026, 1, 5, 8, tzinfo=UTC) + datetime.timedelta(minutes=rng.randrange(40_000))
        at = self.created
        who = rng.choice(PEOPLE)
        self.moves = [(at, "qualify", who)]
        self.amounts = [(at, rng.choice([100, 250, 900]), who)]
        self.owners = [(at, who, who)]
        for stage in rng.choice([[], ["propose"], ["propose", "negotiate"], ["propose", "negotiate", "won"], ["lost"],
                                 ["negotiate", "propose", "lost"]]):
            at += datetime.timedelta(hours=rng.randrange(1, 200), seconds=rng.randrange(60))
            self.moves.append((at, stage, rng.choice(PEOPLE)))
        for _ in range(rng.randrange(3)):
            at += datetime.timedelta(hours=rng.randrange(1, 100))
            self.amounts.append((at, self.amounts[-1][1] + rng.choice([-20.5, 50, 1000]), rng.choice(PEOPLE)))
        if rng.random() < 0.3:
            at += datetime.timedelta(hours=1)
            new = rng.choice([p for p in PEOPLE if p != who])
            self.owners.append((at, new, who))

    def last(self):
        return max(at for at, *_ in self.moves + self.amounts + self.owners)


def deals(count, seed):
    rng = random.Random(seed)
    return [Deal(i + 1, rng) for i in range(count)]


def z(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def plain(at):
    return at.strftime("%Y-%m-%d %H:%M:%S")


def number(value):
    return f"{value:g}"


def quoted(cell):
    return '"' + cell.replace('"', '""') + '"' if any(c in cell for c in ',"\n') else cell


def csv(header, rows):
    lines = [header] + [[str(cell) for cell in row] for row in rows]
    return "".join(",".join(quoted(cell) for cell in line) + "\n" for line in lines)


def changes(values):
    """(instant, old, new, who) of all but the first."""
    return [(at, old[1], new, who) for old, (at, new, who) in zip(values, values[1:])]


# ---- what a shape gives back ----------------------------------------------------------------------------------------


class Expected:
    """`deals`: id -> (created, owner at first, amount at first); `moves`: (deal, instant, from, to); `changes`: (deal, instant,
    field, from, to). None: the shape does not carry it."""

    def __init__(self, all_deals, *, name=lambda d: str(d.id), day=False, owners=False, amounts=False,
                 first_stage="", stage=lambda s: s, current_owner=False, moves=True):
        when = (lambda at: at.strftime("%Y-%m-%d")) if day else z
        self.deals, self.moves, self.changes = {}, [], []
        for d in all_deals:
            owner = d.owners[-1 if current_owner else 0][1]
            self.deals[name(d)] = (when(d.created), owner, number(d.amounts[0][1]) if amounts else None)
            if moves:
                self.moves.append((name(d), when(d.moves[0][0]), first_stage, stage(d.moves[0][1])))
                self.moves += [(name(d), when(at), stage(old), stage(new)) for at, old, new, _ in changes(d.moves)]
            if owners:
                self.changes += [(name(d), z(at), "owner", old, new) for at, old, new, _ in changes(d.owners)]
            if amounts:
                self.changes += [(name(d), z(at), "amount", number(old), number(new)) for at, old, new, _ in changes(d.amounts)]


class Shape:
    """`files`: what is exported; `expected`: what comes back. `event_file`: the file of changes, with `orphan`, a row of it
    about a deal that is not there; where only deals are exported it is theirs, and the row a deal more. `cannot_have`: the
    defects that no row of these files can have. `rulebook`: what it is judged by, and `defects`, which may be its own. None: as
    others have them."""

    rulebook = defects = None

    def __init__(self, adapter, files, expected, event_file, orphan, zoned=True, cannot_have=()):
        self.adapter, self.files, self.expected = adapter, files, expected
        self.event_file, self.orphan, self.zoned, self.cannot_have = event_file, orphan, zoned, cannot_have


def sf(d):
    return f"006xx{d.id:010}"  # 15 letters


def sf_long(d):
    """With the check letters behind it: there are no capitals in it."""
    return sf(d) + "AAA"


def salesforce(all_deals):
    opportunities = csv(["Id", "IsDeleted", "StageName", "Amount", "CloseDate", "OwnerId", "CreatedDate", "LastModifiedDate"],
                        [[sf_long(d), "false", d.moves[-1][1], number(d.amounts[-1][1]), "2026-06-30", d.owners[-1][1],
                          z(d.created), z(d.last())] for d in all_deals])
    saves = []
    for d in all_deals:
        for at in sorted({at for at, *_ in d.moves + d.amounts}):
            def now(values):
                return [v for when, v, _ in values if when <= at][-1]
            who = [w for when, _, w in d.moves + d.amounts if when == at][0]
            saves.append([f"h{len(saves)}", sf(d), who, z(at), now(d.moves), number(now(d.amounts)), "2026-06-30", 10])
    random.Random(1).shuffle(saves)
    history = csv(["Id", "OpportunityId", "CreatedById", "CreatedDate", "StageName", "Amount", "CloseDate", "Probability"],
                  saves)
    return Shape("salesforce", {"Opportunity.csv": opportunities, "OpportunityHistory.csv": history},
                 Expected(all_deals, name=sf_long, amounts=True, current_owner=True), "OpportunityHistory.csv",
                 ["hx", "006xx0000999999", "ana", "2026-02-02T10:00:00Z", "propose", "1", "2026-06-30", "10"])


def salesforce_field_history(all_deals):
    opportunities = csv(["Id", "IsDeleted", "StageName", "Amount", "CloseDate", "Probability", "OwnerId", "CreatedDate",
                         "LastModifiedDate"],
                        [[sf_long(d), "false", d.moves[-1][1], number(d.amounts[-1][1]), "2026-06-30", 10,
                          d.owners[-1][1], z(d.created), z(d.last())] for d in all_deals])
    rows = []
    for d in all_deals:
        rows.append([sf(d), d.owners[0][1], z(d.created), "created", "", "", ""])
        rows += [[sf(d), who, z(at), "StageName", "EnumOrId", old, new] for at, old, new, who in changes(d.moves)]
        rows += [[sf(d), who, z(at), "Amount", "Currency", number(old), number(new)]
                 for at, old, new, who in changes(d.amounts)]
        for at, old, new, who in changes(d.owners):
            rows.append([sf(d), who, z(at), "Owner", "EntityId", old, new])
            rows.append([sf(d), who, z(at), "Owner", "Text", f"Name of {old}", f"Name of {new}"])
    random.Random(2).shuffle(rows)
    history = csv(["OpportunityId", "CreatedById", "CreatedDate", "Field", "DataType", "OldValue", "NewValue"], rows)
    return Shape("salesforce_field_history", {"Opportunity.csv": opportunities, "OpportunityFieldHistory.csv": history},
                 Expected(all_deals, name=sf_long, amounts=True, owners=True), "OpportunityFieldHistory.csv",
                 ["006xx0000999999", "ana", "2026-02-02T10:00:00Z", "StageName", "EnumOrId", "qualify", "propose"])


def salesforce_both_histories(all_deals):
    """Stages and amounts by the one history, owners by the other."""
    saves, fields = salesforce(all_deals), salesforce_field_history(all_deals)
    files = {**saves.files, "OpportunityFieldHistory.csv": fields.files["OpportunityFieldHistory.csv"]}
    return Shape("salesforce_both_histories", files, fields.expected, saves.event_file, saves.orphan)


def pipedrive(all_deals):
    table = csv(["id", "title", "value", "currency", "status", "stage_id", "user_id", "add_time", "expected_close_date"],
                [[d.id, f"Deal, no. {d.id}", number(d.amounts[-1][1]), "EUR",
                  d.moves[-1][1] if d.moves[-1][1] in ("won", "lost") else "open",
                  [s for _, s, _ in d.moves if s in STAGES][-1], d.owners[-1][1], plain(d.created), "0000-00-00"]
                 for d in all_deals])
    rows = []
    for d in all_deals:
        for at, old, new, who in changes(d.moves):
            closes = new in ("won", "lost")
            rows.append([d.id, who, "status" if closes else "stage_id", "open" if closes else old, new, plain(at)])
        rows += [[d.id, who, "value", number(old), number(new), plain(at)] for at, old, new, who in changes(d.amounts)]
        rows += [[d.id, who, "user_id", old, new, plain(at)] for at, old, new, who in changes(d.owners)]
    random.Random(3).shuffle(rows)
    flow = csv(["item_id", "user_id", "field_key", "old_value", "new_value", "log_time"], rows)
    expected = Expected(all_deals, amounts=True, owners=True)
    expected.money = " EUR"
    return Shape("pipedrive", {"deals.csv": table, "flow.csv": flow}, expected, "flow.csv",
                 ["999999", "ana", "stage_id", "qualify", "propose", "2026-02-02 10:00:00"], zoned=False)


def odoo(all_deals):
    leads = csv(["id", "name", "type", "active", "stage_id", "user_id", "expected_revenue", "create_date"],
                [[d.id, f"Lead {d.id}", "opportunity", "f" if d.moves[-1][1] == "lost" else "t",
                  [s for _, s, _ in d.moves if s != "lost"][-1], d.owners[-1][1], number(d.amounts[-1][1]),
                  plain(d.created)] for d in all_deals])
    messages, values = [], []

    def track(d, at, who, field, old="", new="", floats=("", ""), integers=("", "")):
        messages.append([len(messages) + 1, "crm.lead", d.id, plain(at), who, "notification"])
        values.append([field, *integers, *floats, old, new, len(messages), plain(at)])

    for d in all_deals:
        for at, old, new, who in changes(d.moves):
            if new == "lost":
                track(d, at, who, "active", integers=("1", "0"))
            else:
                track(d, at, who, "stage_id", old, new)
        for at, old, new, who in changes(d.amounts):
            track(d, at, who, "expected_revenue", floats=(number(old), number(new)))
        for at, old, new, who in changes(d.owners):
            track(d, at, who, "user_id", old, new)
    files = {"crm.lead.csv": leads,
             "mail.message.csv": csv(["id", "model", "res_id", "date", "author_id", "message_type"], messages),
             "mail.tracking.value.csv": csv(["field_id", "old_value_integer", "new_value_integer", "old_value_float",
                                             "new_value_float", "old_value_char", "new_value_char", "mail_message_id",
                                             "create_date"], values)}
    expected = Expected(all_deals, amounts=True, owners=True)
    return Shape("odoo", files, expected, "mail.message.csv",
                 ["999999", "crm.lead", "999999", "2026-02-02 10:00:00", "ana", "comment"], zoned=False,
                 # the only times of the table belong to messages that nobody wrote; and no stage stands in it
                 cannot_have=("mixed_zones", "no_time", "misspelt_stage"))


def hubspot_history(all_deals):
    def history(values, text=str):
        return [{"value": text(v), "timestamp": z(at), "sourceType": "CRM_UI", "updatedByUserId": who}
                for at, v, who in reversed(values)]

    results = [{"id": str(d.id), "archived": False,
                "properties": {"createdate": z(d.created), "dealstage": d.moves[-1][1], "deal_currency_code": "EUR"},
                "propertiesWithHistory": {"dealstage": history(d.moves), "hubspot_owner_id": history(d.owners)}}
               for d in all_deals]
    return Shape("hubspot_history", {"deals.json": json.dumps({"results": results})}, Expected(all_deals, owners=True),
                 None, None)


def hubspot_fivetran(all_deals):
    rows = []
    for d in all_deals:
        rows.append([d.id, "createdate", z(d.created), z(d.created), "CRM_UI", ""])
        for name, values, text in (("dealstage", d.moves, str), ("hubspot_owner_id", d.owners, str), ("amount", d.amounts, number)):
            rows += [[d.id, name, text(value), z(at), "CRM_UI", who] for at, value, who in values]
    random.Random(4).shuffle(rows)
    table = csv(["deal_id", "name", "value", "timestamp", "source", "source_id"], rows)
    expected = Expected(all_deals, owners=True, amounts=True)
    return Shape("hubspot_fivetran", {"deal_property_history.csv": table}, expected, "deal_property_history.csv",
                 ["999999", "dealstage", "propose", "2026-02-02T10:00:00Z", "CRM_UI", "ana"],
                 cannot_have=("twice", "orphan"))  # its deals are those that something happened with


def hubspot_property_history(all_deals):
    table = csv(["hs_object_id", "createdate", "hubspot_owner_id", "dealstage"],
                [[d.id, z(d.created), d.owners[-1][1], d.moves[-1][1]] for d in all_deals])
    lines = ["id,name,value,timestamp"]
    for d in all_deals:
        lines.append(",".join([str(d.id), f"Deal {d.id}"] + [cell for at, stage, _ in d.moves for cell in (stage, z(at))]))
    return Shape("hubspot_property_history", {"deals.csv": table, "history.csv": "\n".join(lines) + "\n"},
                 Expected(all_deals, current_owner=True), "history.csv",
                 ["999999", "Deal 999999", "propose", "2026-02-02T10:00:00Z"],
                 cannot_have=("orphan",))  # what has a history is a deal


def hubspot_exits(all_deals):
    """Where the export says when a deal left a stage, it says where it came from."""
    shape, stages = hubspot(all_deals), STAGES + ["won", "lost"]
    header, *lines = shape.files["deals.csv"].splitlines()
    left = {str(d.id): {stage: z(end[0]) for (_, stage, _), end in zip(d.moves, d.moves[1:])} for d in all_deals}
    lines = [line + "".join("," + left[line.split(",")[0]].get(stage, "") for stage in stages) for line in lines]
    header += "".join(",hs_v2_date_exited_" + stage for stage in stages)
    return Shape("hubspot", {"deals.csv": "\n".join([header, *lines]) + "\n"}, Expected(all_deals, current_owner=True),
                 "deals.csv", shape.orphan + [""] * len(stages), cannot_have=shape.cannot_have)


def hubspot(all_deals, adapter="hubspot", prefix="hs_v2_date_entered_"):
    all_deals = [d for d in all_deals if len({s for _, s, _ in d.moves}) == len(d.moves)]  # one date for each stage
    stages = STAGES + ["won", "lost"]
    rows = []
    for d in all_deals:
        entered = {stage: z(at) for at, stage, _ in d.moves}
        rows.append([d.id, z(d.created), d.owners[-1][1]] + [entered.get(stage, "") for stage in stages])
    table = csv(["hs_object_id", "createdate", "hubspot_owner_id"] + [prefix + stage for stage in stages], rows)
    expected = Expected(all_deals, current_owner=True)
    expected.moves = [(d, at, "", to) for d, at, _, to in expected.moves]
    at = "2026-02-02T10:00:00Z"
    return Shape(adapter, {"deals.csv": table}, expected, "deals.csv", ["999999", at, "ana", at] + [""] * (len(stages) - 1),
                 cannot_have=("orphan", "misspelt_stage"))  # its stages are columns


def hubspot_export(all_deals):
    """Labels in place of names, and times to the minute."""
    all_deals = copy.deepcopy(all_deals)
    for d in all_deals:
        d.moves = [(at.replace(second=0), stage, who) for at, stage, who in d.moves]
    shape = hubspot(all_deals, "hubspot_export", "Date entered ")
    names = {"hs_object_id": "Record ID", "createdate": "Create Date", "hubspot_owner_id": "Deal owner"}
    header, lines = shape.files["deals.csv"].split("\n", 1)
    header = [names.get(name, name) for name in header.split(",")]
    header = [f'Date entered "{name[13:]}"' if name.startswith("Date entered ") else name for name in header]
    lines = re.sub(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):00Z", r"\1 \2", lines)
    shape.event_file = "hubspot-crm-exports-deals.csv"
    shape.files = {shape.event_file: ",".join(map(quoted, header)) + "\n" + lines}
    shape.orphan = [cell.replace("T10:00:00Z", " 10:00") for cell in shape.orphan]
    shape.zoned = False
    return shape


def hubspot_legacy(all_deals):
    return hubspot(all_deals, "hubspot_legacy", "hs_date_entered_")


def frappe(all_deals):
    table = csv(["name", "creation", "deal_owner", "organization"],
                [[f"CRM-{d.id}", plain(d.created), d.owners[-1][1], "Acme"] for d in all_deals])
    rows = []
    for d in all_deals:
        ends = d.moves[1:] + [None]
        for (at, stage, who), end in zip(d.moves, ends):
            log_owner = end[2] if end else who
            rows.append([f"CRM-{d.id}", stage, plain(at), end[1] if end else "", plain(end[0]) if end else "", log_owner])
    log = csv(["parent", "from", "from_date", "to", "to_date", "log_owner"], rows)
    return Shape("frappe", {"CRM Deal.csv": table, "CRM Status Change Log.csv": log},
                 Expected(all_deals, name=lambda d: f"CRM-{d.id}", current_owner=True), "CRM Status Change Log.csv",
                 ["CRM-999999", "qualify", "2026-02-02 10:00:00", "propose", "2026-02-03 10:00:00", "ana"], zoned=False)


def bitrix(all_deals):
    table = csv(["deal_id", "title", "stage_id", "manager_id", "created_at", "updated_at"],
                [[d.id, f"Deal {d.id}", d.moves[-1][1], d.owners[-1][1], z(d.created), z(d.last())] for d in all_deals])
    rows = []
    for d in all_deals:
        rows.append([f"e{len(rows)}", d.id, "", "qualify", z(d.created), d.moves[0][2]])
        for at, old, new, who in changes(d.moves):
            rows.append([f"e{len(rows)}", d.id, old, new, z(at), who])
    history = csv(["event_id", "deal_id", "old_stage_id", "new_stage_id", "changed_at", "changed_by_id"], rows)
    return Shape("bitrix", {"deals.csv": table, "stage_history.csv": history}, Expected(all_deals, current_owner=True),
                 "stage_history.csv", ["ex", "999999", "qualify", "propose", "2026-02-02T10:00:00Z", "ana"])


def business_central(all_deals):
    status = {"won": "Won", "lost": "Lost"}
    table = csv(["No.", "Creation Date", "Salesperson Code", "Status"],
                [[f"OP{d.id}", z(d.created)[:10], d.owners[-1][1], status.get(d.moves[-1][1], "In Progress")] for d in all_deals])
    rows = []
    for d in all_deals:
        for old, (at, stage, who) in zip([("", "", "")] + d.moves, d.moves):
            closes = stage in status
            rows.append([len(rows) + 1, f"OP{d.id}", old[1] if closes else stage, "" if closes else old[1] or "0", z(at)[:10],
                         status.get(stage, "Next" if old[1] else ""), who])
    random.Random(5).shuffle(rows)
    entries = csv(["Entry No.", "Opportunity No.", "Sales Cycle Stage", "Previous Sales Cycle Stage", "Date of Change",
                   "Action Taken", "Salesperson Code"], rows)
    return Shape("business_central", {"Opportunity.csv": table, "Opportunity Entry.csv": entries},
                 Expected(all_deals, name=lambda d: f"OP{d.id}", day=True, current_owner=True), "Opportunity Entry.csv",
                 [str(len(rows) + 1), "OP999999", "propose", "qualify", "2026-02-02", "Next", "ana"],
                 cannot_have=("twice", "mixed_zones", "no_time"))  # its dates have no times


def as_they_stand(all_deals, name):
    """Of a deal its stage, and since when nobody knows: it stood there when it was last changed."""
    expected = Expected(all_deals, name=name, current_owner=True, moves=False)
    expected.moves = [(name(d), z(d.last()), d.moves[-1][1], d.moves[-1][1]) for d in all_deals]
    return expected


def salesforce_opportunities(all_deals):
    files = {"Opportunity.csv": salesforce(all_deals).files["Opportunity.csv"]}
    at = "2026-02-02T10:00:00Z"
    return Shape("salesforce_opportunities", files, as_they_stand(all_deals, sf_long), "Opportunity.csv",
                 ["006xx0000999999", "false", "propose", "1", "2026-06-30", "ana", at, at], cannot_have=("orphan",))


def zoho(all_deals):
    """Names of deals that occur several times."""
    table = csv(["Record Id", "Deal Name", "Deal Owner", "Stage", "Amount", "Created Time", "Modified Time"],
                [[f"zcrm_{d.id}", f"Deal {d.id % 7}", d.owners[-1][1], d.moves[-1][1], number(d.amounts[-1][1]),
                  plain(d.created), plain(d.last())] for d in all_deals])
    at = "2026-02-02 10:00:00"
    return Shape("zoho", {"Deals.csv": table}, as_they_stand(all_deals, lambda d: f"zcrm_{d.id}"), "Deals.csv",
                 ["zcrm_999999", "Deal 1", "ana", "propose", "1", at, at], zoned=False, cannot_have=("orphan",))


SHAPES = [salesforce, salesforce_field_history, salesforce_both_histories, salesforce_opportunities, pipedrive, odoo,
          hubspot_history, hubspot_fivetran, hubspot_property_history, hubspot, hubspot_exits, hubspot_export, hubspot_legacy,
          frappe, bitrix, business_central, zoho]

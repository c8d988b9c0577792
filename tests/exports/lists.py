"""Exports that say of each deal where it stands, and little of how it came there."""

from shapes import STAGES, Expected, Shape, csv, plain, sf_long, z

CLOSED = {"won": "Won", "lost": "Lost"}


def minute(at):
    return at.strftime("%Y-%m-%d %H:%M")


def day(at):
    return z(at)[:10]


def last_open(d):
    return [move for move in d.moves if move[1] in STAGES][-1]


def of(all_deals, adapter, files, name=lambda d: str(d.id)):
    """Rows of deals that are not there, and what comes back, are not asked of these."""
    return Shape(adapter, files, Expected(all_deals, name=name, current_owner=True), None, None)


def espocrm(all_deals):
    table = csv(["id", "name", "stage", "probability", "createdAt", "modifiedAt", "assignedUserId", "deleted"],
                [[d.id, "A deal", d.moves[-1][1], 10, plain(d.created), plain(d.last()), d.owners[-1][1], 0] for d in all_deals])
    return of(all_deals, "espocrm", {"Opportunity.csv": table})


def krayin(all_deals):
    codes = STAGES + ["won", "lost"]
    stages = csv(["id", "code", "name", "lead_pipeline_id"], [[i + 1, code, code.title(), 1] for i, code in enumerate(codes)])
    leads = csv(["id", "title", "closed_at", "user_id", "lead_pipeline_stage_id", "created_at", "updated_at"],
                [[d.id, "A lead", plain(d.moves[-1][0]) if d.moves[-1][1] in CLOSED else "", d.owners[-1][1],
                  codes.index(d.moves[-1][1]) + 1, plain(d.created), plain(d.last())] for d in all_deals])
    return of(all_deals, "krayin", {"leads.csv": leads, "lead_pipeline_stages.csv": stages})


def dynamics(all_deals):
    state = {"won": 1, "lost": 2}
    opportunities = csv(["opportunityid", "name", "createdon", "ownerid", "statecode", "actualclosedate", "stepname"],
                        [[d.id, "A deal", z(d.created), d.owners[-1][1], state.get(d.moves[-1][1], 0),
                          day(d.moves[-1][0]) if d.moves[-1][1] in CLOSED else "", last_open(d)[1]] for d in all_deals])
    flows = csv(["businessprocessflowinstanceid", "opportunityid", "activestageid", "activestageid_name", "activestagestartedon"],
                [[f"f{d.id}", d.id, f"id of {last_open(d)[1]}", last_open(d)[1], z(last_open(d)[0])] for d in all_deals])
    return of(all_deals, "dynamics", {"opportunity.csv": opportunities, "opportunitysalesprocess.csv": flows})


def dynamics_export(all_deals):
    own = "(Do Not Modify) "
    table = csv([own + "Opportunity", own + "Row Checksum", own + "Modified On", "Topic", "Created On", "Owner", "Status",
                 "Actual Close Date", "Pipeline Phase"],
                [[d.id, "x", plain(d.last()), "A deal", plain(d.created), d.owners[-1][1], CLOSED.get(d.moves[-1][1], "Open"),
                  day(d.moves[-1][0]) if d.moves[-1][1] in CLOSED else "", last_open(d)[1]] for d in all_deals])
    return of(all_deals, "dynamics_export", {"opportunities.csv": table})


def pipedrive_list(all_deals, written):
    def closed(d, how):
        return written(d.moves[-1][0]) if d.moves[-1][1] == how else ""

    def changed(d):  # empty until it changes
        return "" if last_open(d) is d.moves[0] else written(last_open(d)[0])

    names = ["ID", "Title", "Stage", "Status", "Deal created", "Last stage change", "Won time", "Lost time", "Owner"]
    table = csv(["Deal - " + name for name in names],
                [[d.id, "A deal", last_open(d)[1], CLOSED.get(d.moves[-1][1], "Open"), written(d.created), changed(d),
                  closed(d, "won"), closed(d, "lost"), d.owners[-1][1]] for d in all_deals])
    return of(all_deals, "pipedrive_export", {"deals.csv": table})


def pipedrive_export(all_deals):
    return pipedrive_list(all_deals, plain)


def pipedrive_without_seconds(all_deals):
    """As a spreadsheet saves what it has opened."""
    return pipedrive_list(all_deals, minute)


def salesforce_report(all_deals):
    table = csv(["Opportunity ID", "Opportunity Owner", "Stage", "Created Date", "Last Modified Date"],
                [[sf_long(d), d.owners[-1][1], d.moves[-1][1], day(d.created), day(d.last())] for d in all_deals])
    return of(all_deals, "salesforce_report", {"report.csv": table}, sf_long)


def salesforce_history_report(all_deals):
    table = csv(["Opportunity ID", "Opportunity Owner", "To Stage", "Last Modified", "Created Date"],
                [[sf_long(d), d.owners[-1][1], stage, minute(at), minute(d.created)] for d in all_deals for at, stage, _ in d.moves])
    return of(all_deals, "salesforce_history_report", {"report.csv": table}, sf_long)


def hubspot_returns(all_deals):
    """Of each stage the date of the last time, also of deals that came back to one."""
    stages, rows = STAGES + ["won", "lost"], []
    for d in all_deals:
        entered = {stage: z(at) for at, stage, _ in d.moves}
        rows.append([d.id, z(d.created), d.owners[-1][1], d.moves[-1][1]] + [entered.get(stage, "") for stage in stages])
    header = ["hs_object_id", "createdate", "hubspot_owner_id", "dealstage"]
    return of(all_deals, "hubspot", {"deals.csv": csv(header + ["hs_v2_date_entered_" + stage for stage in stages], rows)})


SHAPES = [espocrm, krayin, dynamics, dynamics_export, pipedrive_export, pipedrive_without_seconds, salesforce_report,
          salesforce_history_report, hubspot_returns]

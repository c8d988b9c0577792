#include "property/histories.h"

#include <algorithm>
#include <set>
#include <string>

#include <fmt/format.h>

#include "property/twin/clock.h"
#include "property/twin/value.h"

namespace plumb::property {

namespace {

constexpr std::int64_t hour = 3'600'000'000;

std::string cell_of(time::Instant at) { return time::to_text_utc(at); }

class Scribe {
 public:
  Scribe(Chance& chance, const Draft& draft, const Doubts& doubts)
      : chance_(chance),
        more_(static_cast<std::uint64_t>(Chance(chance).below(1 << 30)) ^ 0x3047),
        origins_(static_cast<std::uint64_t>(Chance(chance).below(1 << 30)) ^ 0x51f7),
        orders_(static_cast<std::uint64_t>(Chance(chance).below(1 << 30)) ^ 0x6a21),
        draft_(draft),
        doubts_(doubts),
        clock_(spec(draft.zone)) {
    for (const std::string& each : draft.declarations) {
      if (each.starts_with("process") && each.find("stage deal ") != std::string::npos) third_ = "deal";
      if (each.starts_with("process") && each.find("stage waiting ") != std::string::npos) waiting_ = true;
    }
    if (doubts.foreign && chance.one_in(4)) third_ = "parked";
    days_ = doubts.day_only && chance.one_in(3);
    nowhere_ = more_.one_in(8);
    unsaid_ = origins_.one_in(8);
    named_ = more_.one_in(3) && doubts.named;
    if (doubts.day_only && doubts.unknown && orders_.one_in(2)) untold_ = orders_.between(1, 4);
  }

  Tables write() {
    columns();
    const int deals = chance_.between(1, 4);
    for (int i = 1; i <= deals; ++i) deal(fmt::format("D{}", i));
    people();
    if (doubts_.leave && chance_.one_in(2)) leave();
    if (chance_.one_in(2)) accounts();
    if (chance_.one_in(2)) contacts();
    if (doubts_.gaps && chance_.one_in(4)) coverage();
    if (doubts_.unknown && unsaid_ && origins_.one_in(2)) last_entries();
    return std::move(tables_);
  }

 private:
  static time::CalendarSpec spec(const std::string& zone) {
    time::CalendarSpec spec;
    spec.zone = zone;
    return spec;
  }

  // A coarse grid, so that things coincide; sometimes a midnight, or a microsecond beside one.
  time::Instant instant(int from, int until) {
    const time::Day day = draft_.era.first + from + chance_.below(until - from);
    if (chance_.one_in(6)) return {clock_.start_of(day).micros + chance_.between(-1, 1)};
    return {clock_.start_of(day).micros + 3 * hour * chance_.below(8)};
  }

  std::string when(time::Instant at) {
    if (doubts_.undated && chance_.one_in(40)) return {};
    if (doubts_.day_only && chance_.one_in(days_ ? 2 : 25)) return time::to_text(clock_.day_of(at));
    return cell_of(at);
  }

  std::string recorded(time::Instant at) {
    if (!doubts_.recorded || !chance_.one_in(4)) return {};
    if (doubts_.untold && chance_.one_in(8)) return "sometime";
    if (chance_.one_in(6)) return cell_of({at.micros - 6 * hour});
    return cell_of({at.micros + hour * chance_.of(std::vector<int>{0, 3, 6, 24, 48, 120})});
  }

  std::string doubtful(std::string cell) { return doubts_.unreadable && chance_.one_in(20) ? "?!" : std::move(cell); }

  void columns() {
    std::vector<std::string> fields = {"size",    "next_step", "amount", "budget",  "close_date",
                                       "next_on", "seats",     "chance", "engineer"};
    tables_.deals.columns = {"deal", "created", "recorded", "account", "owner"};
    tables_.events.columns = {"deal", "at", "recorded", "kind", "name", "from", "to", "actor", "source", "sequence"};
    if (untold_ == 1) std::erase(tables_.events.columns, "from");
    const auto add = [&](Table& table, const std::string& column) {
      if (doubts_.lacking && chance_.one_in(25)) return;
      table.columns.push_back(column);
      if (doubts_.recorded && chance_.one_in(12)) table.columns.push_back(column + ".recorded");
    };
    for (const std::string& field : fields) add(tables_.deals, field);
    for (const char* attribute : {"channel", "minutes", "goal", "status", "grade"}) add(tables_.events, attribute);
    waived_ = doubts_.waivers && chance_.one_in(3);
    if (waived_) {
      for (const char* column : {"rule", "owed_by", "opened"}) tables_.events.columns.push_back(column);
    }
    tables_.people.columns = {"person", "from", "joined", "left", "role", "team", "manager", "load"};
    if (doubts_.calendars && chance_.one_in(2)) tables_.people.columns.push_back("calendar");
    tables_.records.columns = {"person", "name", "at", "recorded", "actor", "deals_seen"};
    if (named_ && !waived_) tables_.records.columns.push_back("opened");
    if (waived_) {
      for (const char* column : {"rule", "deal", "owed_by", "opened", "from", "to"}) {
        tables_.records.columns.push_back(column);
      }
    }
  }

  std::string value_of(const std::string& field) {
    if (chance_.one_in(5)) return {};
    std::string value;
    if (field == "size") value = chance_.word({"big", "small", "middle"});
    if (field == "next_step") return chance_.word({"call", "write"});
    if (field == "amount" || field == "budget")
      value = chance_.word({"100 USD", "95 USD", "250 USD", "100.5 USD", "20 EUR", "0 USD"});
    if (field == "close_date" || field == "next_on") {
      value = time::to_text(draft_.era.first + chance_.between(-2, draft_.era.days + 5));
    }
    if (field == "seats") value = fmt::format("{}", chance_.below(6));
    if (field == "chance") value = chance_.word({"40%", "50%", "0.75"});
    if (field == "engineer" || field == "owner") return chance_.word({"ana", "ben", "cid"});
    return doubtful(value);
  }

  void deal(const std::string& id) {
    const time::Instant created = instant(0, 8);
    std::vector<std::pair<std::string, std::string>> cells = {{"deal", id},
                                                              {"created", cell_of(created)},
                                                              {"recorded", doubts_.untold ? recorded(created) : ""},
                                                              {"account", chance_.word({"A", "A", "B", "", "?"})},
                                                              {"owner", chance_.word({"ana", "ben", "ana", ""})}};
    for (const std::string& column : tables_.deals.columns) {
      if (column.ends_with(".recorded")) {
        cells.push_back({column, recorded(created)});
      } else if (std::none_of(cells.begin(), cells.end(), [&](const auto& cell) { return cell.first == column; })) {
        cells.push_back({column, value_of(column)});
      }
    }
    tables_.deals.add(cells);
    stage_.clear();
    std::vector<time::Instant> times;
    for (int i = chance_.below(16); i > 0; --i) {
      times.push_back(!times.empty() && chance_.one_in(5) ? chance_.of(times) : later(created));
    }
    std::sort(times.begin(), times.end());
    times_ = times;
    times_.push_back(created);
    const std::size_t first = tables_.events.rows.size();
    for (const time::Instant at : times) event(id, at);
    if (untold_ != 0 && !orders_.one_in(4)) untell(first, created);
  }

  // On some days, that follow one another, the deal moved more than once, and no row tells in which order.
  void untell(std::size_t row, time::Instant created) {
    Table& events = tables_.events;
    std::vector<std::size_t> moves;
    for (; row < events.rows.size(); ++row) {
      if (events.cell(row, "kind") == "move") moves.push_back(row);
    }
    if (moves.size() < 2) return;
    std::size_t i = static_cast<std::size_t>(orders_.below(std::max(1, static_cast<int>(moves.size()) - 3)));
    const time::Instant then = twin::read_time(events.cell(moves[i], "at")).at;
    time::Day day = clock_.day_of(then.known() ? then : created);
    if (orders_.one_in(4)) {  // the first came with the deal
      i = 1, day = clock_.day_of(created);
      events.cell(moves.front(), "at") = cell_of(created), events.cell(moves.front(), "sequence").clear();
    }
    for (int days = orders_.between(1, 2); days > 0; --days, day = day + 1) {
      for (int many = orders_.between(2, 3); many > 0 && i < moves.size(); --many, ++i) {
        events.cell(moves[i], "at") = time::to_text(day);
        events.cell(moves[i], "recorded").clear(), events.cell(moves[i], "sequence").clear();
        if (untold_ != 1 && (untold_ != 4 || orders_.one_in(2))) {
          events.cell(moves[i], "from") = untold_ == 2 || orders_.one_in(4) ? "?" : "";
        }
      }
    }
    // What the next row says of where it came from may be so in some orders only.
    if (i < moves.size() && untold_ != 1 && orders_.one_in(2)) {
      events.cell(moves[i], "from") = events.cell(moves[i - static_cast<std::size_t>(orders_.between(1, 2))], "to");
    }
  }

  using Cells = std::vector<std::pair<std::string, std::string>>;

  // What a waiver narrows itself to.
  void waiver(Cells& cells) {
    const auto put = [&](const std::string& column, const std::string& text) { cells.push_back({column, text}); };
    const auto day = [&] { return time::to_text(draft_.era.first + chance_.below(draft_.era.days)); };
    put("name", "waiver");
    put("rule", chance_.word({"", "", "r0", "r1", "r2", "sales.path", "sales.talk.at_most"}));
    if (chance_.one_in(3)) put("owed_by", chance_.word({"ana", "ben"}));
    if (chance_.one_in(4) && !times_.empty()) put("opened", doubtful(cell_of(chance_.of(times_))));
    if (chance_.one_in(2)) put("from", doubtful(day()));
    if (chance_.one_in(3)) put("to", day());
  }

  time::Instant later(time::Instant created) {
    const int from = clock_.day_of(created) - draft_.era.first;
    return std::max(created, instant(std::max(0, from), draft_.era.days));
  }

  void event(const std::string& deal, time::Instant at) {
    std::vector<std::pair<std::string, std::string>> cells = {
        {"deal", deal},
        {"at", when(at)},
        {"recorded", recorded(at)},
        {"actor", chance_.word({"ana", "ben", "cid", "", "?"})},
        {"source", chance_.word({"", "claim", "third_party", "buyer", "system"})},
        {"sequence", fmt::format("{}", ++sequence_)}};
    const auto put = [&](const std::string& column, const std::string& text) { cells.push_back({column, text}); };
    for (const std::string& column : tables_.events.columns) {
      if (column.ends_with(".recorded")) put(column, recorded(at));
    }
    if (waived_ && chance_.one_in(8)) {
      put("kind", "record"), waiver(cells);
      return tables_.events.add(cells);
    }
    switch (chance_.below(12)) {
      case 0:
      case 1:
      case 2:
        put("kind", "activity"), put("name", "call"),
            put("channel", doubtful(chance_.word({"phone", "phone", "mail", "video", ""})));
        put("minutes", doubtful(chance_.word({"5", "10", "15", "40", ""})));
        break;
      case 3:
      case 4:
        put("kind", "activity"), put("name", "meeting"), put("goal", chance_.word({"agree", "hear", ""}));
        put("status", doubtful(chance_.word({"held", "held", "planned", ""})));
        break;
      case 5: put("kind", "activity"), put("name", "email"); break;
      case 6:
        put("kind", "record"), put("name", chance_.word({"note_made", "note_made", "action", "cause"}));
        put("grade", chance_.word({"good", "bad", ""}));
        put("rule", chance_.word({"", "", "r0", "r1", "r0.if_missed.1"}));
        break;
      case 7:
      case 8: {
        const std::string field =
            chance_.word({"next_step", "amount", "close_date", "size", "budget", "next_on", "owner", "seats"});
        put("kind", "change"), put("name", field), put("to", value_of(field));
        break;
      }
      default: {
        std::string to = chance_.of(std::vector<std::string>{"talk", "offer", third_, "won", "lost", "offer"});
        if (waiting_ && chance_.one_in(3)) to = "waiting";
        if (doubts_.unknown && nowhere_ && more_.one_in(8)) to = "?";
        const bool untold = doubts_.unknown && unsaid_ && origins_.one_in(4);
        put("kind", "move"), put("from", untold ? "?" : stage_), put("to", to);
        if (days_ && unsaid_) put("sequence", "");  // then nobody knows the order of those of a day
        stage_ = to;
      }
    }
    tables_.events.add(cells);
  }

  // A day of the period that a record names: of that in which it was made, or of one beside it.
  std::string period_of(time::Instant at) {
    if (!named_ || more_.one_in(3)) return {};
    if (doubts_.unreadable && more_.one_in(12)) return "?";
    return time::to_text(clock_.day_of(at) + more_.between(-9, 2));
  }

  std::string load() { return chance_.word({"", "100%", "50%", "80%", "100%"}); }
  // One that the rulebook declares; what is asked by another, nobody can tell.
  std::string own_calendar() {
    const std::string name = chance_.word({"", "office", "away", "away"});
    const bool declared = std::ranges::any_of(draft_.declarations, [&](const std::string& declaration) {
      return declaration.starts_with("calendar " + name + " ");
    });
    return declared ? name : std::string();
  }

  void people() {
    const auto day = [&](int n) { return time::to_text(draft_.era.first + n); };
    tables_.people.add({{"person", "ana"},
                        {"from", day(-60)},
                        {"joined", day(-60)},
                        {"role", "seller"},
                        {"team", "north"},
                        {"manager", "max"},
                        {"load", load()},
                        {"calendar", own_calendar()}});
    tables_.people.add({{"person", "ana"},
                        {"from", day(chance_.below(25))},
                        {"role", chance_.word({"seller", "manager"})},
                        {"team", "south"},
                        {"manager", chance_.word({"max", "tom", ""})},
                        {"load", load()},
                        {"calendar", own_calendar()}});
    tables_.people.add({{"person", "ben"},
                        {"from", day(-60)},
                        {"joined", day(chance_.between(-60, 9))},
                        {"left", chance_.one_in(2) ? day(chance_.between(10, 30)) : ""},
                        {"role", "seller"},
                        {"team", "north"},
                        {"manager", "max"},
                        {"load", load()},
                        {"calendar", own_calendar()}});
    tables_.people.add(
        {{"person", "max"}, {"from", day(-60)}, {"joined", day(-60)}, {"role", "manager"}, {"team", "south"}});
    for (int i = chance_.below(5); i > 0; --i) {
      const time::Instant at = instant(0, draft_.era.days);
      tables_.records.add({{"person", chance_.word({"ana", "ben"})},
                           {"name", "report"},
                           {"at", cell_of(at)},
                           {"recorded", recorded(at)},
                           {"actor", chance_.word({"", "", "max", "ben"})},
                           {"deals_seen", fmt::format("{}", chance_.below(5))},
                           {"opened", period_of(at)}});
    }
    for (int i = chance_.below(3); i > 0; --i) {
      const time::Instant at = instant(0, draft_.era.days);
      tables_.records.add({{"person", chance_.word({"ana", "ben", "max"})},
                           {"name", chance_.word({"action", "cause"})},
                           {"rule", chance_.word({"", "", "r0", "r1", "r0.if_missed.1"})},
                           {"at", cell_of(at)},
                           {"recorded", recorded(at)},
                           {"actor", chance_.word({"", "max"})}});
    }
    for (int i = waived_ ? chance_.below(4) : 0; i > 0; --i) {
      const time::Instant at = instant(0, draft_.era.days);
      const std::string about = chance_.word({"", "ana", "ben"});
      Cells cells = {{"person", about},
                     {"at", cell_of(at)},
                     {"recorded", recorded(at)},
                     {"actor", about.empty() ? "max" : chance_.word({"max", "max", "ana", ""})},
                     {"deal", chance_.word({"", "", "D1"})}};
      waiver(cells);
      tables_.records.add(cells);
    }
  }

  void leave() {
    tables_.leave.columns = {"person", "from", "to", "recorded"};
    for (int i = chance_.below(5); i > 0; --i) {
      const int from = chance_.below(draft_.era.days);
      const time::Day first = draft_.era.first + from;
      tables_.leave.add({{"person", chance_.word({"ana", "ana", "ben", "max"})},
                         {"from", time::to_text(first)},
                         {"to", chance_.one_in(8) ? "" : time::to_text(first + chance_.below(9))},
                         {"recorded", doubts_.recorded ? cell_of(instant(0, draft_.era.days)) : ""}});
    }
  }

  void accounts() {
    tables_.accounts.columns = {"account", "industry", "tier"};
    tables_.accounts.add(
        {{"account", "A"}, {"industry", chance_.word({"retail", "other", ""})}, {"tier", doubtful("gold")}});
    tables_.accounts.add({{"account", "B"}, {"industry", "retail"}, {"tier", ""}});
  }

  void contacts() {
    tables_.contacts.columns = {"contact", "deal", "created", "recorded", "function"};
    for (int i = chance_.below(6); i > 0; --i) {
      const time::Instant at = instant(0, draft_.era.days);
      const std::string deal = fmt::format("D{}", chance_.between(1, static_cast<int>(tables_.deals.rows.size())));
      std::string created = doubts_.untold && chance_.one_in(4) ? "" : cell_of(at);
      if (doubts_.day_only && chance_.one_in(days_ ? 2 : 6)) created = time::to_text(clock_.day_of(at));
      tables_.contacts.add({{"contact", fmt::format("c{}", i)},
                            {"deal", deal},
                            {"created", created},
                            {"recorded", created.empty() ? "" : recorded(at)},
                            {"function", doubtful(chance_.word({"economic", "user", ""}))}});
    }
  }

  void coverage() {
    tables_.coverage.columns = {"what", "from", "until"};
    for (const char* what :
         {"call", "meeting", "next_step", "amount", "goal", "channel", "note_made", "stage", "contact", "function"}) {
      if (!chance_.one_in(5)) continue;
      const std::string from = chance_.one_in(2) ? cell_of(instant(0, 15)) : "";
      tables_.coverage.add(
          {{"what", what}, {"from", from}, {"until", chance_.one_in(3) ? cell_of(instant(15, 40)) : ""}});
    }
  }

  // Of these stages every deal's last entry is among the rows.
  void last_entries() {
    tables_.coverage.columns = {"what", "from", "until"};
    const bool all = !origins_.one_in(4);
    for (const std::string& stage : std::set<std::string>{"talk", "offer", third_, "waiting", "won", "lost"}) {
      if (all || !origins_.one_in(4))
        tables_.coverage.add({{"what", "last entry of " + stage}, {"from", ""}, {"until", ""}});
    }
  }

  Chance& chance_;
  Chance more_, origins_, orders_;  // what is drawn besides, so that all else is as it was without it
  const Draft& draft_;
  const Doubts& doubts_;
  twin::Clock clock_;
  Tables tables_;
  std::string stage_;
  bool waived_ = false;               // there are waivers
  bool days_ = false;                 // most have a date alone
  std::vector<time::Instant> times_;  // of the deal at hand
  bool waiting_ = false;              // there is a stage on hold
  bool nowhere_ = false;              // some moves go to where nobody knows
  bool unsaid_ = false;               // some come from where nobody knows
  bool named_ = false;                // reports name the period that they are about
  std::string third_ = "talk";        // a stage that only some rulebooks have, or none
  int sequence_ = 0;
  int untold_ =
      0;  // no row tells the order of some moves of a day: 1 there is no `from`, 2 it is `?`, 3 empty, 4 some say
};

}  // namespace

Tables random_history(Chance& chance, const Draft& draft, const Doubts& doubts) {
  return Scribe(chance, draft, doubts).write();
}

time::Instant random_as_of(Chance& chance, const Draft& draft, const Tables& tables) {
  time::CalendarSpec spec;
  spec.zone = draft.zone;
  const twin::Clock clock(spec);
  if (chance.one_in(4) && !tables.events.rows.empty()) {
    const std::size_t row = static_cast<std::size_t>(chance.below(static_cast<int>(tables.events.rows.size())));
    const twin::When when = twin::read_time(tables.events.cell(row, "at"));
    if (when.at.known()) return {when.at.micros + chance.between(0, 1)};
  }
  const time::Day day = draft.era.first + chance.between(5, draft.era.days + 20);
  return {clock.start_of(day).micros + (chance.one_in(3) ? hour * chance.below(24) : 0)};
}

}  // namespace plumb::property

#include <algorithm>
#include <utility>

#include "eval/day.h"
#include "eval/day_changes.h"
#include "eval/obligation.h"
#include "eval/openings.h"
#include "eval/ordinal.h"
#include "eval/owned.h"
#include "eval/untold_order.h"
#include "eval/view.h"

namespace plumb::eval {

namespace {

bool in_order(const Occurrence& a, const Occurrence& b) {
  return a.index != b.index ? a.index < b.index : a.implied && !b.implied;
}

// The entry into the stage that a row says a deal came from has that row, and no instant.
void put_undated_first(std::vector<Occurrence>& out) {
  std::stable_partition(out.begin(), out.end(), [](const Occurrence& o) { return !o.at.known(); });
}

// An occurrence that two alternatives name counts once, certainly if either is certain.
void merge(std::vector<Occurrence>& out) {
  std::sort(out.begin(), out.end(), in_order);
  put_undated_first(out);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool same = kept > 0 && out[kept - 1].index == out[i].index && out[kept - 1].implied == out[i].implied;
    if (same && out[kept - 1].at == out[i].at) {
      out[kept - 1].certain |= out[i].certain;
      if (out[i].not_before == UINT32_MAX) out[kept - 1].not_before = UINT32_MAX;
      out[kept - 1].since = std::max(out[kept - 1].since, out[i].since);
    } else {
      out[kept++] = out[i];
    }
  }
  out.resize(kept);
}

// Whether a word is a stage, be it one that nobody knows.
bool is_some(std::int64_t word) { return history::is_value(word) || word == history::unreadable; }

// Behind moves to stages that nobody knows the deal is where this one leads, by it or by one of them: it came there
// since the first of those. Missing: unknown, where it need not have come there then.
Instant entered_since(const View& view, const model::Event& event, const Visit& visit) {
  using model::EventKind;
  const auto there = [&](Id<model::Stage> stage) {
    if (event.kind == EventKind::enters) return stage == event.stage;
    const model::StageEnd end = view.plan().book.stages[stage].end;
    return (event.kind == EventKind::won && end == model::StageEnd::won) ||
           (event.kind == EventKind::lost && end == model::StageEnd::lost);
  };
  const time::Interval observed = view.stages_observed();
  const bool all_told = !observed.from.known() && observed.until == Instant::max() && !view.stage_unknown();
  const bool told = view.process() && !view.process_unknown() && all_told && !view.doubtful(visit.index);
  if (!told || !visit.stage || !there(visit.stage)) return Instant::unknown();
  Instant since = Instant::unknown();
  for (const Visit* before = &visit; before-- != view.visits().data();) {
    if (before->stage) return there(before->stage) ? Instant::unknown() : since;
    const bool nobody_knows = before->word == history::unreadable && before->at.known();
    if (!nobody_knows || view.doubtful(before->index)) return Instant::unknown();
    since = before->at;
  }
  return since;
}

}  // namespace

const std::vector<Occurrence>& View::occurrences(Id<model::Event> event) {
  std::vector<Occurrence>& out = found_[event.index()];
  if (found_for_[event.index()] != loads_) {
    out.clear();
    find_occurrences(event, out);
    found_for_[event.index()] = loads_;
    found_certain_[event.index()] = Certain::not_asked;
  }
  return out;
}

bool View::all_certain(Id<model::Event> event) {
  const std::vector<Occurrence>& found = occurrences(event);
  Certain& all = found_certain_[event.index()];
  if (all == Certain::not_asked) {
    const bool certain =
        std::all_of(found.begin(), found.end(), [](const Occurrence& o) { return o.certain && o.at.known(); });
    all = certain ? Certain::all : Certain::some;
  }
  return all == Certain::all;
}

void View::find_occurrences(Id<model::Event> id, std::vector<Occurrence>& out) {
  const model::Event& event = plan_.book.events[id];
  const auto take_kind = [&](int kind) {
    for (std::uint32_t index : of_kind(kind)) out.emplace_back(index, timeline_->at[index], !doubtful(index));
  };
  switch (event.kind) {
    case model::EventKind::error: return;
    case model::EventKind::created: return of_person_ ? void() : take_kind(plan_.created_kind);
    case model::EventKind::won:
    case model::EventKind::lost:
    case model::EventKind::reopened:
    case model::EventKind::enters:
    case model::EventKind::leaves: return find_move_events(event, out);
    case model::EventKind::changed:
    case model::EventKind::moved_period: return find_changes(event, out);
    case model::EventKind::starts_leave: return find_leave(out);
    case model::EventKind::activity: return take_kind(plan_.activities[event.activity.index()].kind);
    case model::EventKind::record: return take_kind(plan_.records[event.record.index()].kind);
    case model::EventKind::ordinal: return find_ordinal(id, out);
    case model::EventKind::any_of:
      for (Id<model::Event> part : event.parts) {
        const auto& found = occurrences(part);
        out.insert(out.end(), found.begin(), found.end());
      }
      return merge(out);
    case model::EventKind::filtered: return find_filtered(event, out);
  }
}

// What a condition is worth for a row without an instant, or of a day of which something has a date alone: what it is
// worth whenever it came, and in whatever order that was. `points`: where the condition may turn.
Truth View::at_any_time(Id<model::Expr> where, const Occurrence& candidate, const std::vector<Instant>& points) {
  Context context{
      .view = *this, .cut = plan_.horizon, .candidate = candidate.index, .calendar = &plan_.calendars.front()};
  const auto ask = [&](const Context& then) { return holds(where, then); };
  if (candidate.at.known()) return whenever_it_came(context, candidate.index, points, ask);
  const Truth at_last = ask(context);
  for (const Instant point : points) {
    context.cut = Instant{point.micros + 1};
    if (ask(context) != at_last) return Truth::unknown;
  }
  return at_last;
}

void View::find_filtered(const model::Event& event, std::vector<Occurrence>& out) {
  const bool at_once = bool(plan_.filters[event.where.index()]);
  const model::Event& part = plan_.book.events[event.parts.front()];
  if (at_once && part.kind == model::EventKind::activity) {
    const int kind = plan_.activities[part.activity.index()].kind;
    for (const Batch::Counted& found : batch_.counted(event.where, kind, begin_, end_)) {
      out.emplace_back(found.row, timeline_->at[found.row], found.worth == Truth::yes && !doubtful(found.row));
    }
    return;
  }
  const bool reads_others = !at_once && !plan_.only_event[event.where.index()];
  std::vector<Instant> points;
  const auto turns = [&]() -> const std::vector<Instant>& {
    if (points.empty() && reads_others && dated_ < end_) {
      change_points(*this, plan_.calendars.front(), {event.where}, timeline_->at[dated_], plan_.horizon, false, points);
    }
    return points;
  };
  for (const Occurrence& base : occurrences(event.parts.front())) {
    const Context context{.view = *this,
                          .cut = Instant{base.at.micros + 1},
                          .candidate = base.index,
                          .calendar = &plan_.calendars.front()};
    const bool told = base.at.known() && !(reads_others && by_day_ && day_in_doubt(*this, base.index));
    const Truth counts = at_once ? filtered(event.where, base.index)
                         : told  ? holds(event.where, context)
                                 : at_any_time(event.where, base, turns());
    if (counts == Truth::no) continue;
    out.emplace_back(base.index, base.at, base.certain && counts == Truth::yes);
    out.back().not_before = base.not_before, out.back().implied = base.implied;
  }
}

// By the stages of one process; `foreign`: no process has the stage that was entered.
Truth View::is_move(const model::Event& event, const Visit& visit, const Moved& moved) const {
  const auto ends = [&](Id<model::Stage> stage, model::StageEnd end) {
    return stage && plan_.book.stages[stage].end == end;
  };
  const auto closed = [&](Id<model::Stage> stage) { return stage && !ends(stage, model::StageEnd::open); };
  const auto may = [&](bool can_be, bool is) { return moved.foreign && can_be ? Truth::unknown : truth(can_be && is); };
  // The stage that the first row says the deal came from was entered at an instant nobody recorded.
  const bool implied = !visit.at.known() && timeline_->at[visit.index].known();
  const auto [from, to] = std::pair(moved.from, moved.to);
  switch (event.kind) {
    // A row of a move leads from one stage to another, also where one of them has no name here.
    case model::EventKind::enters: return may(from != event.stage, to == event.stage);
    case model::EventKind::leaves:
      if (implied || (!moved.foreign && to == event.stage)) return Truth::no;
      return moved.from_foreign ? Truth::unknown : truth(from == event.stage);
    case model::EventKind::won: return may(!ends(from, model::StageEnd::won), ends(to, model::StageEnd::won));
    case model::EventKind::lost: return may(!ends(from, model::StageEnd::lost), ends(to, model::StageEnd::lost));
    default: {
      const Truth reopened = may(!implied && (closed(from) || moved.from_foreign), to && !closed(to));
      return reopened == Truth::yes && moved.from_foreign ? Truth::unknown : reopened;
    }
  }
}

// A move that may not be there, or that nobody knows from where it was.
Truth View::may_be_move(const model::Event& event, const Visit& visit, Id<model::Process> process) const {
  const Id<model::Stage> to = stage_of(visit.word, process);
  const bool closes = to && plan_.book.stages[to].end != model::StageEnd::open;
  const auto likely = [&](bool is) { return is && !visit.perhaps ? Truth::yes : is ? Truth::unknown : Truth::no; };
  const bool foreign = !to && event.kind != model::EventKind::leaves;  // it may be any stage by another name
  if (foreign) return Truth::unknown;
  switch (event.kind) {
    case model::EventKind::enters: return likely(to == event.stage);
    case model::EventKind::won: return likely(to && plan_.book.stages[to].end == model::StageEnd::won);
    case model::EventKind::lost: return likely(to && plan_.book.stages[to].end == model::StageEnd::lost);
    case model::EventKind::leaves: return to == event.stage ? Truth::no : Truth::unknown;
    default: return closes ? Truth::no : Truth::unknown;
  }
}

// Where others may have come between two moves, the deal has left the stage of the first by the other for certain.
bool View::has_left(const model::Event& event, const Visit& one, const Visit& next) const {
  // One that may change nothing is there all the same: behind it the deal is where it says.
  const auto there = [&](const Visit& visit) { return visit.stage && (!visit.perhaps || !doubtful(visit.index)); };
  const bool told = there(one) && there(next) && !stage_unknown();
  if (!next.hidden || !told) return false;
  const auto closed = [&](Id<model::Stage> stage) { return plan_.book.stages[stage].end != model::StageEnd::open; };
  if (event.kind == model::EventKind::leaves) return one.stage == event.stage;
  return event.kind == model::EventKind::reopened && closed(one.stage) && !closed(next.stage);
}

void View::find_move_events(const model::Event& event, std::vector<Occurrence>& out) {
  // Most moves are plainly others: between two stages of the one process that the deal follows.
  const bool enters = event.kind == model::EventKind::enters, leaves = event.kind == model::EventKind::leaves;
  const bool one_stage = process_ && (enters || leaves);
  const Visit* before = nullptr;
  const Visit* before_day = nullptr;  // of moves of one day of which nobody knows the order
  for (const Visit& visit : visits()) {
    if (only_stands(visit)) continue;
    const Visit* last = std::exchange(before, &visit);
    const bool any_order = order_untold(*this, visit.index);
    if (any_order && last && (last->at != visit.at || !order_untold(*this, last->index))) before_day = last;
    const bool told = one_stage && visit.stage && visit.from && !visit.perhaps && !visit.perhaps_from;
    if (told && (enters ? visit.stage : visit.from) != event.stage) continue;
    // Which stages close a deal nobody says where there is no process.
    Truth any = plan_.book.processes.empty() ? Truth::unknown : Truth::no;
    if (visit.perhaps || visit.perhaps_from) {
      for (Id<model::Process> process : processes_) any = either(any, may_be_move(event, visit, process));
    } else if (process_) {
      const bool from_foreign = is_some(visit.from_word) && !visit.from;
      const Id<model::Stage> to = led_to(*this, visit, process_);
      any = is_move(event, visit, {visit.from, to, !to, from_foreign});
    } else {
      const bool foreign = is_foreign(visit.word);
      const bool from_foreign = is_some(visit.from_word) && is_foreign(visit.from_word);
      for (Id<model::Process> process : processes_) {
        const Moved moved{stage_of(visit.from_word, process), stage_of(visit.word, process), foreign, from_foreign};
        any = either(any, is_move(event, visit, moved));
      }
    }
    if (any == Truth::no) continue;
    Occurrence& found = out.emplace_back(visit.index, visit.at, any == Truth::yes && !process_unknown_);
    found.implied = is_implied(*this, visit);
    // One of them has left where it was before, whichever that is.
    const bool left = any_order && leaves && before_day && before_day->at.known() && !stage_unknown();
    if (left && before_day->stage == event.stage) found.since = visit.at;
    if (any_order) continue;
    if (last && !found.certain && process_ && has_left(event, *last, visit)) {
      found.since = hidden_before(visit.index)->from;
    } else if (last && !found.certain) {
      found.since = entered_since(*this, event, visit);
    }
  }
}

namespace {

// Whether what a row changes is the event. A row that changes nothing is no change.
Truth is_change(const Plan& plan, const model::Event& event, Was from, Was to) {
  if (from == to && from.value != history::unreadable) return Truth::no;
  if (event.kind == model::EventKind::changed) {
    const bool told = from.value != history::unreadable && to.value != history::unreadable;
    return told ? Truth::yes : Truth::unknown;
  }
  if (from.value == history::missing || to.value == history::missing) return Truth::no;
  if (!history::is_value(from.value) || !history::is_value(to.value)) return Truth::unknown;
  const time::Calendar& calendar = plan.calendars.front();
  const auto period_of = [&](std::int64_t day) {
    return calendar.period_of(event.period, calendar.start_of(time::Day{static_cast<std::int32_t>(day)})).from;
  };
  const Instant old_period = period_of(from.value), new_period = period_of(to.value);
  const bool placed = old_period.known() && new_period.known();
  // 2450-12-31 lies in no period of a calendar, and behind all of them.
  const bool one_placed = event.period != time::Period::term && (old_period.known() || new_period.known());
  const bool moved = placed ? (event.later ? new_period > old_period : new_period < old_period)
                            : (event.later ? to.value > from.value : to.value < from.value);
  if (!moved) return Truth::no;
  // From a date that lies in no term it has come to a term all the same, and never to one that is none: which terms
  // there are before the first and behind the last of the calendar nobody knows.
  if (event.period != time::Period::term) return placed || one_placed ? Truth::yes : Truth::unknown;
  if (new_period.known()) return Truth::yes;
  const Instant day = calendar.start_of(time::Day{static_cast<std::int32_t>(to.value)});
  const std::vector<time::Term>& terms = calendar.spec().terms;
  const bool behind =
      std::ranges::any_of(terms, [&](const time::Term& one) { return calendar.start_of(one.from) < day; });
  const bool before =
      std::ranges::any_of(terms, [&](const time::Term& one) { return calendar.start_of(one.from) > day; });
  return behind && before ? Truth::no : Truth::unknown;
}

}  // namespace

void View::find_changes(const model::Event& event, std::vector<Occurrence>& out) {
  const FieldBinding& field = plan_.fields[event.field.index()];
  const bool given = field.initial && !of_person_;
  std::vector<Was> before{given ? was(*field.initial, subject_) : Was{history::unobserved, 0}};
  const std::span<const std::uint32_t> changes = of_kind(field.change_kind);
  // Which of several came before one without an instant nobody knows.
  const bool ordered = changes.size() < 2 || timeline_->at[changes.front()].known();
  const auto take = [&](std::uint32_t index, const std::vector<Was>& found) {
    const std::uint32_t row = timeline_->row[index];
    const Was to = was(*field.change_to, row);
    const bool said = field.change_from && field.change_from->values[row] != history::unobserved;
    const auto by = [&](Was from) {
      return is_change(plan_, event, ordered ? from : Was{history::unreadable, from.currency}, to);
    };
    Truth is = said ? is_change(plan_, event, was(*field.change_from, row), to) : by(found.front());
    for (const Was& one : said ? std::span<const Was>() : std::span<const Was>(found)) {
      if (by(one) != is) is = Truth::unknown;
    }
    if (is != Truth::no) out.emplace_back(index, timeline_->at[index], is == Truth::yes && !doubtful(index));
  };
  for (auto row = changes.begin(), end = row; row != changes.end(); row = end) {
    const Instant last = by_day_ && timeline_->at[*row].known() ? last_of_day(plan_, timeline_->at[*row]) : Instant{};
    while (++end != changes.end() && by_day_ && timeline_->at[*row].known() && timeline_->at[*end] <= last) continue;
    const auto size = static_cast<std::size_t>(end - row);
    if (size == 1) {
      take(*row, before);
      // One that may not be there leaves open what the next one changes.
      before.assign(1, doubtful(*row) ? Was{history::unreadable, 0} : was(*field.change_to, timeline_->row[*row]));
      continue;
    }
    const ChangesOfDay day(*this, field, {row, end}, before);
    for (std::size_t i = 0; i < size; ++i) take(row[static_cast<std::ptrdiff_t>(i)], day.found(i));
    before = day.left();
  }
}

// A deal's are those of whoever owned it then; where that is not known it may have been anybody who ever did.
void View::find_leave(std::vector<Occurrence>& out) {
  for (std::uint32_t index : of_kind(plan_.leave_kind)) {
    const Instant at = timeline_->at[index];
    const std::uint32_t whose = timeline_->actor[index];
    std::vector<std::uint32_t> owners{anybody};
    if (of_person_) owners = {subject_};
    if (!of_person_ && at.known()) owners = keys_of_owner_at(*this, at, model::SubjectKind::person);
    const bool told = at.known() && owners.front() != anybody;
    if (told && std::ranges::find(owners, whose) == owners.end()) continue;
    const bool starts = told && owners.size() == 1 && !may_go_on(plan_, whose, plan_.calendars.front().day_of(at));
    out.emplace_back(index, at, starts && !doubtful(index));
  }
}

void View::find_ordinal(Id<model::Event> id, std::vector<Occurrence>& out) {
  const model::Event& event = plan_.book.events[id];
  if (event.for_each_account && account_ordinals_) {
    const std::vector<Occurrence>& all = (*account_ordinals_)[id.index()];
    auto chosen = std::lower_bound(all.begin(), all.end(), Occurrence{begin_, {}}, in_order);
    for (; !of_person_ && chosen != all.end() && chosen->index < end_; ++chosen) out.push_back(*chosen);
    return put_undated_first(out);
  }
  if (event.for_each_contact) return find_ordinal_of_contacts(event, out);
  const Id<model::Event> part = event.parts.front();
  const std::vector<Occurrence>& all = occurrences(part);
  if (!event.for_each_account && at_most_once(plan_.book, part)) {
    if (event.nth == 1) out = all;
    return;
  }
  if (all.empty()) return;
  if (!by_day_ && all_certain(part) &&
      (of_person_ || is_observed(*this, part, created(), Instant{all.back().at.micros + 1}))) {
    return find_plain_nth(event, plan_.calendars.front(), all, out);
  }
  std::vector<Nth> candidates;
  for (const Occurrence& candidate : all) {
    candidates.push_back(as_nth(part, candidate));
    if (!event.on_another_day) candidates.back().found.certain |= candidate.since.known();
  }
  find_nth(event, false, plan_.calendars.front(), candidates, out);
}

Nth View::as_nth(Id<model::Event> part, const Occurrence& candidate) const {
  const Instant latest = last_of(*this, candidate.index);
  const Instant until = latest.known() ? Instant{latest.micros + 1} : plan_.horizon;
  const bool unseen = !of_person_ && !is_observed(*this, part, created(), until);
  return {candidate, candidate.at.known() ? latest : candidate.at, subject_, unseen};
}

// Within the deal, for each contact that the rows name. A row that names none may be anybody's first.
void View::find_ordinal_of_contacts(const model::Event& event, std::vector<Occurrence>& out) {
  const Id<model::Event> part = event.parts.front();
  const std::vector<Occurrence>& all = occurrences(part);
  const bool named = plan_.history.supplier.count("contact of events") > 0;
  const auto contact_of = [&](const Occurrence& one) {
    return timeline_->contact.empty() ? 0 : timeline_->contact[one.index];
  };
  std::vector<std::uint32_t> contacts;
  for (const Occurrence& one : all) {
    const std::uint32_t contact = contact_of(one);
    if (contact == 0) out.emplace_back(one.index, one.at, false);
    if (contact != 0 && std::find(contacts.begin(), contacts.end(), contact) == contacts.end())
      contacts.push_back(contact);
  }
  std::vector<Nth> candidates;
  std::vector<Occurrence> found;
  for (const std::uint32_t contact : contacts) {
    candidates.clear(), found.clear();
    for (const Occurrence& one : all) {
      if (contact_of(one) != 0 && contact_of(one) != contact) continue;
      candidates.push_back(as_nth(part, one));
      candidates.back().found.certain &= contact_of(one) != 0;
      candidates.back().unseen |= !named;
    }
    find_nth(event, false, plan_.calendars.front(), candidates, found);
    for (const Occurrence& one : found) {
      if (contact_of(one) != 0) out.push_back(one);
    }
  }
  std::sort(out.begin(), out.end(), in_order);
  put_undated_first(out);
}

}  // namespace plumb::eval

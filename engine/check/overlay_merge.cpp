#include <algorithm>
#include <iterator>
#include <variant>

#include "check/overlay_parts.h"

namespace plumb::check {

namespace {

// What the change does not say stays. What it says once replaces what was said, a list replaces the whole list.

template <class T>
void take(std::optional<T>& old, const std::optional<T>& said) {
  if (said) old = said;
}
template <class T>
void take(std::vector<T>& old, const std::vector<T>& said) {
  if (!said.empty()) old = said;
}
template <class T>
void take(Id<T>& old, Id<T> said) {
  if (said) old = said;
}
void take(bool& old, bool said) { old = old || said; }

void take(ast::Header& old, const ast::Header& said) {
  take(old.author, said.author);
  take(old.proposed_by, said.proposed_by);
  take(old.proposed_on, said.proposed_on);
  take(old.effective_from, said.effective_from);
  take(old.review_by, said.review_by);
  take(old.sealed, said.sealed);
  take(old.tighten_only, said.tighten_only);
}

// What has a name, or a day, of its own is added, and replaces what has the same.

template <class T, class Key>
void add_by(std::vector<T>& old, const std::vector<T>& said, Key key) {
  for (const T& one : said) {
    const auto same = std::ranges::find_if(old, [&](const T& other) { return key(other) == key(one); });
    if (same != old.end()) {
      *same = one;
    } else {
      old.push_back(one);
    }
  }
}
template <class T>
void add_by_name(std::vector<T>& old, const std::vector<T>& said) {
  add_by(old, said, [](const T& one) { return one.name.text; });
}

// ---- rules ----------------------------------------------------------------------------------------------------------

void take_clauses(ast::Rule& old, const ast::Rule& said) {
  old.strength = said.strength;
  take(old.right, said.right);
  take(old.shape, said.shape);
  if (said.expect || said.expect_event) {
    old.expect = said.expect;
    old.expect_event = said.expect_event;
  }
  take(old.within, said.within);
  take(old.at_least_ahead, said.at_least_ahead);
  take(old.lapse_at_most, said.lapse_at_most);
  take(old.even_when_closed, said.even_when_closed);
  take(old.each_its_own, said.each_its_own);
  take(old.given, said.given);
  take(old.averaged_over, said.averaged_over);
  take(old.adjusted, said.adjusted);
  take(old.late_counts_as, said.late_counts_as);
  take(old.owed_by, said.owed_by);
  take(old.basis, said.basis);
  take(old.because, said.because);
  take(old.responses, said.responses);
  take(old.ladder, said.ladder);
  take(old.header, said.header);
}

bool in_braces(const ast::Change& change, const std::optional<ast::Subject>& subject) {
  return subject && change.body.span.known() && subject->span.begin >= change.body.span.begin;
}

// ---- everything else ------------------------------------------------------------------------------------------------

void take_clauses(ast::Stage& old, const ast::Stage& said) {
  take(old.buyer, said.buyer);
  take(old.manager, said.manager);
  take(old.won, said.won);
  take(old.lost, said.lost);
  take(old.on_hold, said.on_hold);
  if (said.may_be_first) old.may_be_first_when = said.may_be_first_when;
  take(old.may_be_first, said.may_be_first);
  if (said.may_be_skipped) old.may_be_skipped_when = said.may_be_skipped_when;
  take(old.may_be_skipped, said.may_be_skipped);
  take(old.to_enter, said.to_enter);
  take(old.to_move_on, said.to_move_on);
  take(old.while_in, said.while_in);
  take(old.at_most, said.at_most);
  take(old.was, said.was);
  take(old.header, said.header);
}

void take_clauses(ast::Item& old, const ast::Item& said) {
  take(old.levels, said.levels);
  take(old.needs, said.needs);
  take(old.because, said.because);
  take(old.responses, said.responses);
  take(old.header, said.header);
}

void take_clauses(ast::Rung& old, const ast::Rung& said) { take(old.steps, said.steps); }

void take_clauses(ast::Target& old, const ast::Target& said) {
  take(old.cases, said.cases);
  take(old.basis, said.basis);
  take(old.because, said.because);
  take(old.header, said.header);
}

void take_clauses(ast::Measure& old, const ast::Measure& said) {
  take(old.value, said.value);
  take(old.header, said.header);
}

void take_clauses(ast::EventDecl& old, const ast::EventDecl& said) {
  take(old.event, said.event);
  take(old.header, said.header);
}

void take_clauses(ast::Plan& old, const ast::Plan& said) {
  take(old.target, said.target);
  take(old.period, said.period);
  take(old.subject, said.subject);
  take(old.worth, said.worth);
  take(old.work_back, said.work_back);
  take(old.rates, said.rates);
  take(old.reached_within, said.reached_within);
  take(old.lead_time, said.lead_time);
  take(old.ramp, said.ramp);
  take(old.adjusted, said.adjusted);
  take(old.basis, said.basis);
  take(old.because, said.because);
  take(old.header, said.header);
}

// A stage, item or rung of the same name stays beside the old one: it is a second one, and reported as such.
template <class T>
void add(std::vector<T>& old, const std::vector<T>& said) {
  old.insert(old.end(), said.begin(), said.end());
}

void take_clauses(ast::Ladder& old, const ast::Ladder& said) {
  take(old.subject, said.subject);
  take(old.starts, said.starts);
  add(old.rungs, said.rungs);
  take(old.climbs_in_next, said.climbs_in_next);
  take(old.waits, said.waits);
  take(old.clears, said.clears);
  take(old.because, said.because);
  take(old.header, said.header);
}

void take_clauses(ast::Checklist& old, const ast::Checklist& said) {
  take(old.for_deals_where, said.for_deals_where);
  take(old.levels, said.levels);
  add(old.items, said.items);
  take(old.because, said.because);
  take(old.header, said.header);
}

/// The moves of each kind that the change says replace all of that kind.
void take_moves(std::vector<ast::Move>& old, const std::vector<ast::Move>& said) {
  std::erase_if(
      old, [&](const ast::Move& move) { return std::ranges::find(said, move.kind, &ast::Move::kind) != said.end(); });
  add(old, said);
}

void take_clauses(ast::Process& old, const ast::Process& said) {
  take(old.for_deals_where, said.for_deals_where);
  take(old.on_hold_while, said.on_hold_while);
  add(old.stages, said.stages);
  take_moves(old.moves, said.moves);
  take(old.header, said.header);
}

void take_clauses(ast::Calendar& old, const ast::Calendar& said) {
  take(old.zone, said.zone);
  take(old.work, said.work);
  add_by(old.holidays, said.holidays, [](const ast::HolidayLine& line) { return line.day; });
  add_by(old.terms, said.terms, [](const ast::TermLine& line) { return line.name.text; });
  take(old.fiscal_year_starts_month, said.fiscal_year_starts_month);
  take(old.week_starts_weekday, said.week_starts_weekday);
  take(old.header, said.header);
}

template <class T>
void take_fields(T& old, const T& said) {
  add_by_name(old.fields, said.fields);
  take(old.header, said.header);
}
void take_clauses(ast::Fields& old, const ast::Fields& said) { take_fields(old, said); }
void take_clauses(ast::Activity& old, const ast::Activity& said) { take_fields(old, said); }
void take_clauses(ast::Record& old, const ast::Record& said) { take_fields(old, said); }

// ---- the clauses as they stand --------------------------------------------------------------------------------------

bool adds(ast::ClauseKind kind) {
  return kind == ast::ClauseKind::holiday || kind == ast::ClauseKind::term || kind == ast::ClauseKind::field ||
         kind == ast::ClauseKind::stage || kind == ast::ClauseKind::item || kind == ast::ClauseKind::rung;
}

void take_body(ast::Body& old, const ast::Body& said) {
  std::erase_if(old.clauses, [&](const ast::Clause& clause) {
    return !adds(clause.kind) && std::ranges::find(said.clauses, clause.kind, &ast::Clause::kind) != said.clauses.end();
  });
  old.clauses.insert(old.clauses.end(), said.clauses.begin(), said.clauses.end());
}

ast::Body* part_body(ast::Body& whole, Span part) {
  const auto found = std::ranges::find(whole.clauses, part, &ast::Clause::span);
  return found == whole.clauses.end() ? nullptr : &found->body;
}

template <class Whole, class Part>
void merge_part_of(Whole& whole, std::vector<Part>& parts, std::size_t part, const Part& said, const ast::Body& body) {
  take_clauses(parts[part], said);
  if (ast::Body* old = part_body(whole.body, parts[part].span)) take_body(*old, body);
}

}  // namespace

ast::Rule merged(ast::Rule rule, const ast::Change& change) {
  const auto& said = std::get<ast::Rule>(change.to);
  take_clauses(rule, said);
  take_body(rule.body, change.body);
  rule.changed = change.span;
  if (in_braces(change, said.subject)) rule.subject = said.subject;
  if (const ast::Subject* part = part_of(change)) rule.part = part->span;
  return rule;
}

void merge(ast::File& file, const Place& place, const ast::Change& change) {
  ast::Declaration& declaration = file.declarations[place.row];
  if (const auto* stage = std::get_if<ast::Stage>(&change.to)) {
    auto& process = std::get<ast::Process>(declaration);
    return merge_part_of(process, process.stages, *place.part, *stage, change.body);
  }
  if (const auto* item = std::get_if<ast::Item>(&change.to)) {
    auto& list = std::get<ast::Checklist>(declaration);
    return merge_part_of(list, list.items, *place.part, *item, change.body);
  }
  if (const auto* rung = std::get_if<ast::Rung>(&change.to)) {
    auto& ladder = std::get<ast::Ladder>(declaration);
    return merge_part_of(ladder, ladder.rungs, *place.part, *rung, change.body);
  }
  std::visit(
      [&](auto& old) {
        using T = std::decay_t<decltype(old)>;
        if constexpr (is_among<T, decltype(ast::Change::to)>) {
          take_clauses(old, std::get<T>(change.to));
          take_body(old.body, change.body);
        }
      },
      declaration);
}

// ---- rules changed for a part of their subjects ---------------------------------------------------------------------

namespace {

ast::ExprId add_expr(ast::File& file, ast::Expr expr) { return file.exprs.add(std::move(expr)); }

/// The part as a condition: `in S or later`, `where C`.
ast::ExprId condition_of(ast::File& file, const ast::Subject& part) {
  ast::ExprId in;
  if (part.stage) {
    in = add_expr(file, {ast::InStage{*part.stage, part.or_later}, {}});
    if (!part.where) return in;
  }
  if (!in) return part.where;
  return add_expr(file, {ast::And{{in, part.where}}, {}});
}

}  // namespace

const ast::Subject* part_of(const ast::Change& change) {
  const auto* rule = std::get_if<ast::Rule>(&change.to);
  if (!rule || !rule->subject || in_braces(change, rule->subject)) return nullptr;
  return rule->subject->stage || rule->subject->where ? &*rule->subject : nullptr;
}

void merge_part(Overlay& overlay, const std::vector<ast::Rule>& before, const ast::Change& change,
                std::vector<ast::Rule>& now) {
  ast::File& file = overlay.file;
  const ast::ExprId condition = condition_of(file, *part_of(change));
  const ast::ExprId others = add_expr(file, {ast::Not{condition}, {}});
  const auto narrow = [](ast::Rule rule, ast::ExprId to) {
    rule.narrowed.push_back(to);
    return rule;
  };
  std::vector<ast::Rule> made;
  for (ast::Rule& rule : now) {
    auto later = split_off(file, rule, change, [&](const ast::Rule& old) { return narrow(old, others); });
    if (later) made.push_back(std::move(*later));
  }
  for (ast::Rule rule : before) {
    bool in_force = false;
    auto later = split_off(file, rule, change, [&](const ast::Rule& old) {
      in_force = true;
      return narrow(merged(old, change), condition);
    });
    if (in_force) made.push_back(later ? std::move(*later) : std::move(rule));
  }
  now.insert(now.end(), std::make_move_iterator(made.begin()), std::make_move_iterator(made.end()));
}

}  // namespace plumb::check

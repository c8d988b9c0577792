#include "property/twin/verdicts.h"

#include <algorithm>

#include "property/twin/judge.h"

namespace plumb::twin {

namespace {

using model::VerdictWord;

bool any_by_day(const World& world, const std::string& id, std::int64_t at) {
  const auto then = [&](const Fact& fact) { return fact.by_day && fact.at.micros == at; };
  return std::ranges::any_of(world.deals,
                             [&](const Deal& deal) { return deal.id == id && std::ranges::any_of(deal.facts, then); });
}

bool missed_at_once(const model::Rule& rule, const Told& told) {
  return rule.shape == model::Shape::while_ && (told.deadline == told.opened || !rule.lapse);
}

// Whether it was settled by what has a date alone.
bool settled_by_day(const World& world, const model::Rule& rule, const Said& said) {
  if (rule.shape != model::Shape::while_) return said.by_day;
  const Told& told = said.told;
  const bool by_clock = told.settled == told.deadline && told.verdict != "late" && !missed_at_once(rule, told);
  return !by_clock && any_by_day(world, told.subject, told.settled);
}

// What it may have been as of an instant, by what became of it. Missing: "", it was not opened yet.
std::vector<std::string> verdicts_as_of(const World& world, const model::Rule& rule, const Said& said, const Moment& m,
                                        VerdictWord word) {
  const Told& told = said.told;
  const Instant as_of{m.now.micros + 1};
  const Instant opened{told.opened}, deadline{told.deadline}, settled{told.settled};
  if (opened.known() && opened >= as_of) return {""};
  const Instant passed_by = m.period.known() ? as_of : m.now;
  // As long as it is due it may have been kept already, or missed by a deadline that nobody knows.
  const auto still_due = [&](bool some_time) -> std::vector<std::string> {
    std::vector<std::string> may = {"due"};
    if (said.missed_since.known() ? said.missed_since <= passed_by : some_time) may.emplace_back("missed");
    if (said.kept_since.known() && said.kept_since < as_of) may.emplace_back("kept");
    return may;
  };
  if (told.verdict == "due") return still_due(false);
  if (!settled.known()) return {told.verdict};
  // What is late was missed before, and without a deadline nobody knows since when.
  const bool surely = said.surely_missed.known() && said.surely_missed <= passed_by;
  if (told.verdict == "late" && !deadline.known() && settled >= as_of) {
    return surely ? std::vector<std::string>{"missed"} : still_due(true);
  }
  const Instant reached = told.verdict == "late" && deadline.known() ? deadline : settled;
  // The end of a period decides what ends with it.
  const bool passed = reached == deadline && m.period.known() ? reached <= as_of : reached < as_of;
  // It was missed by one of two deadlines.
  const bool some_time = rule.shape == model::Shape::after && told.verdict == "missed" && !deadline.known();
  if (!passed) return still_due(some_time);
  const std::string is = told.verdict == "late" && settled >= as_of ? "missed" : told.verdict;
  const Clock& usual = world.usual();
  // What was reached by the end of a day cannot have been reached later on it.
  const auto today = [&](Instant at) {
    const Instant over = at.known() ? usual.start_of(usual.day_of(at) + 1) : at;
    return at.known() && at < as_of && as_of <= over && at.micros + 1 < over.micros;
  };
  std::vector<std::string> may = {is};
  // A check of which nobody knows when on its day it is made: before it was missed it was due.
  const bool by_fact = is == told.verdict && is == "missed" && settled_by_day(world, rule, said);
  if (m.all_day && (is == "missed" || is == "late") && !by_fact) {
    const Instant since = is == "missed" && is == told.verdict ? settled : said.surely_missed;
    const Instant missed = deadline.known() ? deadline : since;
    const Look look(world, *std::ranges::find(world.deals, told.subject, &Deal::id));
    const Instant first = std::max(m.opener->at, std::min(look.created(), m.opener->latest));
    if (missed.known() && missed > first && missed < as_of) return {is, "missed", "due"};
  }
  const bool perhaps_kept = said.kept_since.known() && said.kept_since < as_of;
  // What cannot be told by a close before the deadline was not missed.
  const bool in_time = rule.shape == model::Shape::after && deadline.known() && settled < deadline;
  if (is == "cannot tell" && word != VerdictWord::cannot_tell && in_time && perhaps_kept) may = {"excused"};
  if (may.front() == "excused" && perhaps_kept) may.emplace_back("kept");
  bool perhaps_due = false;
  // It may have been reached later on that day, or have been opened then.
  if (is == told.verdict && today(settled) && settled_by_day(world, rule, said)) {
    if (is == "late") may.emplace_back("missed");
    perhaps_due = is != "late";
  }
  perhaps_due |= told.verdict == "late" && today(deadline) && missed_at_once(rule, told) &&
                 any_by_day(world, told.subject, told.deadline);
  if (perhaps_due) may.emplace_back("due");
  if (perhaps_due && opened == reached) may.emplace_back();
  return may;
}

// Whether what opened it on the day that is asked about has come, where it has a date alone.
Tri has_opened(const World& world, const Look& look, const model::Rule& rule, const Said& said, const Moment& m) {
  const Fact* opener = said.opener;
  const bool of_deal = rule.shape == model::Shape::after && rule.subject.kind == model::SubjectKind::deal;
  if (!of_deal || opener == nullptr || !opener->by_day || opener == m.opener) return Tri::yes;
  if (world.usual().day_of(opener->at) != world.usual().day_of(m.now)) return Tri::yes;
  // The moves of a day come in their order.
  const bool moves = m.opener != nullptr && opener->of == Class::move && m.opener->of == Class::move;
  if (moves && !opener->any_order && !m.opener->any_order && opener->order < m.opener->order) return Tri::yes;
  return look.sees(*opener, m, false);
}

// Whether it belongs to the moment's period; what a deadline decides belongs to what ends with it.
Tri belongs(const model::Rule& rule, const Told& told, const Moment& m) {
  if (!m.period.known() || told.verdict == "due") return Tri::yes;
  const auto in = [&](std::int64_t at) { return at >= m.period.micros && at < m.period_end.micros; };
  const bool dated = Instant{told.deadline}.known();
  std::int64_t reached = told.verdict == "late" && dated ? told.deadline : told.settled;
  if (reached == told.deadline && told.opened < told.deadline) --reached;
  const bool some_time =
      !dated && (told.verdict == "late" || (rule.shape == model::Shape::after && told.verdict == "missed"));
  // What is settled later was due at the end, or not asked yet.
  return some_time && in(told.opened) != in(reached) ? Tri::unknown : sure(reached >= m.period.micros);
}

template <class Take>
void for_each_said(const World& world, const std::string& deal, const std::string& rule, Take take) {
  for (std::size_t row = 0; row < world.book.rules.size(); ++row) {
    if (world.book.rules[row].name != rule) continue;
    for (const Said& said : world.said_by(row)) {
      if (said.told.subject == deal) take(world.book.rules[row], said);
    }
  }
}

}  // namespace

namespace {

// A verdict, and the rule that it is on.
struct Reached {
  const model::Rule& rule;
  std::string is;
};

// `hidden`: what the rule asked then may not all be known.
Tri decide(VerdictWord word, const std::vector<Reached>& all, bool hidden) {
  bool kept = false, missed = false, late = false, due = false, excused = false, untold = false;
  for (const auto& [rule, is] : all) {
    late |= is == "late", due |= is == "due", excused |= is == "excused", untold |= is == "cannot tell";
    const bool forgiven = is == "late" && rule.late_counts_as == VerdictWord::kept;
    kept |= is == "kept" || forgiven, missed |= is == "missed" || (is == "late" && !forgiven);
  }
  const bool doubtful = untold || hidden;
  const Tri doubt = doubtful ? Tri::unknown : Tri::no;
  switch (word) {
    case VerdictWord::kept: return missed ? Tri::no : doubtful ? doubt : sure(kept);
    case VerdictWord::missed: return missed ? Tri::yes : doubt;
    case VerdictWord::late: return late ? Tri::yes : doubt;
    case VerdictWord::due: return due ? Tri::yes : hidden ? Tri::unknown : Tri::no;
    case VerdictWord::excused: return missed || kept ? Tri::no : doubtful ? doubt : sure(excused);
    case VerdictWord::cannot_tell: return sure(untold && !missed);
  }
  return Tri::unknown;
}

}  // namespace

Tri is_verdict(const World& world, const std::string& deal, const model::Expr& expr, const Moment& m) {
  std::vector<std::vector<Reached>> ways(1);
  int open = 0;
  const Look look(world, *std::ranges::find(world.deals, deal, &Deal::id));
  bool hidden = false;
  for_each_said(world, deal, expr.text, [&](const model::Rule& rule, const Said& said) {
    const Tri belongs = twin::belongs(rule, said.told, m);
    const Tri opened = has_opened(world, look, rule, said, m);
    hidden |= opened == Tri::unknown && belongs != Tri::no;
    if (belongs == Tri::no || opened != Tri::yes) return;
    std::vector<std::string> may = {"cannot tell"};
    if (belongs == Tri::yes) may = verdicts_as_of(world, rule, said, m, expr.verdict);
    if (may.size() > 1 && ++open > 6) may = {"cannot tell"};
    std::vector<std::vector<Reached>> longer;
    for (const std::vector<Reached>& way : ways) {
      for (const std::string& is : may) longer.push_back(way), longer.back().push_back({rule, is});
    }
    ways = std::move(longer);
  });
  // What nobody recorded may have asked something, too.
  for (const model::Rule& rule : world.book.rules) {
    const bool by_event =
        rule.shape == model::Shape::after || rule.shape == model::Shape::before || rule.shape == model::Shape::at;
    if (rule.name != expr.text || !by_event || !rule.trigger || rule.subject.kind != model::SubjectKind::deal) continue;
    hidden |= look.gap(rule.trigger, look.created(), m.now);
  }
  const auto decided = [&](const std::vector<Reached>& way) { return decide(expr.verdict, way, hidden); };
  const Tri first = decided(ways.front());
  const bool one = std::ranges::all_of(ways, [&](const auto& way) { return decided(way) == first; });
  return one ? first : Tri::unknown;
}

void verdict_turns(const World& world, const std::string& deal, Id<model::Expr> condition, std::vector<Instant>& all) {
  if (!condition) return;
  const model::Expr& expr = world.book.exprs[condition];
  for (const Id<model::Expr> arg : expr.args) verdict_turns(world, deal, arg, all);
  if (expr.op != model::Op::verdict) return;
  for_each_said(world, deal, expr.text, [&](const model::Rule&, const Said& said) {
    for (const std::int64_t at : {said.told.opened, said.told.deadline, said.told.settled, said.kept_since.micros,
                                  said.missed_since.micros, said.surely_missed.micros}) {
      if (at > Instant::unknown().micros && at < INT64_MAX) all.push_back(Instant{at});
    }
  });
}

}  // namespace plumb::twin

#include "property/twin/merge.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace plumb::twin {

namespace {

// One obligation as each of the worlds has it: by index into what the rule says there. Missing: it is not there.
using Alike = std::vector<std::optional<std::size_t>>;

struct One {
  Alike in;
  Said said;
};

// When it came to be missed, as what is late was at its deadline.
Instant reached(const Told& told) {
  const bool late = told.verdict == "late" && Instant{told.deadline}.known();
  return Instant{late ? told.deadline : told.settled};
}

bool is_undone(const Told* told) { return told->verdict == "missed" || told->verdict == "late"; }

template <class Of>
bool all_alike(const std::vector<const Told*>& there, Of of) {
  return std::ranges::all_of(there, [&](const Told* told) { return of(*told) == of(*there.front()); });
}

Told merge(const std::vector<const Told*>& there, std::size_t worlds) {
  Told told = *there.front();
  for (const Told* each : there) {
    told.opened = std::max(told.opened, each->opened), told.settled = std::max(told.settled, each->settled);
  }
  if (!all_alike(there, [](const Told& each) { return each.owed_by; })) told.owed_by.clear();
  if (there.size() < worlds) {
    told.verdict = "cannot tell", told.why.clear();
    told.deadline = Instant::unknown().micros, told.settled = told.opened;
    return told;
  }
  if (!all_alike(there, [](const Told& each) { return each.deadline; })) told.deadline = Instant::unknown().micros;
  if (all_alike(there, [](const Told& each) { return each.verdict; })) return told;
  told.why.clear();
  // What is missed in some and late in the others is missed.
  if (std::ranges::all_of(there, is_undone)) {
    told.verdict = "missed", told.settled = reached(*there.front()).micros;
    for (const Told* each : there) told.settled = std::max(told.settled, reached(*each).micros);
  } else if (std::ranges::any_of(there, [](const Told* each) { return each->verdict == "due"; })) {
    told.verdict = "due", told.settled = Instant::unknown().micros;
  } else {
    told.verdict = "cannot tell";
  }
  return told;
}

// What it may have been before it was settled it may have been in any of them.
One one_of(const std::vector<Answers>& worlds, std::size_t row, Alike in) {
  std::vector<const Told*> there;
  std::optional<Said> one;
  Instant kept, missed;
  const auto earlier = [](Instant& at, Instant other) {
    if (!at.known() || (other.known() && other < at)) at = other;
  };
  for (std::size_t world = 0; world < worlds.size(); ++world) {
    if (!in[world]) continue;
    const Said& said = worlds[world][row][*in[world]];
    there.push_back(&said.told);
    if (!one) one = said;
    one->by_day |= said.by_day;
    earlier(one->kept_since, said.kept_since), earlier(one->missed_since, said.missed_since);
    // Where it is not so in all, it may have been reached by when it was in this one.
    const std::string& is = said.told.verdict;
    if (is == "kept" || is == "excused") earlier(kept, Instant{said.told.settled});
    if (is_undone(&said.told)) earlier(missed, reached(said.told));
    const bool surely = one->surely_missed.known() && said.surely_missed.known();
    one->surely_missed = surely ? std::max(one->surely_missed, said.surely_missed) : Instant::unknown();
  }
  const bool alike = all_alike(there, [](const Told& each) { return each.verdict; });
  const bool told = there.size() == worlds.size() && (alike || std::ranges::all_of(there, is_undone));
  one->told = merge(there, worlds.size());
  // What is the same in all came to be so in some of them sooner.
  const auto sooner = [&](Instant at) { return at.known() && (!told || at < reached(one->told)); };
  if (sooner(kept)) earlier(one->kept_since, kept);
  if (sooner(missed)) earlier(one->missed_since, missed);
  return {std::move(in), *one};
}

// What opened it: the row of a fact. Missing: none, what lasts or is asked of a period is opened by no fact.
using Trigger = std::optional<std::pair<const property::Table*, std::size_t>>;
Trigger trigger_of(const model::Rule& rule, const Said& said) {
  const bool lasts =
      rule.shape == model::Shape::while_ || rule.shape == model::Shape::throughout || rule.shape == model::Shape::every;
  const bool by_fact = rule.origin == model::RuleOrigin::path || !lasts;
  if (!by_fact || said.opener == nullptr || said.opener->implied) return std::nullopt;
  return std::pair(said.opener->table, said.opener->row);
}

std::vector<One> of_rule(const model::Rulebook& book, std::size_t row, const std::vector<Answers>& worlds) {
  std::map<std::tuple<std::int64_t, Trigger, std::size_t>, Alike> alike;  // by opening, trigger, which of those
  for (std::size_t world = 0; world < worlds.size(); ++world) {
    std::map<std::pair<std::int64_t, Trigger>, std::size_t> before;
    for (std::size_t i = 0; i < worlds[world][row].size(); ++i) {
      const Said& said = worlds[world][row][i];
      const Trigger trigger = trigger_of(book.rules[row], said);
      // What a move with a date alone opens does not open at one instant in all.
      const bool dated = trigger && said.opener->of == Class::move && said.opener->by_day;
      const bool somewhere = dated && Instant{said.told.opened}.known();
      const std::int64_t opened = somewhere ? Instant::max().micros : said.told.opened;
      const std::size_t nth = before[{opened, trigger}]++;
      alike.try_emplace({opened, trigger, nth}, worlds.size()).first->second[world] = i;
    }
  }
  std::vector<One> all;
  for (const auto& [key, in] : alike) all.push_back(one_of(worlds, row, in));
  return all;
}

// A response is to what it responds to, where that has the verdict in all.
std::vector<One> of_response(const model::Rule& response, std::size_t row, const std::vector<One>& verdicts,
                             const std::vector<Answers>& worlds) {
  const std::string& named = response.responses.front().verdict;
  std::vector<One> all;
  for (const One& verdict : verdicts) {
    const bool missed_first = named == "missed" && verdict.said.told.verdict == "late";
    if (verdict.said.told.verdict != named && !missed_first) continue;
    Alike in(worlds.size());
    for (std::size_t world = 0; world < worlds.size(); ++world) {
      const std::vector<Said>& said = worlds[world][row];
      for (std::size_t i = 0; i < said.size(); ++i) {
        if (verdict.in[world] && said[i].responds_to == *verdict.in[world]) in[world] = i;
      }
    }
    if (std::ranges::any_of(in, [](const auto& each) { return each.has_value(); })) {
      all.push_back(one_of(worlds, row, in));
    }
  }
  return all;
}

}  // namespace

Answers merged(const model::Rulebook& book, const std::vector<Answers>& worlds) {
  Answers all(book.rules.size());
  std::vector<std::vector<One>> rules(book.rules.size());
  for (const bool responses : {false, true}) {
    for (std::size_t row = 0; row < book.rules.size(); ++row) {
      const model::Rule& rule = book.rules[row];
      if (rule.responds_to.has_value() != responses || !is_about_deals(book, rule)) continue;
      rules[row] =
          responses ? of_response(rule, row, rules[rule.responds_to->rule], worlds) : of_rule(book, row, worlds);
      for (const One& one : rules[row]) all[row].push_back(one.said);
    }
  }
  return all;
}

bool is_about_deals(const model::Rulebook& book, const model::Rule& rule) {
  const model::Rule& of = rule.responds_to ? book.rules[rule.responds_to->rule] : rule;
  return of.subject.kind == model::SubjectKind::deal;
}

namespace {

// Whether what a rule about deals asks counts what belongs to others. `of_people`: it stands where people are asked.
struct Reading {
  const model::Rulebook& book;

  static bool wider(const std::string& of) { return of == "team" || of == "company"; }

  bool tails(const model::Tails& tails) const { return tails.since || tails.last_of; }

  bool aggregate(const model::Aggregate& of, bool of_people) const {
    if (of_people && tails(of.tails)) return true;
    if (of.population == model::PopulationKind::people) return expr(of.where, true);
    if (of.per && !of.event) return expr(of.value, of_people);
    return of_people && of.population != model::PopulationKind::contacts;
  }

  bool expr(Id<model::Expr> id, bool of_people) const {
    if (!id) return false;
    const model::Expr& at = book.exprs[id];
    const bool asks = at.op == model::Op::happened || at.op == model::Op::time_since || tails(at.tails);
    if (of_people && asks) return true;
    if (at.op == model::Op::aggregate && aggregate(*at.aggregate, of_people || wider(at.aggregate->of))) return true;
    if (at.op == model::Op::measure && expr(book.measures[at.measure].value, of_people || wider(at.text))) return true;
    if (at.op == model::Op::target) {
      for (const model::TargetCase& one : book.targets[at.target].cases) {
        if (expr(one.value, of_people) || expr(one.where, of_people)) return true;
      }
    }
    return std::ranges::any_of(at.args, [&](Id<model::Expr> arg) { return expr(arg, of_people); });
  }

  bool rule(const model::Rule& rule) const {
    if (rule.subject.kind != model::SubjectKind::deal) return false;
    for (const Id<model::Expr> each : {rule.expect, rule.while_condition, rule.subject.where}) {
      if (expr(each, false)) return true;
    }
    return std::ranges::any_of(rule.given, [&](const model::Given& each) { return expr(each.population, false); });
  }
};

}  // namespace

bool reads_of_people(const model::Rulebook& book) {
  return std::ranges::any_of(book.rules, [&](const model::Rule& rule) { return Reading{book}.rule(rule); });
}

}  // namespace plumb::twin

#include <algorithm>
#include <map>
#include <set>
#include <variant>

#include "check/overlay_parts.h"

namespace plumb::check {

namespace {

/// In which expression each stands that stands in `and`, `or`, `at least N of` or a comparison.
std::map<ast::ExprId, ast::ExprId> parents(const ast::File& file) {
  std::map<ast::ExprId, ast::ExprId> result;
  for (std::size_t i = 0; i < file.exprs.size(); ++i) {
    const ast::ExprId id(i);
    const auto hold = [&](const std::vector<ast::ExprId>& parts) {
      for (const ast::ExprId part : parts) result[part] = id;
    };
    const auto& is = file.exprs[id].is;
    if (const auto* all = std::get_if<ast::And>(&is)) hold(all->operands);
    if (const auto* any = std::get_if<ast::Or>(&is)) hold(any->operands);
    if (const auto* some = std::get_if<ast::AtLeastOf>(&is)) hold(some->conditions);
    if (const auto* compared = std::get_if<ast::Compare>(&is)) hold(compared->right);
  }
  return result;
}

void add_demands(const ast::Rule& rule, std::set<ast::ExprId>& demands) {
  if (rule.expect) demands.insert(rule.expect);
}
void add_demands(const ast::Stage& stage, std::set<ast::ExprId>& demands) {
  for (const auto* list : {&stage.to_enter, &stage.to_move_on, &stage.while_in}) {
    for (const ast::StageCondition& condition : *list) demands.insert(condition.condition);
  }
}

/// The conditions that are expected to hold, of rules and stages: the stronger, the stricter.
std::set<ast::ExprId> demands(const ast::File& file) {
  std::set<ast::ExprId> result;
  for (const ast::Declaration& declaration : file.declarations) {
    if (const auto* rule = std::get_if<ast::Rule>(&declaration)) add_demands(*rule, result);
    if (const auto* process = std::get_if<ast::Process>(&declaration)) {
      for (const ast::Stage& stage : process->stages) add_demands(stage, result);
    }
    const auto* change = std::get_if<ast::Change>(&declaration);
    if (!change) continue;
    if (const auto* rule = std::get_if<ast::Rule>(&change->to)) add_demands(*rule, result);
    if (const auto* stage = std::get_if<ast::Stage>(&change->to)) add_demands(*stage, result);
  }
  return result;
}

std::optional<Bound> bound_of(const ast::Compare& compare) {
  if (compare.comparison == ast::Comparison::at_least || compare.comparison == ast::Comparison::more_than)
    return Bound::floor;
  if (compare.comparison == ast::Comparison::at_most || compare.comparison == ast::Comparison::less_than)
    return Bound::ceiling;
  return std::nullopt;
}

struct Range {
  ast::ExprId least, most;
};

/// The least and the most of the cases' values. Missing: nothing where they do not compare.
std::optional<Range> range_of(const ast::File& file, const std::vector<ast::TargetCase>& cases) {
  if (cases.empty()) return std::nullopt;
  Range result{cases.front().value, cases.front().value};
  for (const ast::TargetCase& one : cases) {
    const auto low = order(file, one.value, result.least);
    const auto high = order(file, one.value, result.most);
    if (!low || !high) return std::nullopt;
    if (*low == std::strong_ordering::less) result.least = one.value;
    if (*high == std::strong_ordering::greater) result.most = one.value;
  }
  return result;
}

/// Whether two lines speak of the same deals from the same day on.
bool same_case(const Overlay& overlay, const ast::TargetCase& a, const ast::TargetCase& b) {
  const auto span = [&](ast::ExprId id) { return id ? overlay.file.exprs[id].span : Span{}; };
  const auto stage = [](const ast::TargetCase& one) { return one.stage ? one.stage->text : std::string(); };
  return stage(a) == stage(b) && a.or_later == b.or_later && a.from == b.from &&
         same_words(overlay.texts, span(a.where), span(b.where));
}

/// Whether the lines say something of every deal and day of which the others do.
bool covers(const std::vector<ast::TargetCase>& cases, const std::vector<ast::TargetCase>& others) {
  return std::ranges::any_of(cases, [&](const ast::TargetCase& one) {
    return !one.stage && !one.where && std::ranges::all_of(others, [&](const ast::TargetCase& other) {
      return !one.from || (other.from && *one.from <= *other.from);
    });
  });
}

bool at_least_as_strict(const ast::File& file, ast::ExprId value, ast::ExprId than, Bound bound) {
  const auto compared = order(file, value, than);
  if (!compared) return false;
  return *compared != (bound == Bound::floor ? std::strong_ordering::less : std::strong_ordering::greater);
}

Direction of_cases(const Overlay& overlay, const ast::Target& from, const ast::Target& to, Bound bound) {
  const ast::File& file = overlay.file;
  const bool line_by_line = std::ranges::equal(from.cases, to.cases, [&](const auto& a, const auto& b) {
    return same_case(overlay, a, b);
  });
  if (line_by_line) {
    const bool stricter = std::ranges::equal(from.cases, to.cases, [&](const auto& a, const auto& b) {
      return at_least_as_strict(file, b.value, a.value, bound);
    });
    const bool looser = std::ranges::equal(from.cases, to.cases, [&](const auto& a, const auto& b) {
      return at_least_as_strict(file, a.value, b.value, bound);
    });
    return stricter ? Direction::stricter : looser ? Direction::looser : Direction::undecided;
  }
  const auto old = range_of(file, from.cases);
  const auto said = range_of(file, to.cases);
  if (!old || !said) return Direction::undecided;
  const bool floor = bound == Bound::floor;
  if (at_least_as_strict(file, floor ? said->least : said->most, floor ? old->most : old->least, bound) &&
      covers(to.cases, from.cases))
    return Direction::stricter;
  return at_least_as_strict(file, floor ? old->least : old->most, floor ? said->most : said->least, bound)
             ? Direction::looser
             : Direction::undecided;
}

Span span_of_cases(const std::vector<ast::TargetCase>& cases) {
  Span result;
  for (const ast::TargetCase& one : cases) {
    if (!result.known() || one.span.text == result.text) result = join(result, one.span);
  }
  return result;
}

bool repeats(const Overlay& overlay, const ast::Target& from, const ast::Target& to) {
  return std::ranges::equal(from.cases, to.cases, [&](const auto& a, const auto& b) {
    return same_words(overlay.texts, a.span, b.span);
  });
}

}  // namespace

std::optional<Bound> use_of(const ast::File& file, const std::string& target) {
  const auto held_by = parents(file);
  const std::set<ast::ExprId> wanted = demands(file);
  std::optional<Bound> result;
  for (std::size_t i = 0; i < file.exprs.size(); ++i) {
    ast::ExprId id(i);
    const auto* named = std::get_if<ast::NameRef>(&file.exprs[id].is);
    if (!named || named->name.text != target) continue;
    const auto parent = held_by.find(id);
    const auto* compare =
        parent == held_by.end() ? nullptr : std::get_if<ast::Compare>(&file.exprs[parent->second].is);
    const auto bound = compare ? bound_of(*compare) : std::nullopt;
    if (!bound || (result && *result != *bound)) return std::nullopt;
    result = bound;
    for (id = parent->second; held_by.contains(id);) id = held_by.at(id);
    if (!wanted.contains(id)) return std::nullopt;
  }
  return result;
}

void judge_target(const Overlay& overlay, const ast::Target& from, const ast::Target& to, Judgement& judgement) {
  if (to.cases.empty() || repeats(overlay, from, to)) return;
  const auto bound = use_of(overlay.file, from.name.text);
  const Span before = span_of_cases(from.cases);
  const Span after = span_of_cases(to.cases);
  if (!bound) {
    return judgement.judge(Direction::undecided, before, after,
                           "more is stricter only where every rule that names it says `is at least`, and less only "
                           "where every one says `is at most`");
  }
  judgement.judge(of_cases(overlay, from, to, *bound), before, after,
                  *bound == Bound::floor ? "the rules that name it say `is at least`: more is stricter"
                                         : "the rules that name it say `is at most`: less is stricter");
}

}  // namespace plumb::check

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "check/expr.h"
#include "check/walk.h"

namespace plumb::check {

namespace {

using model::VerdictOf;

/// Which verdicts every verdict is made of: a row for each rule, then one for each right and one for all effort.
class Verdicts {
 public:
  explicit Verdicts(const model::Rulebook& book) : book_(book), reads_(book.rules.size() + summaries.size()) {
    for (std::size_t row = 0; row < book.rules.size(); ++row) rows_.emplace(book.rules[row].name, row);
    for (std::size_t row = 0; row < book.rules.size(); ++row) add_rule(row);
    for (std::vector<std::size_t>& reads : reads_) {
      std::ranges::sort(reads);
      reads.erase(std::unique(reads.begin(), reads.end()), reads.end());
    }
  }

  /// Circles, each as the rows on it from its first rule on. Rows: a circle that shares a row with one before is left
  /// out. Cost: one walk, and no recursion.
  std::vector<std::vector<std::size_t>> circles() const {
    std::vector<std::vector<std::size_t>> found;
    std::vector<Progress> seen(reads_.size(), Progress::untouched);
    for (std::size_t row = 0; row < book_.rules.size(); ++row) {
      if (seen[row] == Progress::untouched) follow(row, seen, found);
    }
    return found;
  }

  bool is_rule(std::size_t row) const { return row < book_.rules.size(); }
  std::string name(std::size_t row) const {
    return is_rule(row) ? book_.rules[row].name : std::string(summaries[row - book_.rules.size()]);
  }

 private:
  static constexpr std::array<std::string_view, 4> summaries{"right thing", "right way", "right time", "effort"};

  void add_rule(std::size_t row) {
    const model::Rule& rule = book_.rules[row];
    if (rule.responds_to) return;  // what is done about a verdict is no part of any
    Walk(book_, [&](const model::Expr& expr) { add_verdict(row, expr); }).rule(rule);
    if (rule.strength != model::Strength::must) return;
    if (rule.right != model::Right::none)
      reads_[book_.rules.size() + static_cast<std::size_t>(rule.right) - 1].push_back(row);
    reads_.back().push_back(row);
  }

  void add_verdict(std::size_t row, const model::Expr& expr) {
    if (expr.op != model::Op::verdict || expr.verdict_of == VerdictOf::result) return;
    if (expr.verdict_of != VerdictOf::rule) {
      reads_[row].push_back(book_.rules.size() + static_cast<std::size_t>(expr.verdict_of) - 1);
    } else if (const auto found = rows_.find(expr.text); found != rows_.end()) {
      reads_[row].push_back(found->second);
    }
  }

  void follow(std::size_t start, std::vector<Progress>& seen, std::vector<std::vector<std::size_t>>& found) const {
    std::vector<std::pair<std::size_t, std::size_t>> trail{{start, 0}};  // a row, and how many it reads were followed
    seen[start] = Progress::under_way;
    while (!trail.empty()) {
      auto& [row, next] = trail.back();
      if (next == reads_[row].size()) {
        seen[row] = Progress::done;
        trail.pop_back();
        continue;
      }
      const std::size_t read = reads_[row][next++];
      if (seen[read] == Progress::under_way) {
        add_circle(trail, read, found);
      } else if (seen[read] == Progress::untouched) {
        seen[read] = Progress::under_way;
        trail.emplace_back(read, 0);
      }
    }
  }

  void add_circle(const std::vector<std::pair<std::size_t, std::size_t>>& trail, std::size_t back,
                  std::vector<std::vector<std::size_t>>& found) const {
    std::vector<std::size_t> circle;
    auto at = std::ranges::find(trail, back, &std::pair<std::size_t, std::size_t>::first);
    for (; at != trail.end(); ++at) circle.push_back(at->first);
    const auto known = [&](const std::vector<std::size_t>& other) {
      return std::ranges::any_of(
          circle, [&](std::size_t row) { return is_rule(row) && std::ranges::find(other, row) != other.end(); });
    };
    if (std::ranges::any_of(found, known)) return;
    std::ranges::rotate(circle, std::ranges::find_if(circle, [&](std::size_t row) { return is_rule(row); }));
    found.push_back(std::move(circle));
  }

  const model::Rulebook& book_;
  std::vector<std::vector<std::size_t>> reads_;
  std::map<std::string_view, std::size_t> rows_;
};

void report_circles(Context& context) {
  const Verdicts verdicts(context.book);
  for (const std::vector<std::size_t>& circle : verdicts.circles()) {
    std::vector<std::string> way;
    for (const std::size_t row : circle) way.push_back(verdicts.name(row));
    way.push_back(way.front());
    const model::Rule& first = context.book.rules[circle.front()];
    Diagnostic& diagnostic = context.sink.report(first.span, diag::CircularVerdicts, first.name);
    for (std::size_t i = 1; i < circle.size(); ++i) {
      if (verdicts.is_rule(circle[i])) diagnostic.label(context.book.rules[circle[i]].span, "by way of this one");
    }
    std::string said = fmt::format("`{}`", way.front());
    for (std::size_t i = 1; i < way.size(); ++i) {
      const bool counts = !verdicts.is_rule(circle[i - 1]);
      said += fmt::format("{} `{}`", counts ? ", which counts" : i == 1 ? " reads" : ", which reads", way[i]);
    }
    diagnostic.hint("{}", said);
  }
}

/// The case with which a target begins. Missing: nullptr where one has no date.
const model::TargetCase* first_case(const model::Target& target) {
  const model::TargetCase* first = nullptr;
  for (const model::TargetCase& one : target.cases) {
    if (!one.from) return nullptr;
    if (!first || *one.from < *first->from) first = &one;
  }
  return first;
}

/// Notes rules that are in force before their target is.
void note_gaps(Context& context) {
  std::set<Id<model::Target>> noted;
  for (const model::Rule& rule : context.book.rules) {
    if (!rule.effective_from) continue;
    Walk(context.book, [&](const model::Expr& expr) {
      const model::TargetCase* first = expr.target ? first_case(context.book.targets[expr.target]) : nullptr;
      if (!first || *first->from <= *rule.effective_from || !noted.insert(expr.target).second) return;
      const model::Target& target = context.book.targets[expr.target];
      // What another rulebook made of the target begins where that one says so.
      const bool changed = first->span.known() && first->span.text != target.span.text;
      context.sink
          .report(changed ? first->span : target.span, diag::TargetGap, target.name, time::to_text(*first->from),
                  rule.name, time::to_text(*rule.effective_from))
          .label(rule.span, "it is read here")
          .hint("until then the rule cannot tell; a case without `from` holds before the others do");
    }).rule(rule);
  }
}

}  // namespace

void check_uses(Context& context) {
  report_circles(context);
  note_gaps(context);
}

}  // namespace plumb::check

#include "eval/order.h"

#include <map>
#include <string_view>
#include <utility>

#include "eval/walk.h"

namespace plumb::eval {

namespace {

using model::Op;
using model::VerdictOf;

constexpr auto no_event = [](const model::Event&) { return false; };

/// What every verdict is made of. Rows: the rules, then the three rights, all effort and the result.
class Reads {
 public:
  explicit Reads(const model::Rulebook& book) : rules_(book.rules.size()), of_(rules_ + wholes) {
    std::map<std::string_view, std::vector<std::size_t>> named;
    for (std::size_t row = 0; row < rules_; ++row) named[book.rules[row].name].push_back(row);
    for (std::size_t row = 0; row < rules_; ++row) {
      const auto take = [&](const model::Expr& expr) {
        if (expr.op != Op::verdict) return false;
        if (expr.verdict_of != VerdictOf::rule) {
          of_[row].push_back(row_of(expr.verdict_of));
        } else if (const auto found = named.find(expr.text); found != named.end()) {
          of_[row].insert(of_[row].end(), found->second.begin(), found->second.end());
        }
        return false;
      };
      Walk{book, take, no_event}.rule(book.rules[row]);
      for (const VerdictOf whole :
           {VerdictOf::right_thing, VerdictOf::right_way, VerdictOf::right_time, VerdictOf::effort}) {
        if (belongs_to(book.rules[row], whole)) of_[row_of(whole)].push_back(row);
      }
    }
  }

  std::size_t rules() const { return rules_; }
  std::size_t size() const { return of_.size(); }
  const std::vector<std::size_t>& of(std::size_t row) const { return of_[row]; }

 private:
  static constexpr std::size_t wholes = 5;
  std::size_t row_of(VerdictOf whole) const { return rules_ + static_cast<std::size_t>(whole) - 1; }

  std::size_t rules_;
  std::vector<std::vector<std::size_t>> of_;
};

/// Every row behind those that it reads, else in their own order.
std::vector<std::size_t> order_of(const Reads& reads) {
  std::vector<bool> seen(reads.size(), false);
  std::vector<std::size_t> order;
  std::vector<std::pair<std::size_t, std::size_t>> trail;  // a row, and how many of those it reads were followed
  for (std::size_t start = 0; start < reads.size(); ++start) {
    if (seen[start]) continue;
    seen[start] = true;
    trail.emplace_back(start, 0);
    while (!trail.empty()) {
      auto& [row, next] = trail.back();
      if (next == reads.of(row).size()) {
        order.push_back(row);
        trail.pop_back();
        continue;
      }
      const std::size_t read = reads.of(row)[next++];
      if (seen[read]) continue;
      seen[read] = true;
      trail.emplace_back(read, 0);
    }
  }
  return order;
}

}  // namespace

bool belongs_to(const model::Rule& rule, VerdictOf whole) {
  if (rule.strength != model::Strength::must || rule.responds_to) return false;
  switch (whole) {
    case VerdictOf::right_thing: return rule.right == model::Right::thing;
    case VerdictOf::right_way: return rule.right == model::Right::way;
    case VerdictOf::right_time: return rule.right == model::Right::time;
    case VerdictOf::effort: return true;
    case VerdictOf::rule:
    case VerdictOf::result: return false;
  }
  return false;
}

bool reads_verdicts(const model::Rulebook& book, const model::Rule& rule) {
  return Walk{book, [](const model::Expr& expr) { return expr.op == Op::verdict; }, no_event}.rule(rule);
}

bool reads_verdicts(const model::Rulebook& book, Id<model::Expr> id) {
  return Walk{book, [](const model::Expr& expr) { return expr.op == Op::verdict; }, no_event}.expr(id);
}

std::vector<std::uint32_t> evaluation_order(const model::Rulebook& book) {
  const Reads reads(book);
  std::vector<std::uint32_t> order;
  for (std::size_t row : order_of(reads)) {
    if (row < reads.rules()) order.push_back(static_cast<std::uint32_t>(row));
  }
  return order;
}

std::vector<bool> with_what_they_read(const model::Rulebook& book, const std::vector<bool>& by_themselves) {
  const Reads reads(book);
  std::vector<bool> good = by_themselves;
  good.resize(reads.size(), true);
  for (std::size_t row : order_of(reads)) {
    for (std::size_t read : reads.of(row)) good[row] = good[row] && good[read];
  }
  good.resize(reads.rules());
  return good;
}

std::vector<bool> with_all_read(const model::Rulebook& book, std::vector<bool> rules) {
  const Reads reads(book);
  rules.resize(reads.size(), false);
  const std::vector<std::size_t> order = order_of(reads);
  // What is read stands before whoever reads it.
  for (std::size_t i = order.size(); i-- > 0;) {
    if (!rules[order[i]]) continue;
    for (std::size_t read : reads.of(order[i])) rules[read] = true;
  }
  rules.resize(reads.rules());
  return rules;
}

}  // namespace plumb::eval

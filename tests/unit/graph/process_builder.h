#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"
#include "model/model.h"

namespace plumb::graph::testing {

/// A rulebook of one process, written as briefly as in the language. Stages are `name`, `name!` for won, `name?` for
/// lost; each has a span of its own so that a test can tell where a finding stands: the n-th stage begins at byte 10 n,
/// the process at byte 1, the n-th move at byte 1000 + n.
class ProcessBuilder {
 public:
  explicit ProcessBuilder(const std::vector<std::string>& stages) {
    model::Process process;
    process.name = "sales";
    process.span = at(1);
    id_ = book_.processes.add(process);
    for (std::string name : stages) {
      model::Stage stage;
      if (name.back() == '!') stage.end = model::StageEnd::won;
      if (name.back() == '?') stage.end = model::StageEnd::lost;
      if (stage.end != model::StageEnd::open) name.pop_back();
      stage.name = name;
      stage.process = id_;
      stage.span = at(static_cast<std::uint32_t>(10 * process_().stages.size() + 10));
      process_().stages.push_back(book_.stages.add(stage));
    }
  }

  ProcessBuilder& path(const std::vector<std::string>& names) {
    std::vector<Id<model::Stage>> ids;
    for (const std::string& name : names) ids.push_back(id(name));
    for (std::size_t i = 1; i < ids.size(); ++i) add_move(ids[i - 1], ids[i], model::MoveKind::path);
    if (process_().path.empty()) process_().path = ids;
    return *this;
  }
  ProcessBuilder& back(const std::string& from, const std::string& to) {
    add_move(id(from), id(to), model::MoveKind::back);
    return *this;
  }
  /// The limit and the condition of the move that was added last.
  ProcessBuilder& at_most(std::int64_t times) {
    process_().moves.back().at_most_times = times;
    return *this;
  }
  ProcessBuilder& when(const std::string& words) {
    process_().moves.back().when = condition(words);
    return *this;
  }
  ProcessBuilder& from_any(const std::string& to) {
    for (const Id<model::Stage> from : process_().stages) {
      if (book_.stages[from].end == model::StageEnd::open) add_move(from, id(to), model::MoveKind::from_any);
    }
    return *this;
  }
  ProcessBuilder& skip(const std::string& name, const std::string& words = "") {
    stage(name).may_be_skipped = true;
    if (!words.empty()) stage(name).may_be_skipped_when = condition(words);
    return *this;
  }
  ProcessBuilder& first(const std::string& name) {
    stage(name).may_be_first = true;
    return *this;
  }
  /// `at most N business days` of a stage, the rule that the checker makes of it.
  ProcessBuilder& limit(const std::string& name, std::int64_t days) {
    model::Rule rule;
    rule.origin = model::RuleOrigin::at_most;
    rule.stage = id(name);
    rule.within = time::Duration{days, time::Unit::business_days};
    book_.rules.push_back(rule);
    return *this;
  }
  /// A move to a stage that nobody declared.
  ProcessBuilder& broken_move(const std::string& from) {
    add_move(id(from), {}, model::MoveKind::path);
    return *this;
  }

  model::Stage& stage(const std::string& name) { return book_.stages[id(name)]; }
  const model::Rulebook& book() const { return book_; }
  Id<model::Process> process() const { return id_; }
  Id<model::Stage> stage_id(const std::string& name) const { return id(name); }
  StageGraph graph() const { return build(book_, id_); }

  std::vector<std::string> names(const std::vector<Id<model::Stage>>& ids) const {
    std::vector<std::string> result;
    for (const Id<model::Stage> id : ids) result.push_back(book_.stages[id].name);
    return result;
  }

 private:
  model::Process& process_() { return book_.processes[id_]; }

  static source::Span at(std::uint32_t begin) { return {Id<source::Text>(std::size_t{0}), begin, begin + 5}; }

  Id<model::Stage> id(const std::string& name) const {
    for (const Id<model::Stage> id : book_.processes[id_].stages) {
      if (book_.stages[id].name == name) return id;
    }
    PLUMB_ASSERT(false, "a test names stages that it has declared");
    return {};
  }

  Id<model::Expr> condition(const std::string& words) {
    model::Expr expr;
    expr.words = words;
    return book_.exprs.add(expr);
  }

  void add_move(Id<model::Stage> from, Id<model::Stage> to, model::MoveKind kind) {
    const auto number = static_cast<std::uint32_t>(process_().moves.size());
    process_().moves.push_back({from, to, kind, {}, {}, at(1000 + number)});
  }

  model::Rulebook book_;
  Id<model::Process> id_;
};

/// The process of the language page.
inline ProcessBuilder new_business() {
  ProcessBuilder p({"lead", "prospecting", "qualification", "needs", "proposal", "negotiation", "won!", "lost?"});
  p.path({"lead", "prospecting", "qualification", "needs", "proposal", "negotiation", "won"});
  p.back("proposal", "needs").at_most(1).when("back_reason is known since enters proposal");
  p.from_any("lost");
  p.skip("needs", "amount is less than 10,000 USD");
  const auto say = [&](const char* name, const char* label, const char* buyer, std::int64_t days) {
    p.stage(name).label = label;
    p.stage(name).buyer = buyer;
    if (days > 0) p.limit(name, days);
  };
  say("lead", "Lead", "Has a problem and has not heard of us", 0);
  say("prospecting", "Prospecting", "Agrees to talk", 20);
  say("qualification", "Qualification", "Decides whether this is worth solving", 15);
  say("needs", "Needs Analysis", "Names what a good answer looks like", 25);
  say("proposal", "Proposal/Price Quote", "Compares offers", 20);
  say("negotiation", "Negotiation/Review", "Resolves what stands in the way", 20);
  say("won", "Closed Won", "", 0);
  say("lost", "Closed Lost", "", 0);
  return p;
}

}  // namespace plumb::graph::testing

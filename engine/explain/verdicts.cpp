#include <algorithm>
#include <utility>

#include "explain/offers.h"
#include "explain/people.h"
#include "explain/quantities.h"
#include "explain/reach.h"

namespace plumb::explain {

namespace {

using eval::Verdict;
using model::VerdictOf;
using model::VerdictWord;
using What = history::Revision::What;

// The rules whose verdicts a condition reads: of the name, or musts of the right.
std::vector<std::size_t> rules_read(const model::Rulebook& book, const model::Expr& verdict) {
  std::vector<std::size_t> rules;
  for (std::size_t i = 0; i < book.rules.size(); ++i) {
    const model::Rule& rule = book.rules[i];
    const bool of_right = rule.strength == model::Strength::must &&
                          (verdict.verdict_of == VerdictOf::effort ||
                           (verdict.verdict_of == VerdictOf::right_thing && rule.right == model::Right::thing) ||
                           (verdict.verdict_of == VerdictOf::right_way && rule.right == model::Right::way) ||
                           (verdict.verdict_of == VerdictOf::right_time && rule.right == model::Right::time));
    const bool read = verdict.verdict_of == VerdictOf::rule ? rule.name == verdict.text : of_right;
    if (read && !rule.responds_to) rules.push_back(i);
  }
  return rules;
}

// What is wanted of the obligations that are read.
enum class Want : std::uint8_t { kept, not_kept, nothing };

Want wanted_of(VerdictWord word, bool so) {
  switch (word) {
    case VerdictWord::kept: return so ? Want::kept : Want::not_kept;
    case VerdictWord::missed:
    case VerdictWord::late: return so ? Want::not_kept : Want::kept;
    case VerdictWord::due:
    case VerdictWord::cannot_tell: return so ? Want::nothing : Want::kept;
    case VerdictWord::excused: break;
  }
  return Want::nothing;
}

// What it was kept by did not happen. Its trigger stays.
Ways ways_to_undo(const Decided& decided) {
  constexpr std::size_t most_rows = 4;
  const auto& evidence = decided.verdicts.evidence;
  Ways ways;
  for (std::size_t i = evidence.size(); i-- > decided.verdicts.evidence_first[decided.row] + 1;) {
    history::Revision undone;
    undone.what = What::leaves_out;
    undone.of_person = evidence[i].of_person;
    undone.index = evidence[i].index;
    ways.push_back({std::move(undone)});
    if (ways.size() == most_rows) break;
  }
  return ways;
}

// For each obligation of the rule and subject that is not as it is wanted, as of the instant that is asked about, the
// ways in which it would be.
std::vector<Ways> ways_of_each(std::size_t rule, const std::string& subject, Want want, const eval::Context& context,
                               const Put& put) {
  constexpr std::size_t most_obligations = 4, most_ways = 8;
  Case other{put.c.book, rule, history::revised(context.view.plan().history, {}), put.c.options, {}};
  other.key.rule = put.c.book.rules[rule].name, other.key.subject = subject;
  other.read_by = put.c.read_by + 1, other.read = put.c.read;
  keep_rules(other, rules_needed(put.c.book, static_cast<std::uint32_t>(rule)));
  ++*other.read;
  std::vector<Ways> all;
  evaluate_all(other, context.cut, [&](const Decided& decided, const Each& each) {
    const Verdict verdict = each.outcome.verdict;
    const bool unkept = verdict == Verdict::missed || verdict == Verdict::late || verdict == Verdict::due;
    if (all.size() == most_obligations || (want == Want::kept ? !unkept : verdict != Verdict::kept)) return;
    Ways ways;
    if (want == Want::kept) {
      other.key.opened = each.opened, other.key.period = each.period, other.key.nth = each.nth;
      for (Offer& offer : offers_for(other, Verdict::missed, context.cut, decided)) {
        ways.push_back(std::move(offer.revisions));
      }
    } else {
      ways = ways_to_undo(decided);
    }
    std::erase_if(ways, [&](const Revisions& way) {
      return std::any_of(way.begin(), way.end(), [&](const history::Revision& r) {
        return put.not_before.known() && (r.what != What::happens || r.at < put.not_before);
      });
    });
    if (ways.empty()) return;
    ways = sorted(std::move(ways));
    ways.resize(std::min(ways.size(), most_ways));
    all.push_back(std::move(ways));
  });
  return all;
}

// Where a rule about deals has asked nothing yet: what opens it happens, and what it asks then.
Ways ways_to_be_asked(const model::Rule& rule, const eval::Context& context, const Put& put) {
  if (!rule.trigger || rule.subject.kind != model::SubjectKind::deal || !put.of_deal || put.not_before.known())
    return {};
  Put before = put;
  before.at = Instant{put.at.micros - 60 * time::micros_per_second};
  const Ways opened = ways_to_happen(rule.trigger, {}, 1, context, before);
  const Ways asked = rule.expect ? ways_to(rule.expect, true, context, rule.shape == model::Shape::after ? put : before)
                                 : ways_to_happen(rule.expect_event, {}, 1, context, put);
  return all_of(opened, asked);
}

// Of several each one, and as many of the first as it may take.
Ways each_and_together(const std::vector<Ways>& several) {
  Ways ways;
  for (const Ways& each : several) add_ways(ways, each);
  Revisions all;
  for (const Ways& each : several) {
    all.insert(all.end(), each.front().begin(), each.front().end());
    if (&each != &several.front()) ways.push_back(folded(all));
  }
  return ways;
}

}  // namespace

Ways ways_to_be_judged(const model::Expr& verdict, bool wanted, const std::string& subject,
                       const eval::Context& context, const Put& put) {
  constexpr std::size_t most_readers = 2;
  const Want want = wanted_of(verdict.verdict, wanted);
  if (want == Want::nothing || put.c.read_by >= most_readers) return {};
  if (want == Want::not_kept && put.not_before.known()) return {};
  std::vector<Ways> all;
  for (const std::size_t rule : rules_read(put.c.book, verdict)) {
    for (Ways& ways : ways_of_each(rule, subject, want, context, put)) all.push_back(std::move(ways));
    if (all.empty() && verdict.verdict == VerdictWord::kept && wanted) {
      Ways ways = ways_to_be_asked(put.c.book.rules[rule], context, put);
      if (!ways.empty()) all.push_back(std::move(ways));
    }
  }
  return sorted(each_and_together(all));
}

Ways ways_of_judged(const model::Aggregate& aggregate, const std::vector<std::string>& subjects, bool wanted,
                    const eval::Context& context, const Put& put) {
  constexpr std::size_t most_subjects = 8;
  const model::Expr& verdict = book_of(context).exprs[aggregate.where];
  std::vector<Ways> all;
  for (const std::string& subject : subjects) {
    if (all.size() == most_subjects) break;
    Ways ways = ways_to_be_judged(verdict, wanted, subject, context, put);
    if (!ways.empty()) all.push_back(std::move(ways));
  }
  return each_and_together(all);
}

}  // namespace plumb::explain

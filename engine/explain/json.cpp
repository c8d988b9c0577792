#include <fmt/format.h>

#include "explain/explain.h"
#include "report/escape.h"
#include "report/places.h"
#include "report/told.h"
#include "report/words.h"

namespace plumb::explain {

namespace {

using report::append;
using report::append_json;
using report::Buffer;

void key(Buffer& out, std::string_view name) {
  if (out.back() != '{') out.push_back(',');
  append_json(out, name);
  out.push_back(':');
}

void put(Buffer& out, std::string_view name, std::string_view text) {
  key(out, name);
  text.empty() ? append(out, "null") : append_json(out, text);
}

void put(Buffer& out, std::string_view name, Instant at) {
  key(out, name);
  append_json(out, at);
}

// A list of whatever `each` writes.
template <class Rows, class Each>
void put_list(Buffer& out, std::string_view name, const Rows& rows, Each each) {
  key(out, name);
  out.push_back('[');
  bool first = true;
  for (const auto& row : rows) {
    if (!first) out.push_back(',');
    first = false;
    each(row);
  }
  out.push_back(']');
}

std::string_view truth_word(eval::Truth truth) {
  return truth == eval::Truth::yes ? "yes" : truth == eval::Truth::no ? "no" : "unknown";
}

void put_fact(Buffer& out, const FactLine& line) {
  out.push_back('{');
  put(out, "at", line.at);
  put(out, "recorded", line.recorded);
  put(out, "fact", line.words);
  put(out, "where", line.where);
  key(out, "opened_it");
  append(out, line.opened ? "true}" : "false}");
}

void put_atom(Buffer& out, const Atom& atom) {
  out.push_back('{');
  key(out, "depth");
  append(out, fmt::format("{}", atom.depth));
  put(out, "condition", atom.words);
  put(out, "truth", truth_word(atom.truth));
  put(out, "left", atom.left);
  put(out, "right", atom.right);
  out.push_back('}');
}

void put_step(Buffer& out, const Step& step) {
  out.push_back('{');
  put(out, "first", time::to_text(step.first));
  put(out, "last", time::to_text(step.last));
  key(out, "number");
  append(out, step.number > 0 ? fmt::format("{}", step.number) : "null");
  put(out, "why", step.why);
  out.push_back('}');
}

void put_walk(Buffer& out, const std::optional<Walk>& walk) {
  key(out, "clock");
  if (!walk) return append(out, "null");
  out.push_back('{');
  put(out, "calendar", walk->calendar);
  put(out, "zone", walk->zone);
  put(out, "clock_change", walk->clock_change);
  put_list(out, "days", walk->steps, [&](const Step& step) { put_step(out, step); });
  key(out, "left_out_in_the_middle");
  append(out, fmt::format("{}", walk->left_out));
  out.push_back('}');
}

void put_change(Buffer& out, const Explanation& e) {
  key(out, "nearest");
  if (e.nearest) {
    out.push_back('{');
    put(out, "what", e.nearest->words);
    put(out, "where", e.nearest->where);
    out.push_back('}');
  } else {
    append(out, "null");
  }
  key(out, "change");
  if (e.change) {
    out.push_back('{');
    put_list(out, "facts", e.change->words, [&](const std::string& words) { append_json(out, words); });
    key(out, "still_possible");
    append(out, e.change->still ? "true" : "false");
    put(out, "becomes", e.change->becomes);
    out.push_back('}');
  } else {
    append(out, "null");
  }
  put(out, "why_no_change", e.no_change);
  if (e.hope == Hope::never) {
    key(out, "cannot_be_kept");
    append(out, "true");
  }
}

}  // namespace

std::string json(const report::Input& input, const Explanation& e) {
  const eval::Verdicts& v = input.evaluation.verdicts;
  const model::Rule& rule = input.rulebook.rules[v.rule[e.row]];
  const auto put_text = [](Buffer& out) { return [&out](const std::string& text) { append_json(out, text); }; };
  Buffer out = "{";
  put(out, "rule", rule.name);
  put(out, "subject", report::subject_of(input, e.row));
  if (report::is_one_of_several(input.rulebook, v.rule[e.row])) {
    put(out, "governed_by", rule.governed_by);
    put(out, "effective_from", rule.effective_from ? time::to_text(*rule.effective_from) : "");
  }
  if (rule.strength != model::Strength::must) put(out, "strength", model::to_text(rule.strength));
  put(out, "verdict", eval::to_text(v.verdict[e.row]));
  const std::string period = report::period_name(report::calendars_of(input.rulebook), v, rule, e.row);
  if (!period.empty()) put(out, "period", period);
  put(out, "opened", v.opened[e.row]);
  put(out, "deadline", v.deadline[e.row]);
  put(out, "settled", v.settled[e.row]);
  const report::View view{input, report::default_calendar(input.rulebook), {}};
  put(out, "title", report::filled(view, rule.title, e.row));
  put(out, "sentence", report::sentence_of(view, e.row));
  put_list(out, "values", e.values, put_text(out));
  put(out, "owed_by", report::owed_by(input, e.row));
  put(out, "owed_because", e.owed_because);
  put_list(out, "facts", e.facts, [&](const FactLine& line) { put_fact(out, line); });
  put_walk(out, e.walk);
  if (e.more_facts) {
    key(out, "more_facts");
    append(out, "true");
  }
  put(out, "counts_from", e.counts_from);
  put(out, "decided_at", e.decided_at);
  put_list(out, "condition", e.atoms, [&](const Atom& atom) { put_atom(out, atom); });
  std::vector<std::string> reasons;
  for (std::uint32_t i = v.reason_first[e.row]; i < v.reason_first[e.row + 1]; ++i) {
    if (report::is_told_before(v, e.row, i)) continue;
    reasons.push_back(report::reason_text(input, v.reasons[i], v.verdict[e.row]));
  }
  put_list(out, "reasons", reasons, put_text(out));
  put_list(out, "missing", e.missing, [&](const Fact& fact) {
    out.push_back('{');
    put(out, "fact", fact.words);
    put(out, "from", fact.supplied_by);
    out.push_back('}');
  });
  put_change(out, e);
  append(out, "}\n");
  return out;
}

}  // namespace plumb::explain

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "doctor/reads.h"
#include "doctor/subject.h"
#include "report/words.h"

/// Which rules can be decided, and what would decide the others.
namespace plumb::doctor {

namespace {

using eval::Fact;
using eval::FactKind;

/// A fact that would have to be known, whatever deal, person or day it is of.
struct Lack {
  Fact fact;
  std::map<std::uint32_t, std::uint64_t> rules;  // the verdicts that name it, by rule; 0: the rule only reads it
  std::uint64_t verdicts = 0;
  std::uint64_t empty = 0;  // of these, the ones that an empty cell leaves undecided
  time::Day first, last;    // of rates
  std::vector<Example> examples;
};

Fact of_anything(Fact fact) {
  fact.member = eval::no_event;
  fact.contact = eval::nobody;
  if (fact.kind != eval::FactKind::statement) fact.person = eval::nobody;
  fact.day = time::Day::unknown();
  return fact;
}

class Lacks {
 public:
  explicit Lacks(const report::Input& judged) : judged_(judged) {}

  Lack& operator[](const Fact& fact) {
    const auto key = std::tuple(fact.kind, fact.field, fact.event, fact.record, fact.target, fact.currency, fact.into);
    if (const auto found = by_fact_.find(key); found != by_fact_.end()) return *found->second;
    // What reads the same is the same: expressions of one name have several ids.
    const Fact general = of_anything(fact);
    Lack& lack = by_text_[std::pair(report::fact_text(judged_, general), fact.kind)];
    if (lack.verdicts == 0 && lack.rules.empty()) lack.fact = general;
    by_fact_.emplace(key, &lack);
    return lack;
  }
  const auto& all() const { return by_text_; }

 private:
  const report::Input& judged_;
  std::map<std::pair<std::string, FactKind>, Lack> by_text_;
  std::map<std::tuple<FactKind, Id<model::Field>, Id<model::Event>, Id<model::Record>, Id<model::Target>, std::uint32_t,
                      std::uint32_t>,
           Lack*>
      by_fact_;
};

std::string rule_name(const Subject& subject, std::uint32_t rule) {
  return fmt::format("`{}`", subject.rulebook.rules[rule].name);
}

// ---- what verdicts are missing --------------------------------------------------------------------------------------

/// The deal whose field a verdict lacks. Missing: nullopt where that is of no one deal.
std::optional<std::uint32_t> deal_of(const Subject& subject, std::size_t row, const Fact& fact) {
  const eval::Verdicts& verdicts = subject.judged.evaluation.verdicts;
  if (fact.member != eval::no_event) {
    if (fact.member.of_person) return std::nullopt;
    return history::owner_of_row(subject.events().first, fact.member.index);
  }
  const bool own = subject.rulebook.rules[verdicts.rule[row]].subject.kind == model::SubjectKind::deal;
  return own ? std::optional(verdicts.subject[row]) : std::nullopt;
}

/// The row by which a deal's field is empty when a verdict needs it. Missing: nullopt where it is not known to be
/// empty.
std::optional<std::string> empty_cell(const Subject& subject, std::size_t row, const Fact& fact) {
  if (fact.kind != FactKind::deal_field || !fact.field) return std::nullopt;
  const std::optional<std::uint32_t> deal = deal_of(subject, row, fact);
  const std::string& field = subject.rulebook.fields[fact.field].name;
  const history::Subjects& deals = subject.history.deals;
  const int column = deal ? deals.column(field) : -1;
  if (column < 0) return std::nullopt;
  std::int64_t value = deals.columns[static_cast<std::size_t>(column)].values[*deal];
  history::Origin origin = deals.origin[*deal];
  const time::Instant settled = subject.judged.evaluation.verdicts.settled[row];
  for (std::uint32_t i = subject.events().first[*deal]; i < subject.events().first[*deal + 1]; ++i) {
    const history::Kind& kind = subject.kind(i);
    if (kind.of != history::KindClass::change || kind.name != field || subject.events().at[i] > settled) continue;
    value = subject.to(i);
    origin = subject.events().origin[i];
  }
  if (value != history::missing || origin.file >= subject.history.files.size()) return std::nullopt;
  // The deal's own row may have no such cell.
  const std::string_view file = subject.history.files[origin.file];
  if (origin.file == deals.origin[*deal].file && !report::fact_source(subject.judged, fact).starts_with(file))
    return std::nullopt;
  return fmt::format("{}:{}", file, origin.line);
}

/// The row that a verdict lacks something about: the member of an aggregate, else what it rests on first.
Example example_of(const Subject& subject, std::size_t row, const Fact& fact) {
  const eval::Verdicts& verdicts = subject.judged.evaluation.verdicts;
  eval::EventRef ref = fact.member;
  if (ref == eval::no_event && verdicts.evidence_first[row] < verdicts.evidence_first[row + 1]) {
    ref = verdicts.evidence[verdicts.evidence_first[row]];
  }
  Example example;
  if (ref != eval::no_event) example.where = report::where_text(report::evidence_row(subject.judged, ref));
  example.says = fmt::format("{}: {}", rule_name(subject, verdicts.rule[row]), report::who_text(subject.judged, row));
  return example;
}

void take(const Subject& subject, std::size_t row, const Fact& fact, std::set<Lack*>& of_row, Lacks& lacks) {
  Lack& lack = lacks[fact];
  if (fact.day.known() && (!lack.first.known() || fact.day < lack.first)) lack.first = fact.day;
  if (fact.day.known() && (!lack.last.known() || fact.day > lack.last)) lack.last = fact.day;
  if (!of_row.insert(&lack).second) return;
  ++lack.verdicts;
  ++lack.rules[subject.judged.evaluation.verdicts.rule[row]];
  const std::optional<std::string> empty = empty_cell(subject, row, fact);
  lack.empty += empty ? 1 : 0;
  if (lack.examples.size() >= most_examples) return;
  lack.examples.push_back(example_of(subject, row, fact));
  if (empty) lack.examples.back().where = *empty;
}

/// What a verdict without a missing fact rests on: by rule and ground.
using Undecided = std::map<std::pair<std::uint32_t, eval::Ground>, Finding>;

bool is_doubt(eval::Ground ground) {
  using eval::Ground;
  return ground == Ground::unknown || ground == Ground::undated || ground == Ground::day_only ||
         ground == Ground::too_few || ground == Ground::unknown_subject || ground == Ground::unknown_process ||
         ground == Ground::perhaps_waived || ground == Ground::perhaps_covered || ground == Ground::unknown_hold ||
         ground == Ground::unknown_answer || ground == Ground::unknown_calendar || ground == Ground::no_working_hours ||
         ground == Ground::fewer;
}

void take_reason(const Subject& subject, std::size_t row, Undecided& undecided) {
  const eval::Verdicts& verdicts = subject.judged.evaluation.verdicts;
  const auto first = verdicts.reasons.begin() + verdicts.reason_first[row];
  const auto last = verdicts.reasons.begin() + verdicts.reason_first[row + 1];
  auto reason = std::find_if(first, last, [](const eval::Reason& r) { return is_doubt(r.ground); });
  if (reason == last) reason = first;
  const eval::Ground ground = reason == last ? eval::Ground::unknown : reason->ground;
  Finding& finding = undecided[{verdicts.rule[row], ground}];
  ++finding.count;
  if (finding.says.empty() && reason != last)
    finding.says = report::reason_text(subject.judged, *reason, verdicts.verdict[row]);
  if (finding.examples.size() < most_examples) finding.examples.push_back(example_of(subject, row, Fact{}));
}

std::string_view to_do_about(eval::Ground ground) {
  switch (ground) {
    case eval::Ground::too_few: return "Nothing is wrong with the data: there are too few cases yet.";
    case eval::Ground::fewer: return "Nothing is wrong with the data: in time there will be enough of them.";
    case eval::Ground::no_working_hours: return "Give the calendar working hours, or the person another calendar.";
    case eval::Ground::undated: return "Say when it happened.";
    case eval::Ground::day_only:
      return "Say at which time of the day it happened; or ask for it in days instead of hours.";
    case eval::Ground::unknown_process: return "Say what `for deals where` of the processes asks of these deals.";
    default: return "`plumb explain` says of each of them what decided it.";
  }
}

// ---- what nobody supplies, needed so far or not ---------------------------------------------------------------------

FactKind kind_of(const model::Field& field) {
  switch (field.owner) {
    case model::OwnerKind::account: return FactKind::account_field;
    case model::OwnerKind::contact: return FactKind::contact_field;
    case model::OwnerKind::person: return FactKind::person_field;
    case model::OwnerKind::deal: return FactKind::deal_field;
    default: return FactKind::attribute;
  }
}

void add_unsupplied(const Subject& subject, Lacks& lacks) {
  const std::vector<Reads> reads = reads_of_rules(subject.rulebook);
  for (std::uint32_t rule = 0; rule < reads.size(); ++rule) {
    std::vector<Fact> facts;
    for (const Id<model::Field> field : reads[rule].fields)
      facts.push_back({kind_of(subject.rulebook.fields[field]), field, {}});
    for (const auto& [activity, event] : reads[rule].activities) facts.push_back({FactKind::event, {}, event});
    for (const auto& [record, event] : reads[rule].records) facts.push_back({FactKind::event, {}, event});
    if (reads[rule].stage) facts.push_back({FactKind::stage, {}, {}});
    for (const Fact& fact : facts) {
      if (report::fact_source(subject.judged, fact).empty()) lacks[fact].rules.emplace(rule, 0);
    }
  }
}

// ---- as findings ----------------------------------------------------------------------------------------------------

std::string sentence(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text + ".";
}

std::string needed_by(const Subject& subject, const Lack& lack) {
  std::vector<std::string> rules;
  for (const auto& [rule, verdicts] : lack.rules) {
    const std::string name = rule_name(subject, rule);
    rules.push_back(verdicts == 0 ? name : fmt::format("{} ({})", name, report::count_text(verdicts, "time", "times")));
  }
  return names_text(rules);
}

std::string to_do_at(const std::string& source, const Lack& lack) {
  if (lack.empty > 0) {
    const bool all = lack.empty == lack.verdicts;
    return fmt::format(
        "It comes from {}, and is empty there{}: fill it in, or let the rule ask first whether it `is known`, for an "
        "empty cell compares with nothing.{}",
        source, all ? "" : fmt::format(" {}", report::count_text(lack.empty, "time", "times")),
        all ? ""
            : " Else put right what cannot be read or the rulebook does not have, and export what lies outside of "
              "what is said to be observed (`coverage`).");
  }
  switch (lack.fact.kind) {
    case FactKind::event_time:
    case FactKind::time_of_day:
      return fmt::format("It comes from {}: give these rows a date, and a time of day.", source);
    case FactKind::recorded:
      return fmt::format(
          "It comes from {}: fill it in where it is empty. Where the system writes facts down as they happen, a "
          "mapping "
          "says `recorded: at`.",
          source);
    case FactKind::event:
      return fmt::format(
          "It comes from {}: give its rows a date, and a time of day where a rule asks for hours; put right what "
          "cannot "
          "be read or the rulebook does not have; and export what lies outside of what is said to be observed "
          "(`coverage`).",
          source);
    default:
      return fmt::format(
          "It comes from {}: put right there what cannot be read or the rulebook does not have, and export what lies "
          "outside of what is said to be observed (`coverage`).",
          source);
  }
}

std::string days_text(const Lack& lack) {
  if (!lack.first.known()) return {};
  if (lack.first == lack.last) return fmt::format(" on {}", time::to_text(lack.first));
  return fmt::format(" from {} to {}", time::to_text(lack.first), time::to_text(lack.last));
}

void tell_rate(const Subject& subject, const Lack& lack, Finding& finding) {
  finding.kind = Kind::currency_without_rate;
  const bool named = lack.fact.currency != 0 && lack.fact.into != 0;
  const auto word = [&](std::uint32_t id) { return report::currency_text(subject.rulebook, subject.history, id); };
  if (!named) {
    finding.says = fmt::format("An amount without a currency is compared with one that has one, or added to it, by {}.",
                               needed_by(subject, lack));
    finding.to_do =
        "Say the currency of the amounts: in the cell (`20000 USD`), or in a mapping with `currency` or `currency "
        "column`.";
    return;
  }
  finding.about = fmt::format("{} to {}", word(lack.fact.currency), word(lack.fact.into));
  finding.says = fmt::format(
      "Amounts in {} are compared with amounts in {}, or added to them, and there is no rate{}: needed by {}.",
      word(lack.fact.currency), word(lack.fact.into), days_text(lack), needed_by(subject, lack));
  const std::string rows = subject.history.mapped ? "Map rows that are `is: rate`" : "Write rows of rates.csv";
  finding.to_do = fmt::format("{} from {} to {}, the first not later than {}; a rate holds until the next.", rows,
                              word(lack.fact.currency), word(lack.fact.into),
                              lack.first.known() ? time::to_text(lack.first) : "the first amount");
}

Finding finding_of(const Subject& subject, const std::string& fact, const Lack& lack) {
  Finding finding{Kind::unknown_fact, fact, lack.verdicts, 0, {}, {}, lack.examples, {}};
  for (const auto& [rule, verdicts] : lack.rules) finding.rules.push_back(subject.rulebook.rules[rule].name);
  if (lack.fact.kind == FactKind::rate) {
    tell_rate(subject, lack, finding);
    return finding;
  }
  const std::string source = report::fact_source(subject.judged, lack.fact);
  const std::string remedy = report::fact_remedy(subject.judged, lack.fact);
  if (lack.verdicts == 0) {
    finding.says = fmt::format("Not to be told is {}, which {} would read.", fact, needed_by(subject, lack));
  } else {
    finding.says =
        fmt::format("Not to be told is {}, for lack of which {} cannot be decided.", fact, needed_by(subject, lack));
  }
  if (lack.fact.kind == FactKind::periods) {
    finding.to_do = "Export more of the past; or nothing: in time there will be enough of it.";
  } else if (!remedy.empty()) {
    const bool of_rulebook = lack.fact.kind == FactKind::target || lack.fact.kind == FactKind::process;
    finding.kind = source.empty() && !of_rulebook ? Kind::missing_column : Kind::unknown_fact;
    finding.to_do = sentence(remedy);
  } else {
    finding.to_do = source.empty() ? std::string(to_do_about(eval::Ground::unknown)) : to_do_at(source, lack);
  }
  return finding;
}

}  // namespace

std::vector<RuleState> look_at_rules(const Subject& subject, const Input& input, Findings& findings) {
  const eval::Verdicts& verdicts = subject.judged.evaluation.verdicts;
  std::vector<RuleState> states;
  for (std::size_t i = 0; i < subject.rulebook.rules.size(); ++i)
    states.push_back({report::name_apart(subject.rulebook, i), true, 0, 0});
  Lacks lacks(subject.judged);
  Undecided undecided;
  for (std::size_t row = 0; row < verdicts.size(); ++row) {
    RuleState& state = states[verdicts.rule[row]];
    ++state.obligations;
    if (verdicts.verdict[row] != eval::Verdict::cannot_tell) continue;
    ++state.cannot_tell;
    std::set<Lack*> of_row;
    for (std::uint32_t i = verdicts.fact_first[row]; i < verdicts.fact_first[row + 1]; ++i) {
      take(subject, row, verdicts.facts[i], of_row, lacks);
    }
    if (of_row.empty()) take_reason(subject, row, undecided);
  }
  add_unsupplied(subject, lacks);
  for (const auto& [key, lack] : lacks.all()) findings.push_back(finding_of(subject, key.first, lack));
  for (auto& [key, finding] : undecided) {
    finding.kind = Kind::undecided;
    finding.about = subject.rulebook.rules[key.first].name;
    finding.of = states[key.first].obligations;
    finding.rules = {finding.about};
    finding.says = fmt::format("`{}` cannot be decided {} of {}{}{}.", finding.about,
                               report::count_text(finding.count, "time", "times"), report::number_text(finding.of),
                               finding.says.empty() ? "" : ": ", finding.says);
    finding.to_do = to_do_about(key.second);
    findings.push_back(std::move(finding));
  }
  for (const std::string& name : input.left_out) states.push_back({name, false, 0, 0});
  return states;
}

}  // namespace plumb::doctor

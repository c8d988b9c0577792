#include "history/load_coverage.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/spelling.h"
#include "history/lacking.h"
#include "history/words.h"

namespace plumb::history::loading {

ObservableNames::ObservableNames(const Schema& schema)
    : names_{"everything", "created", "stage", "owner", "account", "recorded", "joined",
             "left",       "leave",   "role",  "team",  "manager", "active",   "contact"},
      stages_(schema.stages) {
  for (const std::string& stage : schema.stages) {
    for (std::string& spelling : spelled_out(stage)) stages_.push_back(std::move(spelling));
  }
  const auto take = [&](const std::vector<SchemaField>& fields) {
    for (const SchemaField& field : fields) names_.push_back(field.name);
  };
  take(schema.deal_fields), take(schema.account_fields), take(schema.person_fields), take(schema.contact_fields);
  for (const auto* kinds : {&schema.activities, &schema.records}) {
    for (const SchemaKind& kind : *kinds) {
      names_.push_back(kind.name);
      take(kind.fields);
    }
  }
}

bool ObservableNames::has(const std::string& name) const {
  if (!name.starts_with(last_entry)) return std::ranges::find(names_, name) != names_.end();
  return std::ranges::find(stages_, std::string_view(name).substr(last_entry.size())) != stages_.end();
}

std::string_view ObservableNames::near(const std::string& name) const {
  if (!name.starts_with(last_entry)) return nearest_word(name, names_);
  return nearest_word(std::string_view(name).substr(last_entry.size()), stages_);
}

std::string ObservableNames::unknown(std::string_view what, const std::string& name) const {
  const bool of_stage = name.starts_with(last_entry);
  const std::string_view meant = near(name);
  return fmt::format("{} {} has no effect: the rulebook declares {} of that name{}", what, in_ticks(name),
                     of_stage ? "no stage" : "nothing",
                     meant.empty() ? "" : fmt::format("; did you mean {}?", in_ticks(meant)));
}

namespace {

// `record action`: of what a field has the name of, too, it can be said that it is never observed. False for any other
// row of coverage.
bool take_never(Raw& raw, std::string_view what, const time::Interval& interval) {
  if (interval.from != Instant::max()) return false;
  for (const KindClass of : {KindClass::activity, KindClass::record}) {
    const std::string sort = of == KindClass::activity ? "activity " : "record ";
    if (!what.starts_with(sort)) continue;
    const std::string name(what.substr(sort.size()));
    if (raw.kind_of.count({of, name}) == 0) continue;
    raw.supplier.erase(time_key(name));
    return true;
  }
  return false;
}

}  // namespace

void finish_coverage(Raw& raw, const Mapping& mapping, const Schema& schema, Coverage& coverage,
                     Instant& complete_until) {
  coverage = mapping.coverage;
  const ObservableNames observable(schema);
  for (const auto& [what, interval] : raw.coverage) {
    if (what == complete_until_row) {
      complete_until = std::min(complete_until, interval.first.until);
      continue;
    }
    if (take_never(raw, what, interval.first)) continue;
    // Stages that no rulebook has are told of in what was imported; one that is nearly called so is a slip.
    const bool slip = !what.starts_with(last_entry) || !observable.near(what).empty();
    if (slip && !observable.has(what)) {
      raw.complain(interval.second, false, [&, &name = what] { return observable.unknown("the coverage of", name); });
    }
    (what == "everything" ? coverage.everything : coverage.of[what]) = interval.first;
  }
}

}  // namespace plumb::history::loading

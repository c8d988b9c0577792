#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "explain/quantities.h"

namespace plumb::explain {

namespace {

using What = history::Revision::What;
constexpr std::int64_t minute = 60 * time::micros_per_second;

history::Revision of_contact(What what, const Put& put, std::string name, std::vector<history::Stated> values) {
  history::Revision revision;
  revision.what = what;
  revision.subject = put.deals.front();
  revision.kind = std::move(name);
  revision.at = revision.recorded = put.at;
  revision.values = std::move(values);
  return revision;
}

// The contacts of the deal by their names, those that were added last first.
std::vector<std::string> contacts_of(const eval::Context& context) {
  const history::History& history = context.view.plan().history;
  const history::Contacts& contacts = history.contacts;
  const std::uint32_t deal = context.view.subject();
  std::vector<std::pair<Instant, std::string>> found;
  for (std::uint32_t row = contacts.first[deal]; row < contacts.first[deal + 1]; ++row) {
    const bool there = !contacts.since[row].known() || contacts.since[row] < context.cut;
    if (there) found.emplace_back(contacts.since[row], history.words[contacts.ids[row]]);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> names;
  for (auto& [since, name] : found) names.push_back(std::move(name));
  return names;
}

bool lists_contacts(const eval::Context& context, const Put& put) {
  const history::History& history = context.view.plan().history;
  return put.of_deal && !put.deals.empty() && !context.view.of_person() && history.supplier.count("contact") > 0 &&
         context.view.subject() + 1 < history.contacts.first.size();
}

}  // namespace

Ways ways_to_add_contacts(const std::vector<Fields>& fields, std::int64_t times, const eval::Context& context,
                          const Put& put) {
  constexpr std::int64_t most_contacts = 12;
  Ways ways;
  if (!lists_contacts(context, put) || times > most_contacts) return ways;
  const std::vector<std::string> names = contacts_of(context);
  for (const Fields& asked : fields) {
    Revisions way;
    for (std::int64_t number = 1; static_cast<std::int64_t>(way.size()) < times; ++number) {
      std::string name = fmt::format("new contact {}", number);
      if (std::find(names.begin(), names.end(), name) != names.end()) continue;
      way.push_back(of_contact(What::new_contact, put, std::move(name), asked.contact));
      const std::int64_t earlier = (times - static_cast<std::int64_t>(way.size())) * minute;
      way.back().at = way.back().recorded = Instant{put.at.micros - earlier};
    }
    ways.push_back(std::move(way));
  }
  return ways;
}

Ways ways_of_contacts(const Pull& pull, const model::Aggregate& aggregate, const eval::Context& context,
                      const Put& put) {
  Ways ways;
  if (!lists_contacts(context, put)) return ways;
  const std::vector<std::string> names = contacts_of(context);
  // One of them, the first two, and so on.
  const auto add = [&](What what, const std::vector<history::Stated>& values) {
    Revisions all;
    for (const std::string& name : names) {
      all.push_back(of_contact(what, put, name, values));
      ways.push_back({all.back()});
      if (all.size() > 1) ways.push_back(all);
    }
  };
  for (const Fields& asked : fields_for(aggregate.where, pull.more, context, put)) {
    if (!asked.contact.empty()) add(What::alters_contact, asked.contact);
  }
  const bool share = aggregate.function == model::AggregateFunction::share;
  if (!pull.more || share) add(What::no_contact, {});
  return ways;
}

}  // namespace plumb::explain

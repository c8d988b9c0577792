#include "explain/units.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace plumb::explain {

using What = history::Revision::What;

namespace {

// The same fact, but for when.
bool repeats(const history::Revision& a, history::Revision b) {
  b.at = a.at, b.recorded = a.recorded;
  return a == b;
}

}  // namespace

std::vector<Revisions> units_of(const Revisions& revisions) {
  std::vector<Revisions> units;
  std::map<std::string, std::size_t> of_deal;
  for (const history::Revision& r : revisions) {
    const auto found = r.of_person ? of_deal.end() : of_deal.find(r.subject);
    const bool again = found != of_deal.end() && std::any_of(units[found->second].begin(), units[found->second].end(),
                                                             [&](const auto& other) { return repeats(r, other); });
    if (r.what == What::new_deal || found == of_deal.end() || again) {
      if (r.what == What::new_deal) of_deal[r.subject] = units.size();
      units.push_back({r});
    } else {
      units[found->second].push_back(r);
    }
  }
  return units;
}

Revisions without(const std::vector<Revisions>& units, std::size_t from, std::size_t until) {
  std::set<std::string> gone;
  for (std::size_t i = from; i < until; ++i) {
    if (units[i].front().what == What::new_deal) gone.insert(units[i].front().subject);
  }
  Revisions all;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const bool of_gone = !units[i].front().of_person && gone.count(units[i].front().subject) > 0;
    if ((i < from || i >= until) && !of_gone) all.insert(all.end(), units[i].begin(), units[i].end());
  }
  return all;
}

bool are_alike(const Revisions& a, const Revisions& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    history::Revision x = a[i], y = b[i];
    x.at = y.at, x.recorded = y.recorded;
    if (x.subject.starts_with("new deal ") && y.subject.starts_with("new deal ")) x.subject = y.subject;
    if (x.what == What::new_contact && y.what == What::new_contact) x.kind = y.kind;
    if (x.what != What::happens && x.what != What::new_deal && x.what != What::new_contact) return false;
    if (x != y) return false;
  }
  return true;
}

}  // namespace plumb::explain

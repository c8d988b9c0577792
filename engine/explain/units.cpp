#include "explain/units.h"

#include <map>
#include <string>

namespace plumb::explain {

using What = history::Revision::What;

std::vector<Revisions> units_of(const Revisions& revisions) {
  std::vector<Revisions> units;
  std::map<std::string, std::size_t> of_deal;
  for (const history::Revision& r : revisions) {
    if (r.what == What::new_deal) {
      of_deal[r.subject] = units.size();
      units.push_back({r});
    } else if (const auto found = of_deal.find(r.subject); !r.of_person && found != of_deal.end()) {
      units[found->second].push_back(r);
    } else {
      units.push_back({r});
    }
  }
  return units;
}

bool are_alike(const Revisions& a, const Revisions& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    history::Revision x = a[i], y = b[i];
    x.at = y.at, x.recorded = y.recorded;
    if (x.subject.starts_with("new deal ") && y.subject.starts_with("new deal ")) x.subject = y.subject;
    if (x.what != What::happens && x.what != What::new_deal) return false;
    if (x != y) return false;
  }
  return true;
}

}  // namespace plumb::explain

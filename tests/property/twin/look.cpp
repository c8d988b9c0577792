#include "property/twin/look.h"

#include <algorithm>

#include "property/twin/window.h"

namespace plumb::twin {

Look::Look(const World& world, const Deal& deal) : world_(world), deal_(deal) {}

Instant Look::created() const {
  for (const Fact& fact : deal_.facts) {
    if (fact.of == Class::created) return fact.at;
  }
  return Instant::unknown();
}

// ---- which facts can be seen ---------------------------------------------------------------------------------------

Tri Look::sees(const Fact& fact, const Moment& m, bool stated) const {
  if (&fact == m.except) return Tri::no;
  if (m.without.known() && fact.by_day && fact.at == m.without) return Tri::no;
  if (!fact.at.known()) return Tri::unknown;
  if (fact.at > m.now) return Tri::no;
  const bool behind = m.last_move != nullptr && fact.of == Class::move && fact.order > m.last_move->order;
  if (behind && fact.by_day && fact.at == m.last_move->at) return Tri::no;
  const bool later_today = m.day_over ? fact.latest >= m.now : fact.latest > m.now;
  const bool within_day = fact.by_day && m.by_the_clock && later_today;
  if (within_day) {
    const bool own = fact.deal < world_.deals.size() && &world_.deals[fact.deal] == &deal_;
    const bool contact = fact.table == &world_.tables.contacts;
    if (m.later == nullptr || (!own && !contact)) return Tri::unknown;
    if ((*m.later)[own ? fact.order : deal_.facts.size() + 1 + fact.row]) return Tri::no;
  }
  if (!stated || !m.stated_by_then) return Tri::yes;
  if (!fact.recorded) return Tri::unknown;
  return sure(*fact.recorded <= m.now);
}

std::optional<Instant> Look::recorded(const std::string& field, const Fact& fact) const {
  const std::string& cell = fact.table->cell(fact.row, field + ".recorded");
  if (cell.empty()) return fact.recorded;
  const When when = read_time(cell);
  return when.at.known() ? std::optional(when.at) : std::nullopt;
}

// ---- a day as a whole ----------------------------------------------------------------------------------------------

Tri in_every_reading(const Look& look, Id<model::Expr> condition, Moment m, bool itself) {
  return in_every_reading(
      look, [&](const Moment& then) { return look.holds(condition, then); }, m, itself, false);
}

Tri in_every_reading(const Look& look, const std::function<Tri(const Moment&)>& ask, Moment m, bool itself,
                     bool at_move) {
  const std::vector<Fact>& facts = look.deal().facts;
  const std::size_t fields = facts.size();
  std::vector<std::size_t> open = {fields};  // by their places in a reading
  for (const Fact& fact : facts) {
    const bool opens = &fact == m.opener;  // a point ahead of it is before it
    if (!opens && fact.at.known() && look.sees(fact, m, false) == Tri::unknown) open.push_back(fact.order);
  }
  for (const Fact& contact : contacts_of(look.world(), look.deal())) {
    if (contact.at.known() && look.sees(contact, m, false) == Tri::unknown) open.push_back(fields + 1 + contact.row);
  }
  if (open.size() > 13) return ask(m);
  std::vector<bool> later(fields + 1 + look.world().tables.contacts.rows.size());
  m.later = &later;
  if (m.opener != nullptr && m.opener->deal < look.world().deals.size()) later[m.opener->order] = !itself;
  // Moves are made in their order.
  const auto possible = [&] {
    bool move_later = false;
    for (const std::size_t place : open) {
      if (place >= fields || facts[place].of != Class::move) continue;
      if (at_move && later[place] != (place > m.opener->order)) return false;
      if (move_later && !later[place]) return false;
      move_later = later[place];
    }
    return true;
  };
  std::optional<Tri> all;
  for (std::size_t reading = 0; reading < std::size_t{1} << open.size(); ++reading) {
    for (std::size_t i = 0; i < open.size(); ++i) later[open[i]] = (reading >> i & 1) != 0;
    if (!possible()) continue;
    const Tri one = ask(m);
    if (one != all.value_or(one)) return Tri::unknown;
    all = one;
  }
  return *all;
}

// ---- fields --------------------------------------------------------------------------------------------------------

namespace {

int rank(const std::string& source) {
  if (source == "claim") return 1;
  if (source == "third_party") return 2;
  if (source == "buyer") return 3;
  return source == "system" ? 4 : 0;
}

Tri comes_from(const model::Tails& tails, const Fact& fact) {
  if (tails.source == model::SourceRank::none) return Tri::yes;
  const int has = rank(fact.source), asked = static_cast<int>(tails.source);
  const auto is = [&](int source) { return tails.or_better ? source >= asked : source == asked; };
  if (has != 0) return sure(is(has));
  return is(1) && is(2) && is(3) && is(4) ? Tri::yes : Tri::unknown;
}

Value missing() {
  Value value;
  value.is = Value::Is::missing;
  return value;
}

// Whether a change with a date alone may have come behind another of that day that stands behind it in order.
bool may_come_behind(const Deal& deal, const Fact& one, const Fact& other, const Clock& days) {
  if (days.day_of(one.at) != days.day_of(other.at)) return false;
  const Fact* next = nullptr;  // of the same field
  bool placed = true;
  for (const Fact& fact : deal.facts) {
    if (fact.of != Class::change || fact.name != one.name || !fact.at.known() || &fact == &one) continue;
    if (days.day_of(fact.at) != days.day_of(one.at)) continue;
    if (next == nullptr && fact.order > one.order) next = &fact;
    placed = placed && (fact.by_day || fact.order < one.order || sequence_of(one) < sequence_of(fact));
  }
  const bool follows = next != nullptr && !next->from.empty() && next->from == one.to;
  return !placed && !follows;
}

// Whether another came behind it that lies before a window.
bool comes_before_another(const Deal& deal, const Fact& one, const Window& window, const Clock& days) {
  return std::ranges::any_of(deal.facts, [&](const Fact& other) {
    const bool behind = other.of == Class::change && other.name == one.name && other.order > one.order;
    const bool out = behind && !other.by_day && falls_in(window, other) == Tri::no;
    return out && days.day_of(one.at) == days.day_of(other.at) && !may_come_behind(deal, one, other, days);
  });
}

// Where the order of a day is given, what the change that came last says; at its very instant one with a time.
std::optional<Value> last_to_come(const Moment& m, const std::vector<std::pair<const Fact*, Value>>& counted) {
  const Value* last = nullptr;
  std::size_t latest = 0;
  for (const auto& [fact, value] : counted) {
    if (m.came == nullptr) break;
    const auto place = std::ranges::find(*m.came, fact->order);
    if (place == m.came->end()) continue;
    const bool now = !fact->by_day && fact->at == m.now;
    const std::size_t turn = now ? SIZE_MAX : static_cast<std::size_t>(place - m.came->begin()) + 1;
    if (turn >= latest) latest = turn, last = &value;
  }
  return last == nullptr ? std::nullopt : std::optional(*last);
}

}  // namespace

std::vector<Value> Look::field_versions(Id<model::Field> id, const Moment& m, const model::Tails& tails) const {
  const model::Field& field = book().fields[id];
  if (field.owner == model::OwnerKind::contact) return {contact_field(field, m)};
  const Span& span = world_.observed(field.name);
  if (m.now < span.from || m.now >= span.until) return {Value{}};
  const Window window = window_of(*this, tails, m);
  if (window.fewer) return {Value{}};
  const bool with_deal = world_.tables.deals.has(field.name);
  std::vector<Value> undated, later;
  std::optional<Value> last;
  bool surely_since = false, placed = true;
  const Fact* first_change = nullptr;
  std::vector<std::pair<const Fact*, Value>> of_day;  // with a date alone: they may be the last of their day
  std::vector<std::pair<const Fact*, Value>> counted;
  for (const Fact& fact : deal_.facts) {
    const bool created = fact.of == Class::created && with_deal;
    const bool change = fact.of == Class::change && fact.name == field.name;
    if (!created && !change) continue;
    if (change && first_change == nullptr && fact.at.known()) first_change = &fact;
    Fact stated = fact;
    stated.recorded = recorded(field.name, fact);
    // E itself does not count, but what a deal was created with was there before nothing; before its creation it was
    // that, too.
    const bool as_created = created && !tails.any() && !m.stated_by_then;
    const Tri there = as_created ? Tri::yes : change && &fact == m.except ? Tri::no : sees(stated, m, true);
    // One without an instant may be anywhere.
    Tri in = fact.at.known() ? falls_in(window, fact) : Tri::yes;
    if (in == Tri::unknown && change && comes_before_another(deal_, fact, window, world_.usual())) in = Tri::no;
    if (there == Tri::no || window.nothing || in == Tri::no) continue;
    Value is = read_cell(created ? fact.table->cell(fact.row, field.name) : fact.to, field.type, field.choices);
    const Tri from = comes_from(tails, fact);
    if (from == Tri::no) continue;
    const bool nothing = is.is == Value::Is::missing;
    if (!fact.at.known()) {
      undated.push_back(is);
    } else if (both(there, from) == Tri::unknown && !(created && nothing)) {
      later.push_back(is);
    } else if (in == Tri::unknown && !nothing) {
      placed = false;
      later.push_back(is);
    } else {
      last = is;
      if (change) counted.emplace_back(&fact, is);
      surely_since = surely_falls_in(window, fact);
      placed = true;
      later.clear();
      const bool now = !fact.by_day && fact.at == m.now;  // that very instant it is
      for (const auto& [other, value] : of_day) {
        if (!now && may_come_behind(deal_, *other, fact, world_.usual()) && !(m.in_order && m.now <= other->latest))
          later.push_back(value);
      }
    }
    if (change && fact.by_day) of_day.emplace_back(&fact, is);
  }
  if (!last && !tails.any() && !with_deal) {
    last = missing();  // the rows of changes would tell of one
    if (first_change && !first_change->from.empty()) last = read_cell(first_change->from, field.type, field.choices);
  }
  const std::optional<Value> in_turn = last_to_come(m, counted);
  if (in_turn && undated.empty() && placed && !window.undecided) return {*in_turn};
  // Which of several it is cannot be told as long as one of them cannot be placed.
  if (!undated.empty() || !placed) return {Value{}};
  std::vector<Value> all = {last.value_or(missing())};
  all.insert(all.end(), later.begin(), later.end());
  if (window.undecided && !surely_since) all.push_back(missing());  // E may have come after what was stated
  return all;
}

Value Look::field(Id<model::Field> id, const Moment& m) const { return one_of(id, {}, m); }

std::size_t Choice::pick(Id<model::Field> field, const model::Tails* tails, Instant now, std::size_t many) {
  for (std::size_t i = 0; i < read; ++i) {
    const Pick& one = picks[i];
    if (one.field == field && one.tails == tails && one.now == now && one.many == many) return one.which;
  }
  if (read == picks.size()) picks.push_back({field, tails, now, 0, many});
  return picks[read++].which;
}

Value Look::one_of(Id<model::Field> field, const model::Tails& tails, const Moment& m) const {
  const std::vector<Value> all = field_versions(field, m, tails);
  const bool one = std::all_of(all.begin(), all.end(), [&](const Value& v) { return same(v, all.front()); });
  if (one) return all.front();
  return m.choice ? all[m.choice->pick(field, tails.any() ? &tails : nullptr, m.now, all.size())] : Value{};
}

Value Look::attribute(Id<model::Field> id, const Fact& fact) const {
  const model::Field& field = book().fields[id];
  const bool of_kind = field.owner == model::OwnerKind::record
                           ? fact.record && book().records[field.record].name == fact.name
                           : fact.of == Class::activity && !fact.record && field.activity &&
                                 book().activities[field.activity].name == fact.name;
  if (!of_kind) {
    Value none = missing();
    none.no_such = true;
    return none;
  }
  return observes(id, fact) ? read_cell(fact.table->cell(fact.row, field.name), field.type, field.choices) : Value{};
}

// What an attribute is as it was stated.
Value Look::attribute_by_then(Id<model::Field> id, const Fact& fact, const Moment& m) const {
  Value its = attribute(id, fact);
  if (!m.stated_by_then || its.is == Value::Is::missing || !observes(id, fact)) return its;
  const std::optional<Instant> at = recorded(book().fields[id].name, fact);
  if (!at) return {};
  if (*at > m.now) {
    its = {};
    its.is = Value::Is::missing;
    return its;
  }
  // E's own, stated on its day alone: before a point within that day or after it.
  const bool own = &fact == m.opener && m.except == nullptr && fact.by_day && *at == fact.at;
  const bool ahead = own && m.by_the_clock && m.now < fact.latest;
  const bool later = ahead && m.later != nullptr && (*m.later)[fact.order] && (*m.later)[deal_.facts.size()];
  if (later) its.is = Value::Is::missing;
  return its;
}

bool Look::observes(Id<model::Field> id, const Fact& fact) const {
  const std::string& name = book().fields[id].name;
  const Span& span = world_.observed(name);
  if (!fact.table->has(name)) return false;
  return fact.at.known() ? fact.at >= span.from && fact.at < span.until : !span.from.known();
}

std::optional<std::string> Look::owner(Instant at) const {
  Moment m;
  m.now = at, m.clock = &world_.usual(), m.in_order = true;
  // What has a date alone came after the creation, at whatever time of its day that was.
  if (at <= created()) m.without = world_.usual().start_of(world_.usual().day_of(at));
  for (std::size_t i = 0; i < book().fields.size(); ++i) {
    const Id<model::Field> id{i};
    if (book().fields[id].owner != model::OwnerKind::deal || book().fields[id].name != "owner") continue;
    const Value value = field(id, m);
    if (value.is == Value::Is::unknown) return std::nullopt;
    return value.text;
  }
  return std::nullopt;
}

Look::Times Look::times_of(const Fact& fact, const Moment& m, bool within_a_day) const {
  if (!fact.by_day || !m.point.known() || within_a_day) return {fact.at, fact.latest};
  const Day day = world_.usual().day_of(fact.at);
  const bool behind = fact.at > world_.usual().start_of(day);  // something of its day
  return {std::max(m.clock->start_of(day), behind ? fact.at : Instant::unknown()), {m.clock->end_of(day).micros - 1}};
}

std::vector<std::optional<std::string>> Look::owners(const Fact& fact) const {
  const Instant start = world_.usual().start_of(world_.usual().day_of(fact.at));
  const auto given_by = [](const Fact& change) {
    return change.to == "?" ? std::nullopt : std::optional<std::string>(change.to);
  };
  std::vector<const Fact*> timed, by_day;
  for (const Fact& each : deal_.facts) {
    if (each.of != Class::change || each.name != "owner" || !each.at.known()) continue;
    if (world_.usual().start_of(world_.usual().day_of(each.at)) != start) continue;
    (each.by_day ? by_day : timed).push_back(&each);
  }
  const std::optional<std::string> now = owner(std::max(fact.at, created()));
  if (fact.of == Class::created) return {now};
  if (!now || (by_day.empty() && !fact.by_day)) return {now};
  // Between any two changes that have a time it may have come, or after one of those that have none.
  std::vector<std::optional<std::string>> all{by_day.empty() ? now : owner_before(start)};
  for (const Fact* each : timed) {
    if (by_day.empty() && each->at <= fact.at) continue;
    if (!fact.by_day && each->at > fact.at) continue;
    if (!fact.by_day) all.clear();
    all.push_back(given_by(*each));
  }
  for (const Fact* each : by_day) all.push_back(given_by(*each));
  return all;
}

// Who had it when a day began: of a deal that was made later, who had it then.
std::optional<std::string> Look::owner_before(Instant start) const {
  const Instant eve{start.micros - 1};
  const Span& span = world_.observed("owner");
  if (eve < span.from || eve >= span.until) return std::nullopt;
  if (created() < start) return owner(eve);
  std::string cell = world_.tables.deals.cell(deal_.row, "owner");
  for (const Fact& each : deal_.facts) {
    if (each.of != Class::change || each.name != "owner" || !each.at.known()) continue;
    if (!world_.tables.deals.has("owner")) cell = each.from;
    break;
  }
  return cell == "?" ? std::nullopt : std::optional(cell);
}

}  // namespace plumb::twin

#include "eval/known_people.h"

#include <cstdint>
#include <unordered_map>

namespace plumb::eval {

namespace {

struct Known {
  const history::History& history;
  std::unordered_map<std::int64_t, std::uint32_t> of_word;
  std::vector<std::uint8_t> known;
  std::size_t left = 0;  // who is not known yet

  void know(std::uint32_t person) {
    left -= known[person] == 0;
    known[person] = 1;
  }
  void name(std::int64_t word) {
    const auto found = history::is_value(word) ? of_word.find(word) : of_word.end();
    if (found != of_word.end()) know(found->second);
  }
  void names(const history::Column* column, std::uint32_t row) {
    if (column && row < column->values.size()) name(column->values[row]);
  }
};

void list(Known& all, const Plan& plan) {
  const history::People& people = all.history.people;
  for (std::size_t person = 0; person < people.names.size(); ++person) {
    const bool rows = people.first[person] < people.first[person + 1];
    if (rows || people.joined[person].known() || people.left[person].known())
      all.know(static_cast<std::uint32_t>(person));
  }
  for (const history::People::Leave& leave : people.leave) all.know(leave.person);
  for (std::size_t i = 0; i < plan.book.fields.size(); ++i) {
    const model::Field& field = plan.book.fields[Id<model::Field>(i)];
    if (field.type.kind != model::TypeKind::person) continue;
    const FieldBinding& binding = plan.fields[i];
    const history::Column* column = field.owner == model::OwnerKind::person    ? binding.dated
                                    : field.owner == model::OwnerKind::account ? binding.initial
                                                                               : nullptr;
    for (std::size_t row = 0; column && row < column->values.size(); ++row) all.name(column->values[row]);
  }
}

// Which of a deal's fields, and which kinds of change, name people.
struct Naming {
  std::vector<const history::Column*> initial;
  std::vector<bool> kinds;
};

// What of the kinds that name people besides the one who acts is next, going from subject to subject.
class Telling {
 public:
  Telling(const history::Timeline& timeline, const std::vector<std::uint8_t>& kinds) : by_(timeline.by_kind) {
    for (std::size_t kind = 0; kind < kinds.size() && kind + 1 < by_.first.size(); ++kind) {
      if (kinds[kind] != 0) next_.push_back({by_.first[kind], by_.first[kind + 1]});
    }
  }
  // Whether any stands before `until`; what does is passed by.
  bool before(std::uint32_t until) {
    bool any = false;
    for (Rows& rows : next_) {
      for (; rows.next < rows.end && by_.rows[rows.next] < until; ++rows.next) any = true;
    }
    return any;
  }

 private:
  struct Rows {
    std::uint32_t next, end;
  };
  const history::ByKind& by_;
  std::vector<Rows> next_;
};

Naming naming_of(const Plan& plan) {
  Naming naming{{}, std::vector<bool>(plan.history.kinds.size())};
  for (std::size_t i = 0; i < plan.book.fields.size(); ++i) {
    const model::Field& field = plan.book.fields[Id<model::Field>(i)];
    if (field.owner != model::OwnerKind::deal || field.type.kind != model::TypeKind::person) continue;
    const FieldBinding& binding = plan.fields[i];
    if (history::tells(binding.initial)) naming.initial.push_back(binding.initial);
    if (binding.change_kind >= 0) naming.kinds[static_cast<std::size_t>(binding.change_kind)] = true;
  }
  return naming;
}

// The kinds whose rows name people besides the one who acts.
std::vector<std::uint8_t> telling_kinds(const Plan& plan, const Naming& naming) {
  std::vector<std::uint8_t> telling(plan.history.kinds.size());
  for (std::size_t kind = 0; kind < telling.size(); ++kind) telling[kind] = naming.kinds[kind];
  if (plan.created_kind >= 0 && !naming.initial.empty()) telling[static_cast<std::size_t>(plan.created_kind)] = 1;
  return telling;
}

// Whether somebody acts in rows [begin, end) who is not known yet.
bool anybody_new(const Known& all, const history::Timeline& timeline, std::uint32_t begin, std::uint32_t end) {
  for (std::uint32_t i = begin; i < end; ++i) {
    if (timeline.actor[i] != UINT32_MAX && all.known[timeline.actor[i]] == 0) return true;
  }
  return false;
}

// The rows of one timeline, until there is nobody left. Facts without an instant may be of any time.
void act(Known& all, const Plan& plan, const Naming& naming, const history::Timeline& timeline, bool of_people) {
  const std::vector<std::uint8_t> telling = telling_kinds(plan, naming);
  Telling named(timeline, telling);
  for (std::uint32_t subject = 0; subject + 1 < timeline.first.size() && all.left > 0; ++subject) {
    const bool names = named.before(timeline.first[subject + 1]) || of_people;
    if (!names && !anybody_new(all, timeline, timeline.first[subject], timeline.first[subject + 1])) continue;
    if (!of_people && is_later(plan, subject)) continue;
    for (std::uint32_t i = timeline.first[subject]; i < timeline.first[subject + 1]; ++i) {
      if (timeline.at[i] >= plan.horizon) break;
      const std::uint32_t actor = timeline.actor[i];
      const bool tells = telling[timeline.kind[i]] != 0;
      if (!of_people && !tells && (actor == UINT32_MAX || all.known[actor])) continue;
      if (plan.recorded_by_then(timeline.recorded[i]) == Truth::no) continue;
      if (actor != UINT32_MAX) all.know(actor);
      if (of_people) all.know(subject);
      if (!tells) continue;
      if (timeline.kind[i] == plan.created_kind) {
        for (const history::Column* column : naming.initial) {
          const bool later = !column->recorded.empty() && plan.recorded_by_then(column->recorded[subject]) == Truth::no;
          if (!later) all.names(column, subject);
        }
      }
      if (!naming.kinds[timeline.kind[i]]) continue;
      for (const history::Column& column : all.history.kinds[timeline.kind[i]].columns)
        all.names(&column, timeline.row[i]);
    }
  }
}

}  // namespace

bool is_later(const Plan& plan, std::uint32_t deal) {
  const history::Timeline& timeline = plan.history.deal_events;
  for (std::uint32_t i = timeline.first[deal]; i < timeline.first[deal + 1]; ++i) {
    if (timeline.kind[i] != plan.created_kind) continue;
    return timeline.at[i] >= plan.horizon || plan.recorded_by_then(timeline.recorded[i]) == Truth::no;
  }
  return false;
}

std::vector<std::uint8_t> known_people(const Plan& plan) {
  const history::History& history = plan.history;
  const std::size_t people = history.people.names.size();
  Known all{history, {}, std::vector<std::uint8_t>(people), people};
  for (std::uint32_t person = 0; person < history.people.names.size(); ++person) {
    all.of_word.emplace(history.people.names.ids[person], person);
  }
  if (plan.unknown_person < people) all.know(plan.unknown_person);  // whom nobody looks for
  list(all, plan);
  const Naming naming = naming_of(plan);
  act(all, plan, naming, history.deal_events, false);
  act(all, plan, naming, history.person_events, true);
  if (plan.unknown_person < people) all.known[plan.unknown_person] = 0;
  return all.known;
}

}  // namespace plumb::eval

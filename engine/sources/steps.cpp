#include "sources/steps.h"

#include <algorithm>
#include <initializer_list>
#include <numeric>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "history/words.h"
#include "sources/agreement.h"
#include "sources/names.h"

namespace plumb::sources {

void call_columns(const AlsoCalled& also, std::vector<std::string>& header) {
  for (const auto& [name, others] : also) {
    for (const std::string& other : others) {
      const int column = column_in(header, other);
      if (column < 0 || column_in(header, name) >= 0) continue;
      header[static_cast<std::size_t>(column)] = name;
    }
  }
}

std::vector<std::string> Steps::added() const {
  std::vector<std::string> names;
  if (unpivot) names = {unpivot->name, unpivot->value};
  if (unpivot && !unpivot->none.empty()) names.push_back(unpivot->none);
  if (groups) names = groups->keep, names.insert(names.end(), groups->each.begin(), groups->each.end());
  for (const LookUp& step : look_ups) {
    for (const Taken& column : step.columns) names.push_back(column.here);
  }
  for (const AtFirst& step : at_first) {
    for (const auto& [here, there] : step.columns) names.push_back("first " + here);
  }
  for (const AtTheTime& step : at_the_time) {
    for (const auto& [here, there] : step.columns) names.push_back(here);
  }
  for (const Compare& step : compared) names.push_back(step.as);
  if (!row_before) return names;
  names.emplace_back("first");
  for (const std::string& column : row_before->columns) {
    names.push_back("before " + column);
    names.push_back(column + " changed");
  }
  return names;
}

std::vector<std::string> Steps::needed() const {
  std::vector<std::string> names = merges ? merges->columns : std::vector<std::string>();
  for (const LookUp& step : look_ups) {
    for (const auto* pairs : {&step.same, &step.unlike}) {
      for (const auto& [here, there] : *pairs) names.push_back(here);
    }
  }
  for (const AtFirst& step : at_first) {
    for (const auto& [here, there] : step.same) names.push_back(here);
    for (const auto& [here, there] : step.columns) names.push_back(here);
    if (!step.since.empty()) names.push_back(step.since);
  }
  for (const AtTheTime& step : at_the_time) {
    for (const auto& [here, there] : step.same) names.push_back(here);
    names.push_back(step.at);
  }
  for (const Compare& step : compared) {
    if (!step.optional) names.push_back(step.column), names.push_back(step.with);
  }
  if (!row_before) return names;
  names.insert(names.end(), row_before->same.begin(), row_before->same.end());
  names.push_back(row_before->by);
  names.insert(names.end(), row_before->columns.begin(), row_before->columns.end());
  return names;
}

std::vector<std::string> Steps::read_in(const std::string& path) const {
  std::vector<std::string> names;
  const auto speaks = [&](const auto& step) { return history::same_letters(step.in, path); };
  const auto add = [&](const auto& step, std::initializer_list<std::string> more) {
    for (const auto& [here, there] : step.same) names.push_back(there);
    for (const Where& one : step.where) names.push_back(one.column);
    names.insert(names.end(), more.begin(), more.end());
  };
  for (const LookUp& step : look_ups) {
    if (!speaks(step)) continue;
    add(step, {step.by});
    for (const auto& [here, there] : step.unlike) names.push_back(there);
    for (const Taken& column : step.columns) names.push_back(column.there);
  }
  for (const AtFirst& step : at_first) {
    if (speaks(step)) add(step, {step.by, step.sequence, step.name, step.was, step.became});
  }
  for (const AtTheTime& step : at_the_time) {
    if (speaks(step)) add(step, {step.by, step.sequence, step.name, step.was, step.became});
  }
  if (merges && speaks(*merges)) names.push_back(merges->from), names.push_back(merges->to);
  std::erase(names, "");
  return names;
}

namespace {

constexpr std::string_view check_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";  // a bit for each of five letters
constexpr std::size_t bare_size = 15, part_size = 5;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_small(char c) { return c >= 'a' && c <= 'z'; }
char capital(char c) { return is_small(c) ? static_cast<char>(c - 'a' + 'A') : c; }
char small(char c) { return is_capital(c) ? static_cast<char>(c - 'A' + 'a') : c; }

/// The capitals that its last letters tell of. What has letters of both cases, or no digit, was changed by nobody.
std::string with_its_capitals(std::string_view id) {
  const std::string_view bare = id.substr(0, bare_size);
  const bool mixed =
      std::any_of(bare.begin(), bare.end(), is_capital) && std::any_of(bare.begin(), bare.end(), is_small);
  std::string result(id);
  if (mixed || std::none_of(bare.begin(), bare.end(), is_digit)) return result;
  for (std::size_t part = 0; part < bare_size / part_size; ++part) {
    char& check = result[bare_size + part];
    check = capital(check);
    const std::size_t capitals = check_letters.find(check);
    if (capitals == std::string_view::npos) return std::string(id);
    for (std::size_t i = 0; i < part_size; ++i) {
      char& letter = result[part * part_size + i];
      const bool is_one = (capitals >> i & 1U) != 0;
      if (is_one && is_digit(letter)) return std::string(id);
      letter = is_one ? capital(letter) : small(letter);
    }
  }
  return result;
}

}  // namespace

std::string long_id(std::string_view id) {
  const auto is_alphanumeric = [](char c) { return is_digit(c) || is_capital(c) || is_small(c); };
  if (!may_be_id(id) || !std::all_of(id.begin(), id.end(), is_alphanumeric)) return std::string(id);
  if (id.size() > bare_size) return with_its_capitals(id);
  std::string result(id);
  for (std::size_t part = 0; part < bare_size; part += part_size) {
    unsigned capitals = 0;
    for (std::size_t i = 0; i < part_size; ++i) capitals |= (is_capital(id[part + i]) ? 1U : 0U) << i;
    result += check_letters[capitals];
  }
  return result;
}

void long_ids_of(const std::vector<LongIds>& ids, Cells& cells) {
  for (const LongIds& step : ids) {
    const Condition condition(step.where, cells.header);
    for (const std::string& name : step.columns) {
      const int column = cells.column(name);
      if (column < 0) continue;  // whether a file must have it is said where it is read
      for (std::size_t row = 0; row < cells.size(); ++row) {
        if (may_be_id(cells.at(row, column)) && condition.counts(cells, row))
          cells.put(row, static_cast<std::size_t>(column), long_id(cells.at(row, column)));
      }
    }
  }
}

void put_in_order(const std::string& column, Cells& cells) {
  const int by = cells.column(column);
  if (by < 0) return;
  std::vector<std::uint32_t> order(cells.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return lower_id(cells.at(a, by), cells.at(b, by)); });
  cells.put_in_order(order);
}

void turn_round(Cells& cells) {
  std::vector<std::uint32_t> order(cells.size());
  std::iota(order.rbegin(), order.rend(), 0U);
  cells.put_in_order(order);
}

std::optional<StepFailure> merge(const Merges& step, const Cells& in, Cells& cells) {
  for (const std::string& theirs : {step.from, step.to}) {
    if (in.header.empty()) break;  // a file that may be absent
    if (auto wrong = lacks(in, theirs, step.place)) return wrong;
  }
  std::unordered_map<std::string, std::string> into;
  const int from_column = in.column(step.from), to_column = in.column(step.to);
  for (std::size_t row = 0; row < in.size(); ++row) {
    const std::string_view from = history::trimmed(in.at(row, from_column));
    const std::string_view to = history::trimmed(in.at(row, to_column));
    if (!from.empty() && !to.empty() && from != to) into.emplace(from, to);
  }
  for (const std::string& name : step.columns) {
    if (auto wrong = lacks(cells, name, step.place)) return wrong;
    const int column = cells.column(name);
    for (std::size_t row = 0; row < cells.size(); ++row) {
      // What is left may have been merged in its turn.
      std::string id(history::trimmed(cells.at(row, column)));
      std::size_t steps = 0;
      for (auto found = into.find(id); found != into.end() && steps <= into.size(); found = into.find(id)) {
        id = found->second;
        ++steps;
      }
      if (steps > into.size()) {
        return StepFailure{fmt::format("the merges of `{}` lead in a circle", cells.at(row, column)), step.place};
      }
      if (steps > 0) cells.put(row, static_cast<std::size_t>(column), id);
    }
  }
  return std::nullopt;
}

namespace {

/// What is to be looked up, and why it cannot be.
std::string not_there(const LookUp& step, const Taken& column, const Cells& in) {
  return in.header.empty() ? fmt::format("column `{}` of {}, which is not there", column.there, step.in)
                           : fmt::format("column `{}` of {}, which the file does not have", column.there, in.stands_in);
}

/// The rows of a table by their keys: of those of one key that no difference tells apart the first alone. Where one
/// column has to differ, the first and the first that is unlike that are enough: ours is like one of them only.
class Kept {
 public:
  explicit Kept(bool one_column) : one_column_(one_column) {}

  template <class IsBefore>
  void take(std::string_view key, std::uint32_t row, const Difference& difference, const IsBefore& is_before) {
    const std::uint32_t added = static_cast<std::uint32_t>(rows_.size());
    const std::uint32_t* const known = first_.find(key);
    if (known == nullptr) {
      first_.add(key, added);
      rows_.push_back({row, none});
      return;
    }
    std::uint32_t at = *known;
    if (one_column_ && !difference.are_alike(rows_[at].row, row)) return take_unlike(at, row, is_before);
    while (!difference.are_alike(rows_[at].row, row) && rows_[at].next != none) at = rows_[at].next;
    if (!difference.are_alike(rows_[at].row, row)) {
      rows_[at].next = added;
      rows_.push_back({row, none});
    } else if (is_before(row, rows_[at].row)) {
      rows_[at].row = row;
    }
  }

  /// Missing: nullopt.
  template <class IsBefore>
  std::optional<std::uint32_t> first(std::string_view key, std::size_t ours, const Difference& difference,
                                     const IsBefore& is_before) {
    std::optional<std::uint32_t> found;
    const std::uint32_t* const known = first_.find(key);
    for (std::uint32_t at = known == nullptr ? none : *known; at != none; at = rows_[at].next) {
      const std::uint32_t row = rows_[at].row;
      if (difference.differs(row, ours) && (!found || is_before(row, *found))) found = row;
    }
    return found;
  }

 private:
  static constexpr std::uint32_t none = UINT32_MAX;
  struct Row {
    std::uint32_t row, next;
  };

  // One that is unlike the first. Where it comes before that, that is the first that is unlike it.
  template <class IsBefore>
  void take_unlike(std::uint32_t first, std::uint32_t row, const IsBefore& is_before) {
    const bool sooner = is_before(row, rows_[first].row);
    if (sooner) std::swap(row, rows_[first].row);
    const std::uint32_t second = rows_[first].next;
    if (second == none) {
      rows_[first].next = static_cast<std::uint32_t>(rows_.size());
      rows_.push_back({row, none});
    } else if (sooner || is_before(row, rows_[second].row)) {
      rows_[second].row = row;
    }
  }

  bool one_column_;
  ByKey<std::uint32_t> first_;
  std::vector<Row> rows_;
};

}  // namespace

std::optional<StepFailure> look_up(const LookUp& step, const Cells& in, const Times& theirs, const Times& ours,
                                   Cells& cells) {
  const Agreement agreement(step.same, step.where, in, theirs, cells, ours);
  if (auto wrong = agreement.wrong(step.place)) return wrong;
  const Difference difference(step.unlike, in, theirs, cells, ours);
  if (auto wrong = difference.wrong(step.place)) return wrong;
  for (const Taken& column : step.columns) {
    if (column.optional || in.header.empty()) continue;
    if (auto wrong = lacks(in, column.there, step.place)) return wrong;
  }
  const bool by_time = !step.by.empty() && !in.header.empty();
  if (by_time) {
    if (auto wrong = lacks(in, step.by, step.place)) return wrong;
  }
  const std::vector<std::int64_t> moments =
      by_time ? moments_of(in, in.column(step.by), theirs) : std::vector<std::int64_t>(in.size());
  const auto is_before = [&](std::uint32_t a, std::uint32_t b) {
    return step.last ? std::pair(moments[a], a) > std::pair(moments[b], b)
                     : std::pair(moments[a], a) < std::pair(moments[b], b);
  };
  Kept kept(step.unlike.size() == 1);
  std::string key;
  for (std::uint32_t row = 0; row < in.size(); ++row) {
    if (moments[row] == no_moment || !agreement.counts(row)) continue;
    agreement.put_their_key(row, key);
    if (!key.empty()) kept.take(key, row, difference, is_before);
  }
  std::vector<int> theirs_of;
  std::vector<std::size_t> ours_of;
  for (const Taken& column : step.columns) {
    ours_of.push_back(cells.add_column(column.here));
    theirs_of.push_back(in.column(column.there));
  }
  TakenRows taken(in, cells.size());
  for (std::size_t row = 0; row < cells.size(); ++row) {
    agreement.put_our_key(row, key);
    const std::optional<std::uint32_t> found = kept.first(key, row, difference, is_before);
    if (!found) continue;
    taken.found(row, *found);
    for (std::size_t i = 0; i < theirs_of.size(); ++i) cells.put(row, ours_of[i], in.at(*found, theirs_of[i]));
  }
  for (std::size_t i = 0; i < theirs_of.size(); ++i) {
    const Taken& column = step.columns[i];
    taken.say(column.here, theirs_of[i], cells);
    if (theirs_of[i] < 0) cells.taken[column.here] = {not_there(step, column, in), {}, nullptr, nullptr};
  }
  return std::nullopt;
}

}  // namespace plumb::sources

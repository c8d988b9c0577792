#include <algorithm>
#include <charconv>
#include <numeric>
#include <tuple>
#include <unordered_map>

#include "history/words.h"
#include "sources/agreement.h"
#include "sources/steps.h"
#include "time/parse_time.h"

namespace plumb::sources {

namespace {

/// The rows of a log by what changed and whose it is, each in the order in which they happened.
class Log {
 public:
  Log(const ChangesIn& step, const Cells& in, const Times& times, const Agreement& agreement)
      : moments_(moments_of(in, in.column(step.by), times)) {
    const int name = in.column(step.name);
    const int sequence = step.sequence.empty() ? -1 : in.column(step.sequence);
    std::unordered_map<std::string, std::vector<std::string>> called;
    for (const auto& [here, there] : step.columns) {
      list_of_[here];
      for (const std::string& one : there) called[one].push_back(here);
    }
    for (std::size_t row = 0; row < in.rows.size(); ++row) {
      sequences_.push_back(number_in(history::trimmed(cell(in.rows[row], sequence))));
      const auto of = called.find(std::string(history::trimmed(cell(in.rows[row], name))));
      if (of == called.end() || moments_[row] == no_moment || !agreement.counts(in.rows[row])) continue;
      const std::string key = agreement.their_key(in.rows[row]);
      if (key.empty()) continue;
      for (const std::string& here : of->second) {
        const auto [list, is_new] = list_of_[here].emplace(key, lists_.size());
        if (is_new) lists_.emplace_back();
        lists_[list->second].push_back(row);
      }
    }
    for (std::vector<std::size_t>& rows : lists_) {
      std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
        return std::tuple(moments_[a], sequences_[a], a) < std::tuple(moments_[b], sequences_[b], b);
      });
    }
  }

  /// Missing: nullptr.
  const std::vector<std::size_t>* find(const std::string& column, const std::string& key) const {
    const auto& list_of = list_of_.at(column);
    const auto found = list_of.find(key);
    return found == list_of.end() ? nullptr : &lists_[found->second];
  }
  std::int64_t moment(std::size_t row) const { return moments_[row]; }

 private:
  static std::int64_t number_in(std::string_view text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  }

  std::vector<std::int64_t> moments_, sequences_;
  std::unordered_map<std::string, std::unordered_map<std::string, std::size_t>> list_of_;  // by column, then whose
  std::vector<std::vector<std::size_t>> lists_;
};

std::optional<StepFailure> wrong_with(const ChangesIn& step, const std::vector<std::string>& theirs, const Cells& in) {
  for (const std::string& column : theirs) {
    if (auto wrong = lacks(in, column, step.place)) return wrong;
  }
  return std::nullopt;
}

}  // namespace

std::optional<StepFailure> at_first(const AtFirst& step, const Cells& in, const Times& theirs, const Times& ours,
                                    Cells& cells) {
  const Agreement agreement(step.same, step.where, in, theirs, cells, ours);
  if (auto wrong = agreement.wrong(step.place)) return wrong;
  if (auto wrong = wrong_with(step, {step.by, step.name, step.was}, in)) return wrong;
  for (const auto& [here, there] : step.columns) {
    if (auto wrong = lacks(cells, here, step.place)) return wrong;
  }
  std::vector<std::int64_t> since(cells.rows.size(), INT64_MIN);
  if (!step.since.empty()) {
    if (auto wrong = lacks(cells, step.since, step.place)) return wrong;
    since = moments_of(cells, cells.column(step.since), ours);
  }
  const Log log(step, in, theirs, agreement);
  const int was = in.column(step.was);
  for (const auto& [here, there] : step.columns) {
    const int column = cells.column(here);
    TakenRows taken(in, cells.rows.size());
    for (std::size_t row = 0; row < cells.rows.size(); ++row) {
      std::string_view value = cell(cells.rows[row], column);
      if (const auto* rows = log.find(here, agreement.our_key(cells.rows[row]))) {
        const auto first = std::partition_point(rows->begin(), rows->end(), [&](std::size_t change) {
          return since[row] != no_moment && log.moment(change) < since[row];
        });
        if (first != rows->end()) value = cell(in.rows[*first], was), taken.found(row, *first);
      }
      append(cells, row, std::string(value));
    }
    cells.header.push_back("first " + here);
    taken.say("first " + here, was, cells);
    // Where nothing changed it is our own cell.
    history::TakenFrom& from = cells.taken["first " + here];
    auto which = std::make_shared<std::vector<std::uint32_t>>();
    for (const std::uint32_t line : *from.lines) which->push_back(line == 0 ? 1 : 0);
    from.columns.push_back(cells.header[static_cast<std::size_t>(column)]);
    from.which = std::move(which);
  }
  return std::nullopt;
}

std::optional<StepFailure> at_the_time(const AtTheTime& step, const Cells& in, const Times& theirs, const Times& ours,
                                       Cells& cells) {
  const Agreement agreement(step.same, step.where, in, theirs, cells, ours);
  if (auto wrong = agreement.wrong(step.place)) return wrong;
  if (auto wrong = wrong_with(step, {step.by, step.name, step.was, step.became}, in)) return wrong;
  if (auto wrong = lacks(cells, step.at, step.place)) return wrong;
  const Log log(step, in, theirs, agreement);
  const std::vector<std::int64_t> at = moments_of(cells, cells.column(step.at), ours);
  const int was = in.column(step.was), became = in.column(step.became);
  for (const auto& [here, there] : step.columns) {
    TakenRows taken(in, cells.rows.size());
    for (std::size_t row = 0; row < cells.rows.size(); ++row) {
      std::string_view value;
      const auto* rows = at[row] == no_moment ? nullptr : log.find(here, agreement.our_key(cells.rows[row]));
      if (rows != nullptr) {
        const auto behind = std::partition_point(rows->begin(), rows->end(),
                                                 [&](std::size_t change) { return log.moment(change) <= at[row]; });
        const std::size_t change = behind == rows->begin() ? *behind : *std::prev(behind);
        value = cell(in.rows[change], behind == rows->begin() ? was : became);
        taken.found(row, change);
      }
      append(cells, row, std::string(value));
    }
    cells.header.push_back(here);
    taken.say(here, became, cells);
  }
  return std::nullopt;
}

std::optional<StepFailure> compare(const Compare& step, const Times& times, Cells& cells) {
  for (const std::string& column : {step.column, step.with}) {
    if (step.optional) break;
    if (auto wrong = lacks(cells, column, step.place)) return wrong;
  }
  const int one = cells.column(step.column), other = cells.column(step.with);
  for (std::size_t row = 0; row < cells.rows.size(); ++row) {
    const auto a = time::parse_reading(history::trimmed(cell(cells.rows[row], one)), times.zone, times.order);
    const auto b = time::parse_reading(history::trimmed(cell(cells.rows[row], other)), times.zone, times.order);
    std::string_view said;
    if (a && b) {
      const bool instants = a->at.known() && b->at.known();
      const auto day = [&](const time::Reading& of) { return of.at.known() ? times.zone.day_of(of.at) : of.day; };
      const std::int64_t x = instants ? a->at.micros : day(*a).days, y = instants ? b->at.micros : day(*b).days;
      const std::int64_t within = instants ? step.within : 0;
      said = x < y - within ? "earlier" : x > y + within ? "later" : "same";
    }
    append(cells, row, std::string(said));
  }
  cells.header.push_back(step.as);
  return std::nullopt;
}

namespace {

bool nothing_in(const Row& row, const std::vector<int>& columns) {
  return std::all_of(columns.begin(), columns.end(),
                     [&](int column) { return history::trimmed(cell(row, column)).empty(); });
}

}  // namespace

std::optional<StepFailure> row_before(const RowBefore& step, const Times& times, Cells& cells) {
  for (const std::string& same : step.same) {
    if (auto wrong = lacks(cells, same, step.place)) return wrong;
  }
  if (auto wrong = lacks(cells, step.by, step.place)) return wrong;
  const std::vector<std::int64_t> moments = moments_of(cells, cells.column(step.by), times);
  std::vector<std::size_t> order(cells.rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return moments[a] < moments[b]; });
  ByKey<std::size_t> last(cells.rows.size());
  std::string key;
  std::vector<std::size_t> before(cells.rows.size(), cells.rows.size());
  const std::vector<int> same = columns_of(cells, step.same);
  const std::size_t width = cells.header.size();
  for (std::size_t row : order) {
    // What will be refused was no row before.
    if (cells.rows[row].size() != width || moments[row] == no_moment) continue;
    put_key(cells.rows[row], same, nullptr, key);
    if (std::size_t* const before_it = last.find(key)) {
      before[row] = std::exchange(*before_it, row);
    } else {
      last.add(key, row);
    }
  }
  // A row without a time is the first of its subject only where no other is; if it is compared with others, it has to
  // be something, so that it is not passed over.
  std::vector<std::uint8_t> passed(cells.rows.size(), 0);
  for (std::size_t row = 0; row < cells.rows.size() && step.columns.empty(); ++row) {
    if (cells.rows[row].size() != width || moments[row] != no_moment) continue;
    put_key(cells.rows[row], same, nullptr, key);
    if (key.empty()) continue;
    const bool known = last.find(key) != nullptr;
    passed[row] = known ? 1 : 0;
    if (!known) last.add(key, row);
  }
  const std::vector<int> columns = columns_of(cells, step.columns);
  std::vector<int> said = columns;
  said.push_back(cells.column(step.by));
  cells.header.emplace_back("first");
  for (const std::string& column : step.columns) {
    cells.header.push_back("before " + column);
    cells.header.push_back(column + " changed");
  }
  TakenRows taken(cells, cells.rows.size());
  for (std::size_t row = 0; row < cells.rows.size(); ++row) {
    if (before[row] != cells.rows.size()) taken.found(row, before[row]);
  }
  for (std::size_t i = 0; i < columns.size(); ++i) taken.say("before " + step.columns[i], columns[i], cells);
  // What a row is beside others is nothing that stands in it.
  cells.taken["first"] = {cells.stands_in, {"first"}, nullptr, nullptr};
  for (const std::string& column : step.columns)
    cells.taken[column + " changed"] = {cells.stands_in, {column + " changed"}, nullptr, nullptr};
  for (std::size_t row = 0; row < cells.rows.size(); ++row) {
    const bool first = before[row] == cells.rows.size();
    // What says neither when nor what is no row of its subject, and the first one neither.
    const bool says_nothing = first && !columns.empty() && nothing_in(cells.rows[row], said);
    append(cells, row, first && !says_nothing && passed[row] == 0 ? "yes" : "");
    for (int column : columns) {
      const std::string was(first ? std::string_view() : cell(cells.rows[before[row]], column));
      const bool changed = !first && was != cell(cells.rows[row], column);
      append(cells, row, was);
      append(cells, row, changed ? "yes" : "");
    }
  }
  return std::nullopt;
}

}  // namespace plumb::sources

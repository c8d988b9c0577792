#include <algorithm>
#include <charconv>
#include <map>
#include <numeric>
#include <span>
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
    std::string called_so, key;
    for (std::uint32_t row = 0; row < in.size(); ++row) {
      if (sequence >= 0) sequences_.push_back(number_in(history::trimmed(in.at(row, sequence))));
      called_so = history::trimmed(in.at(row, name));
      const auto of = called.find(called_so);
      if (of == called.end() || moments_[row] == no_moment || !agreement.counts(row)) continue;
      agreement.put_their_key(row, key);
      if (key.empty()) continue;
      for (const std::string& here : of->second) {
        const auto [list, is_new] = list_of_[here].emplace(key, static_cast<std::uint32_t>(lists_.size()));
        if (is_new) lists_.emplace_back();
        lists_[list->second].push_back(row);
      }
    }
    const auto number_of = [&](std::uint32_t row) { return sequences_.empty() ? 0 : sequences_[row]; };
    for (std::vector<std::uint32_t>& rows : lists_) {
      std::sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::tuple(moments_[a], number_of(a), a) < std::tuple(moments_[b], number_of(b), b);
      });
    }
  }

  /// Missing: nullptr.
  const std::vector<std::uint32_t>* find(const std::string& column, const std::string& key) const {
    const auto& list_of = list_of_.at(column);
    const auto found = list_of.find(key);
    return found == list_of.end() ? nullptr : &lists_[found->second];
  }
  std::int64_t moment(std::uint32_t row) const { return moments_[row]; }
  bool at_once(std::uint32_t a, std::uint32_t b) const {
    return moments_[a] == moments_[b] && (sequences_.empty() || sequences_[a] == sequences_[b]);
  }

 private:
  static std::int64_t number_in(std::string_view text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  }

  std::vector<std::int64_t> moments_, sequences_;
  std::unordered_map<std::string, std::unordered_map<std::string, std::uint32_t>> list_of_;  // by column, then whose
  std::vector<std::vector<std::uint32_t>> lists_;
};

std::optional<StepFailure> wrong_with(const ChangesIn& step, const std::vector<std::string>& theirs, const Cells& in) {
  for (const std::string& column : theirs) {
    if (auto wrong = lacks(in, column, step.place)) return wrong;
  }
  return std::nullopt;
}

/// Of the changes that came at once with the first of some, the one with which a way through all of them begins; of
/// several such that whose text comes first, in whatever order they stand. Where they go round, which ends as it began,
/// it is the one that changes what was so behind them: `present`, if nothing changed it again. Columns: -1: unasked.
std::uint32_t first_of(std::span<const std::uint32_t> rows, const Log& log, const Cells& in, int was, int became,
                       std::string_view present) {
  if (became < 0 || rows.size() == 1 || !log.at_once(rows[0], rows[1])) return rows.front();
  const auto end = std::find_if_not(rows.begin(), rows.end(), [&](auto row) { return log.at_once(rows[0], row); });
  const auto old = [&](std::uint32_t row) { return history::trimmed(in.at(row, was)); };
  std::map<std::string_view, int> surplus;  // how often it was changed, less how often it was made
  for (auto row = rows.begin(); row != end; ++row) {
    ++surplus[old(*row)], --surplus[history::trimmed(in.at(*row, became))];
  }
  std::string_view behind;
  if (std::all_of(surplus.begin(), surplus.end(), [](const auto& value) { return value.second == 0; })) {
    behind =
        end == rows.end() ? history::trimmed(present) : old(first_of({end, rows.end()}, log, in, was, became, present));
  }
  return *std::min_element(rows.begin(), end, [&](std::uint32_t a, std::uint32_t b) {
    return std::tuple(surplus[old(a)] <= 0, old(a) != behind, old(a)) <
           std::tuple(surplus[old(b)] <= 0, old(b) != behind, old(b));
  });
}

}  // namespace

std::optional<StepFailure> at_first(const AtFirst& step, const Cells& in, const Times& theirs, const Times& ours,
                                    Cells& cells) {
  const Agreement agreement(step.same, step.where, in, theirs, cells, ours);
  if (auto wrong = agreement.wrong(step.place)) return wrong;
  std::vector<std::string> read{step.by, step.name, step.was};
  if (!step.became.empty()) read.push_back(step.became);
  if (auto wrong = wrong_with(step, read, in)) return wrong;
  for (const auto& [here, there] : step.columns) {
    if (auto wrong = lacks(cells, here, step.place)) return wrong;
  }
  std::vector<std::int64_t> since;
  if (!step.since.empty()) {
    if (auto wrong = lacks(cells, step.since, step.place)) return wrong;
    since = moments_of(cells, cells.column(step.since), ours);
  }
  const Log log(step, in, theirs, agreement);
  const int was = in.column(step.was), became = step.became.empty() ? -1 : in.column(step.became);
  std::string key;
  for (const auto& [here, there] : step.columns) {
    const int column = cells.column(here);
    const std::size_t made = cells.add_column("first " + here);
    TakenRows taken(in, cells.size());
    for (std::size_t row = 0; row < cells.size(); ++row) {
      std::string_view value = cells.at(row, column);
      agreement.put_our_key(row, key);
      if (const auto* rows = log.find(here, key)) {
        const auto first = std::partition_point(rows->begin(), rows->end(), [&](std::uint32_t change) {
          return !since.empty() && since[row] != no_moment && log.moment(change) < since[row];
        });
        if (first != rows->end()) {
          const std::uint32_t change = first_of({first, rows->end()}, log, in, was, became, value);
          value = in.at(change, was), taken.found(row, change);
        }
      }
      cells.put(row, made, value);
    }
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
  std::string key;
  for (const auto& [here, there] : step.columns) {
    const std::size_t made = cells.add_column(here);
    TakenRows taken(in, cells.size());
    for (std::size_t row = 0; row < cells.size(); ++row) {
      agreement.put_our_key(row, key);
      const auto* rows = at[row] == no_moment ? nullptr : log.find(here, key);
      if (rows == nullptr) continue;
      const auto behind = std::partition_point(rows->begin(), rows->end(),
                                               [&](std::uint32_t change) { return log.moment(change) <= at[row]; });
      const std::uint32_t change = behind == rows->begin() ? *behind : *std::prev(behind);
      cells.put(row, made, in.at(change, behind == rows->begin() ? was : became));
      taken.found(row, change);
    }
    taken.say(here, became, cells);
  }
  return std::nullopt;
}

namespace {

/// Of a text that is a time: whether it has hours and minutes alone.
bool lacks_seconds(std::string_view text) {
  const std::size_t hour = text.find(':');
  return hour != std::string_view::npos && text.substr(hour).substr(0, 4).find(':', 1) == std::string_view::npos;
}

bool of_one_minute(const time::Reading& a, const time::Reading& b) {
  const auto minute = [](const time::Reading& of) { return of.at.micros / (60 * time::micros_per_second); };
  return a.at.known() && b.at.known() && minute(a) == minute(b);
}

}  // namespace

std::optional<StepFailure> compare(const Compare& step, const Times& times, Cells& cells) {
  for (const std::string& column : {step.column, step.with}) {
    if (step.optional) break;
    if (auto wrong = lacks(cells, column, step.place)) return wrong;
  }
  const int one = cells.column(step.column), other = cells.column(step.with);
  const std::size_t made = cells.add_column(step.as);
  for (std::size_t row = 0; row < cells.size(); ++row) {
    const std::string_view ours = history::trimmed(cells.at(row, one)), theirs = history::trimmed(cells.at(row, other));
    const auto a = time::parse_reading(ours, times.zone, times.order);
    const auto b = time::parse_reading(theirs, times.zone, times.order);
    std::string_view said;
    if (one >= 0 && ours.empty()) {
      said = step.empty;
    } else if (a && b && !step.without_seconds.empty() && (lacks_seconds(ours) || lacks_seconds(theirs)) &&
               of_one_minute(*a, *b)) {
      said = step.without_seconds;
    } else if (a && b) {
      const bool instants = a->at.known() && b->at.known();
      const auto day = [&](const time::Reading& of) { return of.at.known() ? times.zone.day_of(of.at) : of.day; };
      const std::int64_t x = instants ? a->at.micros : day(*a).days, y = instants ? b->at.micros : day(*b).days;
      const std::int64_t within = instants ? step.within : 0;
      said = x < y - within ? "earlier" : x > y + within ? "later" : "same";
    }
    cells.put(row, made, said);
  }
  return std::nullopt;
}

namespace {

bool nothing_in(const Cells& cells, std::size_t row, const std::vector<int>& columns) {
  return std::all_of(columns.begin(), columns.end(),
                     [&](int column) { return history::trimmed(cells.at(row, column)).empty(); });
}

constexpr std::uint32_t no_row = UINT32_MAX;

/// The row before each of its subject. Missing: `no_row`. `passed`: rows that are no subject's first for all that.
std::vector<std::uint32_t> rows_before(const RowBefore& step, const Times& times, const Cells& cells,
                                       std::vector<bool>& passed) {
  const std::vector<std::int64_t> moments = moments_of(cells, cells.column(step.by), times);
  std::vector<std::uint32_t> order(cells.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return moments[a] < moments[b]; });
  ByKey<std::uint32_t> last;
  std::string key;
  std::vector<std::uint32_t> before(cells.size(), no_row);
  const std::vector<int> same = columns_of(cells, step.same);
  for (const std::uint32_t row : order) {
    // What will be refused was no row before.
    if (!cells.is_whole(row) || moments[row] == no_moment) continue;
    put_key(cells, row, same, nullptr, key);
    if (std::uint32_t* const before_it = last.find(key)) {
      before[row] = std::exchange(*before_it, row);
    } else {
      last.add(key, row);
    }
  }
  // A row without a time is the first of its subject only where no other is; if it is compared with others, it has to
  // be something, so that it is not passed over.
  for (std::uint32_t row = 0; row < cells.size() && step.columns.empty(); ++row) {
    if (!cells.is_whole(row) || moments[row] != no_moment) continue;
    put_key(cells, row, same, nullptr, key);
    if (key.empty()) continue;
    const bool known = last.find(key) != nullptr;
    passed[row] = known;
    if (!known) last.add(key, row);
  }
  return before;
}

}  // namespace

std::optional<StepFailure> row_before(const RowBefore& step, const Times& times, Cells& cells) {
  for (const std::string& same : step.same) {
    if (auto wrong = lacks(cells, same, step.place)) return wrong;
  }
  if (auto wrong = lacks(cells, step.by, step.place)) return wrong;
  std::vector<bool> passed(cells.size());
  const std::vector<std::uint32_t> before = rows_before(step, times, cells, passed);
  const std::vector<int> columns = columns_of(cells, step.columns);
  std::vector<int> said = columns;
  said.push_back(cells.column(step.by));
  TakenRows taken(cells, cells.size());
  for (std::size_t row = 0; row < cells.size(); ++row) {
    if (before[row] != no_row) taken.found(row, before[row]);
  }
  for (std::size_t i = 0; i < columns.size(); ++i) taken.say("before " + step.columns[i], columns[i], cells);
  const std::size_t first_column = cells.add_column("first");
  // What a row is beside others is nothing that stands in it.
  cells.taken["first"] = {cells.stands_in, {"first"}, nullptr, nullptr};
  for (std::size_t row = 0; row < cells.size(); ++row) {
    if (before[row] != no_row || passed[row]) continue;
    // What says neither when nor what is no row of its subject, and the first one neither.
    if (columns.empty() || !nothing_in(cells, row, said)) cells.put(row, first_column, "yes");
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::size_t was = cells.add_column("before " + step.columns[i]);
    const std::size_t changed = cells.add_column(step.columns[i] + " changed");
    cells.taken[step.columns[i] + " changed"] = {cells.stands_in, {step.columns[i] + " changed"}, nullptr, nullptr};
    for (std::size_t row = 0; row < cells.size(); ++row) {
      if (before[row] == no_row) continue;
      cells.put(row, was, cells.at(before[row], columns[i]));
      if (cells.at(before[row], columns[i]) != cells.at(row, columns[i])) cells.put(row, changed, "yes");
    }
  }
  return std::nullopt;
}

}  // namespace plumb::sources

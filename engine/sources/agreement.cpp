#include "sources/agreement.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "history/words.h"
#include "time/parse_time.h"

namespace plumb::sources {

std::optional<StepFailure> lacks(const Cells& cells, const std::string& column, history::MappingPlace place) {
  if (cells.column(column) >= 0) return std::nullopt;
  if (cells.header.empty())
    return StepFailure{"the file is empty: its first line names the columns", place, column, cells.stands_in};
  // What steps added is no column that anybody could look for in the file.
  const auto own = cells.header.begin() + static_cast<std::ptrdiff_t>(cells.own_columns());
  const std::vector<std::string> header(cells.header.begin(), own);
  const std::string_view near = history::nearest_word(column, header);
  const std::string meant = near.empty() ? "" : fmt::format("; did you mean {}?", history::in_ticks(near));
  return StepFailure{fmt::format("the file has no column `{}`{} it has {}", column, near.empty() ? ";" : meant,
                                 history::listed(header)),
                     place, column, cells.stands_in};
}

std::shared_ptr<const std::vector<std::uint32_t>> TakenRows::lines_of(const std::vector<std::uint32_t>* lines) const {
  auto made = std::make_shared<std::vector<std::uint32_t>>();
  made->reserve(row_.size());
  for (const std::uint32_t row : row_) made->push_back(row != none && row < lines->size() ? (*lines)[row] : 0);
  return made;
}

std::shared_ptr<const std::vector<std::uint16_t>> TakenRows::files_of(const std::vector<std::uint16_t>* files) const {
  if (files == nullptr) return nullptr;
  auto made = std::make_shared<std::vector<std::uint16_t>>();
  made->reserve(row_.size());
  for (const std::uint32_t row : row_)
    made->push_back(row != none && row < files->size() ? (*files)[row] : std::uint16_t{0});
  return made;
}

void TakenRows::say(const std::string& here, int theirs, Cells& cells) {
  if (theirs < 0) return;
  const std::string& column = in_.header[static_cast<std::size_t>(theirs)];
  const auto taken = in_.taken.find(column);
  if (taken != in_.taken.end() && taken->second.columns.empty()) {
    cells.taken[here] = taken->second;
    return;
  }
  if (taken != in_.taken.end() && taken->second.which == nullptr && taken->second.lines != nullptr) {
    const history::TakenFrom& from = taken->second;
    cells.taken[here] = {from.file,  from.columns,           nullptr, lines_of(from.lines.get()),
                         from.files, files_of(from.of.get())};
    return;
  }
  if (lines_ == nullptr) lines_ = lines_of(&in_.lines), files_ = files_of(in_.files.empty() ? nullptr : &in_.file_of);
  cells.taken[here] = {in_.stands_in, {column}, nullptr, lines_, in_.files, files_};
}

namespace {

/// As spreadsheets are told that it is no formula.
std::string_view without_apostrophe(std::string_view text) {
  return text.size() > 1 && text.front() == '\'' ? text.substr(1) : text;
}

/// The instant that a text is. Missing: nullopt for anything else, a day alone among it.
std::optional<std::int64_t> instant_in(std::string_view text, const Times& times) {
  constexpr std::size_t shortest = 13;  // `2026-03-01T09`, milliseconds since 1970
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() < shortest || !digit(text[0]) || !digit(text[text.size() > 4 ? 3 : 0])) return std::nullopt;
  const auto read = time::parse_reading(text, times.zone, times.order);
  if (!read || !read->at.known()) return std::nullopt;
  return read->at.micros;
}

}  // namespace

// Parts of a key must not run into each other.
void put_key(const Cells& cells, std::size_t row, const std::vector<int>& columns, const Times* times,
             std::string& key) {
  key.clear();
  const auto put = [&](std::int64_t number) { fmt::format_to(std::back_inserter(key), "{}", number); };
  for (int column : columns) {
    const std::string_view text = history::trimmed(cells.at(row, column));
    if (text.empty()) return key.clear();
    const auto instant = times == nullptr ? std::nullopt : instant_in(text, *times);
    if (instant) {
      key += '@';
      put(*instant);
      key += ':';
    } else {
      put(static_cast<std::int64_t>(text.size()));
      key += ':';
      key += text;
    }
  }
}

std::vector<int> columns_of(const Cells& cells, const std::vector<std::string>& names) {
  std::vector<int> result;
  for (const std::string& name : names) result.push_back(cells.column(name));
  return result;
}

Condition::Condition(const std::vector<Where>& where, const std::vector<std::string>& header) : where_(where) {
  for (const Where& one : where) columns_.push_back(column_in(header, one.column));
}

std::optional<StepFailure> Condition::wrong(const Cells& cells, history::MappingPlace place) const {
  for (const Where& one : where_) {
    if (one.optional) continue;
    if (auto wrong = lacks(cells, one.column, place)) return wrong;
  }
  return std::nullopt;
}

bool Condition::is_one_of(std::string_view text, const std::vector<std::string>& words) {
  return std::find(words.begin(), words.end(), history::trimmed(text)) != words.end();
}

Agreement::Agreement(const Pairs& same, const std::vector<Where>& where, const Cells& theirs, const Times& their_times,
                     const Cells& ours, const Times& our_times)
    : same_(same),
      theirs_(theirs),
      ours_(ours),
      their_times_(their_times),
      our_times_(our_times),
      condition_(where, theirs.header) {
  for (const auto& [here, there] : same) {
    our_columns_.push_back(ours.column(here));
    their_columns_.push_back(theirs.column(there));
  }
}

std::optional<StepFailure> Agreement::wrong(history::MappingPlace place) const {
  for (const auto& [here, there] : same_) {
    if (auto wrong = lacks(ours_, here, place)) return wrong;
  }
  if (theirs_.header.empty()) return std::nullopt;
  for (const auto& [here, there] : same_) {
    if (auto wrong = lacks(theirs_, there, place)) return wrong;
  }
  return condition_.wrong(theirs_, place);
}

Difference::Difference(const Agreement::Pairs& unlike, const Cells& theirs, const Times& their_times, const Cells& ours,
                       const Times& our_times)
    : unlike_(unlike), theirs_(theirs), ours_(ours), their_times_(their_times), our_times_(our_times) {
  for (const auto& [here, there] : unlike) {
    our_columns_.push_back({ours.column(here)});
    their_columns_.push_back({theirs.column(there)});
  }
}

std::optional<StepFailure> Difference::wrong(history::MappingPlace place) const {
  for (const auto& [here, there] : unlike_) {
    if (auto wrong = lacks(ours_, here, place)) return wrong;
    if (theirs_.header.empty()) continue;
    if (auto wrong = lacks(theirs_, there, place)) return wrong;
  }
  return std::nullopt;
}

bool Difference::are_alike(std::size_t a, std::size_t b) const {
  return std::ranges::all_of(their_columns_, [&](const std::vector<int>& column) {
    put_key(theirs_, a, column, &their_times_, one_);
    put_key(theirs_, b, column, &their_times_, other_);
    return one_ == other_;
  });
}

bool Difference::differs(std::size_t theirs, std::size_t ours) const {
  for (std::size_t i = 0; i < unlike_.size(); ++i) {
    put_key(theirs_, theirs, their_columns_[i], &their_times_, one_);
    put_key(ours_, ours, our_columns_[i], &our_times_, other_);
    if (one_ == other_) return false;
  }
  return true;
}

std::int64_t moment_in(std::string_view cell, const Times& times) {
  const auto read = time::parse_reading(without_apostrophe(history::trimmed(cell)), times.zone, times.order);
  if (!read || time::stands_for_none(*read, times.zone)) return no_moment;
  return read->at.known() ? read->at.micros : times.zone.start_of(read->day).micros;
}

std::vector<std::int64_t> moments_of(const Cells& cells, int column, const Times& times) {
  std::vector<std::int64_t> moments;
  moments.reserve(cells.size());
  for (std::size_t row = 0; row < cells.size(); ++row) moments.push_back(moment_in(cells.at(row, column), times));
  return moments;
}

}  // namespace plumb::sources

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "history/words.h"
#include "sources/agreement.h"
#include "sources/steps.h"

namespace plumb::sources {

Cells regroup(const Groups& step, const Cells& of) {
  Cells made;
  made.header = step.keep;
  made.header.insert(made.header.end(), step.each.begin(), step.each.end());
  const std::size_t kept = step.keep.size(), size = step.each.size();
  const auto put = [&](std::size_t r, Row row) {
    made.rows.push_back(std::move(row));
    if (r < of.lines.size()) made.lines.push_back(of.lines[r]);
  };
  for (std::size_t r = 0; r < of.rows.size(); ++r) {
    Row cells = of.rows[r];
    // A spreadsheet fills the shorter rows up to the longest.
    while (cells.size() > kept && cells.back().empty()) cells.pop_back();
    if (cells.size() <= kept) cells.resize(kept + size);
    while ((cells.size() - kept) % size != 0 && cells.size() < of.rows[r].size()) cells.emplace_back();
    if ((cells.size() - kept) % size != 0) {
      made.wrong.emplace(static_cast<std::uint32_t>(made.rows.size()),
                         fmt::format("its last group has {} of {} cells", (cells.size() - kept) % size, size));
      put(r, std::move(cells));
      continue;
    }
    for (std::size_t begin = kept; begin < cells.size(); begin += size) {
      Row row(cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(kept));
      row.insert(row.end(), cells.begin() + static_cast<std::ptrdiff_t>(begin),
                 cells.begin() + static_cast<std::ptrdiff_t>(begin + size));
      put(r, std::move(row));
    }
  }
  return made;
}

bool fits(const Unpivot& step, std::string_view header) {
  const std::size_t star = step.columns.find('*');
  const std::string_view head = std::string_view(step.columns).substr(0, star);
  const std::string_view tail = std::string_view(step.columns).substr(star + 1);
  if (header.size() <= head.size() + tail.size() || !history::same_letters(header.substr(0, head.size()), head) ||
      !history::same_letters(header.substr(header.size() - tail.size()), tail)) {
    return false;
  }
  const std::string_view name = header.substr(head.size(), header.size() - head.size() - tail.size());
  return std::none_of(step.but.begin(), step.but.end(),
                      [&](const auto& but) { return history::same_letters(but, name); });
}

namespace {

/// The letters and digits of a name, in small letters: `Closed Won`, `closedwon` and `closed-won` are alike.
std::string plain(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || std::isalnum(byte) != 0) letters += static_cast<char>(std::tolower(byte));
  }
  return letters;
}

using Turned = std::vector<std::pair<std::size_t, std::string>>;  // a column, and what the star stands for

/// What may stand behind a name: `_123`, ` (Sales Pipeline)`. Missing: empty.
std::string_view addition_of(std::string_view name) {
  const std::size_t begin = name.ends_with(')') ? name.rfind(" (") : name.rfind('_');
  return begin == std::string_view::npos || begin == 0 ? std::string_view() : name.substr(begin);
}

/// Some systems put the same behind the names of all columns of one sort: it is no part of them if it stands behind one
/// that is known without it.
void leave_out_additions(const Unpivot& step, const Cells& of, const std::vector<std::string>& known, Turned& turned) {
  if (step.present.empty()) return;
  std::set<std::string> names;
  for (const std::string& name : known) names.insert(plain(name));
  const int present = of.column(step.present);
  for (const Row& row : of.rows) names.insert(plain(cell(row, present)));
  std::set<std::string, std::less<>> additions;
  for (const auto& [column, name] : turned) {
    const std::string_view addition = addition_of(name);
    const std::string bare = plain(std::string_view(name).substr(0, name.size() - addition.size()));
    if (!addition.empty() && !bare.empty() && !names.contains(plain(name)) && names.contains(bare))
      additions.emplace(addition);
  }
  for (auto& [column, name] : turned) {
    if (!names.contains(plain(name)) && additions.contains(addition_of(name)))
      name.resize(name.size() - addition_of(name).size());
  }
}

/// `yes` where no cell tells anything, `others` where none tells when the row came to have what it has now. Missing:
/// empty.
std::string_view what_is_lacking(const Unpivot& step, const Turned& turned, const Cells& of, const Row& row) {
  if (step.none.empty()) return {};
  const auto text = [&](std::size_t column) { return history::trimmed(row[column]); };
  const int present = step.present.empty() ? -1 : of.column(step.present);
  const int since = step.since.empty() ? -1 : of.column(step.since);
  const std::string now = plain(cell(row, present));
  const auto is_told = [&](const auto& one) { return !text(one.first).empty(); };
  if (std::none_of(turned.begin(), turned.end(), is_told)) return "yes";
  const bool now_is_told =
      now.empty() || std::any_of(turned.begin(), turned.end(), [&](const auto& one) {
        if (!is_told(one)) return false;
        return plain(one.second) == now || (since >= 0 && text(one.first) == text(static_cast<std::size_t>(since)));
      });
  return now_is_told ? "" : "others";
}

}  // namespace

Result<Cells> unpivot(const Unpivot& step, const Cells& of, const std::vector<std::string>& known) {
  const std::size_t star = step.columns.find('*');
  const std::string_view head = std::string_view(step.columns).substr(0, star);
  const std::string_view tail = std::string_view(step.columns).substr(star + 1);
  std::vector<std::size_t> kept;
  Turned turned;
  Cells made;
  for (std::size_t i = 0; i < of.header.size(); ++i) {
    const std::string_view header = of.header[i];
    if (fits(step, header)) {
      turned.emplace_back(i, header.substr(head.size(), header.size() - head.size() - tail.size()));
    } else {
      kept.push_back(i);
      made.header.emplace_back(header);
    }
  }
  if (turned.empty())
    return Failure{
        fmt::format("the file has no column like `{}`; it has {}", step.columns, history::listed(of.header))};
  leave_out_additions(step, of, known, turned);
  made.header.push_back(step.name);
  made.header.push_back(step.value);
  if (!step.none.empty()) made.header.push_back(step.none);
  for (std::size_t r = 0; r < of.rows.size(); ++r) {
    if (of.rows[r].size() != of.header.size()) continue;  // refused where the file itself is read
    std::string_view lacking = what_is_lacking(step, turned, of, of.rows[r]);
    for (const auto& [column, name] : turned) {
      Row row;
      for (std::size_t i : kept) row.push_back(of.rows[r][i]);
      row.push_back(name);
      row.push_back(of.rows[r][column]);
      if (!step.none.empty()) row.emplace_back(std::exchange(lacking, {}));
      made.rows.push_back(std::move(row));
      if (r < of.lines.size()) made.lines.push_back(of.lines[r]);
    }
  }
  history::TakenFrom& from = made.taken[step.value];
  from.file = of.stands_in;
  auto which = std::make_shared<std::vector<std::uint32_t>>();
  for (std::size_t row = 0; row < made.rows.size(); ++row)
    which->push_back(static_cast<std::uint32_t>(row % turned.size()));
  for (const auto& [column, name] : turned) from.columns.push_back(of.header[column]);
  from.which = std::move(which);
  return made;
}

}  // namespace plumb::sources

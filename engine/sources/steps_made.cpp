#include <algorithm>
#include <cctype>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "history/words.h"
#include "sources/given.h"
#include "sources/steps.h"

namespace plumb::sources {

void GroupsOf::begin(const std::vector<std::string_view>& cells) {
  const std::size_t kept = step_.keep.size(), size = step_.each.size();
  cells_ = cells;
  // A spreadsheet fills the shorter rows up to the longest.
  while (cells_.size() > kept && cells_.back().empty()) cells_.pop_back();
  if (cells_.size() <= kept) cells_.resize(kept + size);
  while ((cells_.size() - kept) % size != 0 && cells_.size() < cells.size()) cells_.emplace_back();
  left_over_ = (cells_.size() - kept) % size;
  at_ = kept;
}

bool GroupsOf::next(std::vector<std::string_view>& row) {
  if (at_ >= cells_.size()) return false;
  if (left_over_ > 0) {
    row = cells_;
    at_ = cells_.size();
    return true;
  }
  const auto begin = cells_.begin();
  const auto group = begin + static_cast<std::ptrdiff_t>(at_);
  row.assign(begin, begin + static_cast<std::ptrdiff_t>(step_.keep.size()));
  row.insert(row.end(), group, group + static_cast<std::ptrdiff_t>(step_.each.size()));
  at_ += step_.each.size();
  return true;
}

Result<Cells> regroup(const Groups& step, const std::shared_ptr<Cells>& of, const Wanted& wanted) {
  auto given = std::make_shared<Given>();
  given->of = of;
  given->groups = step;
  Cells made;
  for (const auto* names : {&step.keep, &step.each})
    made.header.insert(made.header.end(), names->begin(), names->end());
  const std::vector<std::size_t> held = wanted_of(made.header, wanted);
  GroupsOf groups(step);
  std::vector<std::string_view> row;
  WholeRows rows(*of);
  for (std::size_t r = 0; rows.next(); ++r) {
    for (groups.begin(rows.cells()); groups.next(row);) {
      const std::size_t number = made.size();
      made.add_row();
      if (r < of->lines.size()) made.lines.push_back(of->lines[r]);
      if (groups.left_over() > 0) {
        made.wrong.emplace(static_cast<std::uint32_t>(number),
                           fmt::format("its last group has {} of {} cells", groups.left_over(), step.each.size()));
        made.cut_row(number, row.size());
      }
      for (const std::size_t column : held) made.put(number, column, cell(row, static_cast<int>(column)));
    }
  }
  if (!rows.wrong().empty()) return Failure{rows.wrong()};
  made.close();
  made.give(std::move(given));
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

/// What may stand behind a name, from the shortest: `_2`, `_sales_2`; ` (Sales Pipeline)`.
std::vector<std::string_view> additions_of(std::string_view name) {
  std::vector<std::string_view> additions;
  const std::size_t bracket = name.ends_with(')') ? name.rfind(" (") : std::string_view::npos;
  if (bracket != std::string_view::npos && bracket > 0) additions.push_back(name.substr(bracket));
  for (std::size_t at = name.rfind('_'); at != std::string_view::npos && at > 0; at = name.rfind('_', at - 1))
    additions.push_back(name.substr(at));
  return additions;
}

std::string without(std::string_view name, std::string_view addition) {
  return plain(name.substr(0, name.size() - addition.size()));
}

/// All that columns may be about.
std::set<std::string> names_known(const Unpivot& step, const Cells& of, const std::vector<std::string>& known) {
  std::set<std::string> names;
  for (const std::string& name : known) names.insert(plain(name));
  const int present = of.column(step.present);
  for (std::size_t row = 0; row < of.size(); ++row) names.insert(plain(of.at(row, present)));
  names.erase("");
  return names;
}

/// Some systems put the same behind the names of all columns of one sort: it is no part of them if it stands behind one
/// that is known without it. Where two columns would be about one thing then, both keep it: nobody knows which is
/// meant.
void leave_out_additions(const Unpivot& step, const Cells& of, const std::vector<std::string>& known, Turned& turned) {
  if (step.present.empty()) return;
  const std::set<std::string> names = names_known(step, of, known);
  std::set<std::string, std::less<>> additions;
  for (const auto& [column, name] : turned) {
    if (names.contains(plain(name))) continue;
    const auto all = additions_of(name);
    const auto fits = std::find_if(all.begin(), all.end(),
                                   [&](std::string_view addition) { return names.contains(without(name, addition)); });
    if (fits != all.end()) additions.emplace(*fits);
  }
  std::map<std::string, int> called;
  std::vector<std::string_view> left_out;
  for (const auto& [column, name] : turned) {
    auto all = additions_of(name);
    std::erase_if(all, [&](std::string_view addition) { return !additions.contains(addition); });
    const auto fits = std::find_if(all.begin(), all.end(),
                                   [&](std::string_view addition) { return names.contains(without(name, addition)); });
    const bool stays = all.empty() || names.contains(plain(name));
    left_out.push_back(stays ? std::string_view() : fits != all.end() ? *fits : all.back());
    ++called[without(name, left_out.back())];
  }
  for (std::size_t i = 0; i < turned.size(); ++i) {
    std::string& name = turned[i].second;
    if (called[without(name, left_out[i])] == 1) name.resize(name.size() - left_out[i].size());
  }
}

std::string_view without_ends(std::string_view text, std::string_view without) {
  for (;;) {
    text = history::trimmed(text);
    const std::size_t begin = text.find_first_not_of(without);
    if (begin == std::string_view::npos) return {};
    const std::string_view less = text.substr(begin, text.find_last_not_of(without) + 1 - begin);
    if (less.size() == text.size()) return text;
    text = less;
  }
}

}  // namespace

void texts_in(std::string_view cell, std::string_view between, std::string_view without,
              std::vector<std::string_view>& texts) {
  texts.clear();
  if (between.empty()) return texts.push_back(cell);
  for (std::size_t begin = 0; begin <= cell.size();) {
    const std::size_t end = std::min(cell.find(between, begin), cell.size());
    const std::string_view text = without_ends(cell.substr(begin, end - begin), without);
    if (!text.empty()) texts.push_back(text);
    begin = end + between.size();
  }
  if (texts.empty()) texts.emplace_back();
}

namespace {

/// `yes` where no cell tells anything, `others` where none tells when the row came to have what it has now. Missing:
/// empty.
std::string_view what_is_lacking(const Unpivot& step, const Turned& turned, const Cells& of,
                                 const std::vector<std::string_view>& row) {
  if (step.none.empty()) return {};
  const auto text = [&](std::size_t column) { return history::trimmed(row[column]); };
  const int present = step.present.empty() ? -1 : of.column(step.present);
  const int since = step.since.empty() ? -1 : of.column(step.since);
  const std::string now = plain(cell(row, present));
  std::vector<std::string_view> texts;
  const auto is_told = [&](const auto& one) {
    texts_in(row[one.first], step.between, step.without, texts);
    return !history::trimmed(texts.front()).empty();
  };
  if (std::none_of(turned.begin(), turned.end(), is_told)) return "yes";
  const bool now_is_told =
      now.empty() || std::any_of(turned.begin(), turned.end(), [&](const auto& one) {
        if (!is_told(one)) return false;
        return plain(one.second) == now || (since >= 0 && text(one.first) == text(static_cast<std::size_t>(since)));
      });
  return now_is_told ? "" : "others";
}

/// What the columns of a row are, in the order of the table's.
void put_row(const std::vector<std::string_view>& row, const std::vector<std::size_t>& held, Cells& made) {
  const std::size_t number = made.size();
  made.add_row();
  for (const std::size_t column : held) made.put(number, column, row[column]);
}

/// `which`: rows: the column of `turned`.
void say_where_values_are(const Unpivot& step, const Turned& turned, std::shared_ptr<std::vector<std::uint32_t>> which,
                          const Cells& of, Cells& made) {
  history::TakenFrom& from = made.taken[step.value];
  from.file = of.stands_in;
  for (const auto& [column, name] : turned) from.columns.push_back(of.header[column]);
  from.which = std::move(which);
}

}  // namespace

Result<Cells> unpivot(const Unpivot& step, const std::shared_ptr<Cells>& of, const std::vector<std::string>& known,
                      const Wanted& wanted) {
  const std::size_t star = step.columns.find('*');
  const std::string_view head = std::string_view(step.columns).substr(0, star);
  const std::string_view tail = std::string_view(step.columns).substr(star + 1);
  auto given = std::make_shared<Given>();
  given->of = of;
  Turned turned;
  Cells made;
  for (std::size_t i = 0; i < of->header.size(); ++i) {
    const std::string_view header = of->header[i];
    if (fits(step, header)) {
      turned.emplace_back(i, header.substr(head.size(), header.size() - head.size() - tail.size()));
    } else {
      given->kept.push_back(i);
      made.header.emplace_back(header);
      const auto taken = of->taken.find(of->header[i]);  // what the user calls it
      const bool same_row = taken != of->taken.end() && !taken->second.which && !taken->second.lines;
      if (same_row) made.taken[of->header[i]] = taken->second;
    }
  }
  if (turned.empty())
    return Failure{
        fmt::format("the file has no column like `{}`; it has {}", step.columns, history::listed(of->header))};
  leave_out_additions(step, *of, known, turned);
  given->between = step.between, given->without = step.without;
  made.header.push_back(step.name);
  made.header.push_back(step.value);
  const std::vector<std::size_t> held = wanted_of(made.header, wanted);
  std::vector<std::string_view> row(made.header.size());
  std::vector<std::pair<std::size_t, std::string_view>> said;  // in which row: what is lacking
  std::vector<std::string_view> texts;
  auto which = std::make_shared<std::vector<std::uint32_t>>();
  WholeRows rows(*of);
  for (std::size_t r = 0; rows.next(); ++r) {
    if (!of->is_whole(r)) continue;  // refused where the file itself is read
    const std::string_view lacking = what_is_lacking(step, turned, *of, rows.cells());
    if (!lacking.empty()) said.emplace_back(made.size(), lacking);
    for (std::size_t i = 0; i < given->kept.size(); ++i) row[i] = rows.cells()[given->kept[i]];
    for (std::size_t t = 0; t < turned.size(); ++t) {
      row[row.size() - 2] = turned[t].second;
      texts_in(rows.cells()[turned[t].first], step.between, step.without, texts);
      for (const std::string_view text : texts) {
        row[row.size() - 1] = text;
        put_row(row, held, made);
        which->push_back(static_cast<std::uint32_t>(t));
        if (r < of->lines.size()) made.lines.push_back(of->lines[r]);
      }
    }
  }
  if (!rows.wrong().empty()) return Failure{rows.wrong()};
  say_where_values_are(step, turned, std::move(which), *of, made);
  made.close();
  given->turned = std::move(turned);
  made.give(std::move(given));
  if (step.none.empty()) return made;
  const std::size_t none = made.add_column(step.none);
  for (const auto& [number, what] : said) made.put(number, none, what);
  return made;
}

}  // namespace plumb::sources

#include "format/format.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "base/assert.h"
#include "format/lines.h"
#include "format/words.h"

namespace plumb::format {

namespace {

using ast::Body;
using ast::Clause;
using ast::ClauseKind;

constexpr std::size_t step = 2;
constexpr std::string_view between_clauses = "   ";
constexpr std::size_t narrowest_name = 12;
constexpr std::size_t widest_name = 24;

/// The comments before a word, and the blank lines that part it from what stands before; at the begin of a body none.
void write_before(std::string& out, const Words& words, std::size_t word, std::size_t indent, bool begins) {
  for (const Comment& comment : words.before(word)) {
    if (comment.after_blank && !begins) out += '\n';
    out += std::string(indent, ' ') + comment.text + '\n';
    begins = false;
  }
  if (words[word].after_blank && !begins && !words[word].text.empty() && words[word].text != "}") out += '\n';
}

/// Whether a blank line stands between a word and the word or comment before it.
bool is_parted(const Words& words, std::size_t word) {
  const auto comments = words.before(word);
  return comments.empty() ? words[word].after_blank : comments.front().after_blank;
}

/// The clauses in their one order.
std::vector<const Clause*> ordered(const Body& body) {
  std::vector<const Clause*> clauses;
  for (const Clause& clause : body.clauses) clauses.push_back(&clause);
  std::ranges::stable_sort(clauses, {}, &Clause::kind);
  return clauses;
}

// ---- on one line ----------------------------------------------------------------------------------------------------

bool stood_on_one_line(const Words& words, Range braces) {
  for (std::size_t i = braces.first + 1; i < braces.end; ++i) {
    if (words[i].on_new_line) return false;
  }
  return true;
}

bool has_comments(const Words& words, Range range) {
  for (std::size_t i = range.first + 1; i < range.end; ++i) {
    if (!words[i].comments.empty()) return true;
  }
  return false;
}

/// Missing: nothing for what did not stand on one line, or does not fit on one.
std::optional<std::string> one_line(const Words& words, Range range, Range braces, const Body& body,
                                    std::size_t indent) {
  const bool nested = std::ranges::any_of(body.clauses, [](const Clause& c) { return c.body.span.known(); });
  if (nested || !stood_on_one_line(words, braces) || has_comments(words, range)) return std::nullopt;
  std::string line = std::string(indent, ' ') + joined(words, {range.first, braces.first + 1});
  std::string_view blanks = " ";
  for (const Clause* clause : ordered(body)) {
    line += blanks;
    line += joined(words, words.within(clause->span));
    blanks = between_clauses;
  }
  line += " " + joined(words, {braces.end - 1, range.end});
  return width_of(line) <= line_width ? std::optional(line) : std::nullopt;
}

// ---- columns of fields ----------------------------------------------------------------------------------------------

bool is_aligned(const Words& words, const Clause& clause) {
  return clause.kind == ClauseKind::field && words[words.within(clause.span).first + 1].comments.empty();
}

/// By clause: where the types begin, counted from the names; the same for all fields between two blank lines.
std::vector<std::size_t> columns(const Words& words, const std::vector<const Clause*>& clauses) {
  std::vector<std::size_t> columns;
  std::size_t widest = narrowest_name;
  const auto end_group = [&] {
    for (std::size_t i = columns.size(); i-- > 0 && columns[i] == 0;) columns[i] = widest + between_clauses.size();
    widest = narrowest_name;
  };
  for (const Clause* clause : clauses) {
    const std::size_t name = words.within(clause->span).first;
    if (is_parted(words, name)) end_group();
    columns.push_back(0);
    if (is_aligned(words, *clause)) widest = std::max(widest, std::min(width_of(words[name].text), widest_name));
  }
  end_group();
  return columns;
}

void write_field(std::string& out, const Words& words, Range range, std::size_t indent, std::size_t column) {
  const std::string& name = words[range.first].text;
  const std::size_t width = width_of(name);
  const std::size_t blanks = width < column ? column - width : 1;
  write_run(out, words, {range.first + 1, range.end}, {indent, indent + step, name + std::string(blanks, ' ')});
}

// ---- bodies ---------------------------------------------------------------------------------------------------------

void write_item(std::string& out, Words& words, Range range, const Body& body, std::size_t indent, bool short_form);

void write_clauses(std::string& out, Words& words, Range braces, const Body& body, std::size_t indent) {
  const std::vector<const Clause*> clauses = ordered(body);
  const std::vector<std::size_t> column = columns(words, clauses);
  std::size_t written = 0;
  for (std::size_t i = 0; i < clauses.size(); ++i) {
    const Range range = words.within(clauses[i]->span);
    write_before(out, words, range.first, indent, i == 0);
    if (is_aligned(words, *clauses[i])) {
      write_field(out, words, range, indent, column[i]);
    } else {
      write_item(out, words, range, clauses[i]->body, indent, true);
    }
    written += range.size();
  }
  PLUMB_ASSERT(written + 2 == braces.size(), "the clauses of a body hold all of its words");
  write_before(out, words, braces.end - 1, indent, clauses.empty());
}

/// A declaration, or a clause. `short_form`: it may stay on one line.
void write_item(std::string& out, Words& words, Range range, const Body& body, std::size_t indent, bool short_form) {
  if (!body.span.known()) return write_run(out, words, range, {indent, indent + step, {}});
  const Range braces = words.within(body.span);
  words.move_behind(braces.first);
  // The lines that a head goes on in stand further in than the clauses.
  const Place head{indent, indent + 2 * step, {}};
  if (body.clauses.empty() && words[braces.end - 1].comments.empty()) return write_run(out, words, range, head);
  if (const auto line = short_form ? one_line(words, range, braces, body, indent) : std::nullopt) {
    const Comment* comment = words.behind(range.end - 1);
    out += *line + (comment ? "  " + comment->text : "") + '\n';
    return;
  }
  write_run(out, words, {range.first, braces.first + 1}, head);
  write_clauses(out, words, braces, body, indent + step);
  write_run(out, words, {braces.end - 1, range.end}, {indent, indent + step, {}});
}

// ---- declarations ---------------------------------------------------------------------------------------------------

struct Item {
  source::Span span;
  const Body* body = nullptr;
};

std::vector<Item> items_of(const ast::File& file) {
  static const Body none;
  std::vector<Item> items;
  if (file.rulebook) items.push_back({file.rulebook->span, &file.rulebook->body});
  const auto add = [&](const auto& declaration) {
    if constexpr (requires { declaration.body; }) {
      items.push_back({declaration.span, &declaration.body});
    } else {
      items.push_back({declaration.span, &none});
    }
  };
  for (const ast::Declaration& declaration : file.declarations) std::visit(add, declaration);
  std::ranges::sort(items, {}, [](const Item& item) { return item.span.begin; });
  return items;
}

/// What is read as a text of its own stands on lines of its own.
bool has_short_form(std::string_view keyword) {
  constexpr std::array<std::string_view, 8> whole{"must",      "should", "trial",  "process",
                                                  "checklist", "plan",   "ladder", "test"};
  return std::ranges::find(whole, keyword) == whole.end();
}

std::string_view kind_of(std::string_view keyword) { return keyword == "remove" ? "change" : keyword; }

/// Short declarations of one kind may stand close together; one blank line parts all others.
void write_items(std::string& out, Words& words, const std::vector<Item>& items) {
  std::string_view before;  // the kind of the declaration above, where it is a short one
  std::size_t written = 0;
  for (const Item& item : items) {
    const Range range = words.within(item.span);
    const std::string_view keyword = words[range.first].text;
    const bool close = before == kind_of(keyword) && !is_parted(words, range.first);
    if (written > 0 && !close && !is_parted(words, range.first)) out += '\n';
    write_before(out, words, range.first, 0, written == 0);
    write_item(out, words, range, *item.body, 0, has_short_form(keyword));
    const bool on_lines_of_its_own = out[out.rfind('\n', out.size() - 2) + 1] == '}';
    before = on_lines_of_its_own ? std::string_view() : kind_of(keyword);
    written += range.size();
  }
  PLUMB_ASSERT(written == words.size(), "the declarations of a file hold all of its words");
  write_before(out, words, words.size(), 0, items.empty());
}

}  // namespace

std::string format(const ast::File& file, const source::Map& texts) {
  if (!file.whole) return std::string(texts[file.text].content());
  Words words(file, texts);
  std::string out;
  write_items(out, words, items_of(file));
  return out;
}

}  // namespace plumb::format

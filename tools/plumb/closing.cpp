#include "plumb/closing.h"

#include <set>

#include <fmt/format.h>

#include "plumb/console.h"

namespace plumb::tool {

namespace {

/// A text's last line break ends its last line.
std::size_t lines_of(const source::Text& text) {
  const std::uint32_t lines = text.line_count();
  return text.line(lines).empty() ? lines - 1 : lines;
}

}  // namespace

Counts count(const diagnostics::Report& report, const source::Map& texts) {
  Counts counts;
  for (const diagnostics::Found& found : diagnostics::without_repeats(report, texts)) {
    const diagnostics::Severity severity = found.diagnostic.severity;
    ++(severity == diagnostics::Severity::error     ? counts.errors
       : severity == diagnostics::Severity::warning ? counts.warnings
                                                    : counts.notes);
    if (diagnostics::fails(report, severity)) ++counts.failing;
  }
  for (const diagnostics::Checked& input : report.inputs) counts.unreadable += input.unreadable.empty() ? 0 : 1;
  return counts;
}

std::string closing_line(const Counts& counts, const source::Map& texts) {
  std::set<std::string> files;
  std::size_t lines = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const source::Text& text = texts[Id<source::Text>(i)];
    if (files.insert(text.path()).second) lines += lines_of(text);
  }
  std::string line =
      fmt::format("read {}, {}: {}, {}", counted(files.size(), "file", "files"), counted(lines, "line", "lines"),
                  counted(counts.errors, "error", "errors"), counted(counts.warnings, "warning", "warnings"));
  if (counts.notes > 0) line += ", " + counted(counts.notes, "note", "notes");
  if (counts.unreadable > 0) line += fmt::format("; {} could not be read", counts.unreadable);
  return line;
}

}  // namespace plumb::tool

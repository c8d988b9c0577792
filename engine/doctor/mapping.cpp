#include "doctor/mapping.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "doctor/row_text.h"
#include "history/untold_stage.h"
#include "history/words.h"
#include "report/escape.h"
#include "report/page.h"

namespace plumb::doctor {

namespace {

using history::ColumnRef;
using history::FileSpec;
using history::Mapping;
using history::RowSpec;
using history::ValueFrom;

// ---- the whole export -----------------------------------------------------------------------------------------------

std::string stretch_text(const time::Interval& stretch) {
  const bool from = stretch.from.known(), until = stretch.until != time::Instant::max();
  if (stretch.from == time::Instant::max()) return "never";
  if (!from && !until) return "always";
  if (!until) return fmt::format("from {} on", time::to_text_utc(stretch.from));
  if (!from) return fmt::format("until {}", time::to_text_utc(stretch.until));
  return fmt::format("from {} until {}", time::to_text_utc(stretch.from), time::to_text_utc(stretch.until));
}

// The stages that the mapping makes of rows which name none, as of deals that are won. Missing: empty.
std::string made_stages_text(const Mapping& mapping) {
  std::set<std::string> made;
  for (const FileSpec& file : mapping.files) {
    for (const RowSpec& row : file.rows) {
      if (row.kind != history::RowKind::move || !row.to.constant) continue;
      const std::string& name = *row.to.constant;
      if (!name.empty() && name != history::not_known && !history::is_untold_stage(name)) made.insert(name);
    }
  }
  if (made.empty()) return {};
  const bool one = made.size() == 1;
  const std::string& first = *made.begin();
  const std::string example =
      first == "won" || first == "lost" ? fmt::format(", as in `stage {} {{ {} }}`", first, first) : std::string();
  return fmt::format("{} of the export, but what is made of rows that name none: a process has {}{}.",
                     history::listed({made.begin(), made.end()}) + (one ? " is no stage" : " are no stages"),
                     one ? "it" : "them", example);
}

std::vector<std::string> about_all(const Mapping& mapping) {
  std::vector<std::string> said;
  said.push_back(fmt::format("Times without an offset are read as {}.", mapping.zone));
  said.push_back(mapping.recorded_is_at
                     ? "Where a row does not say when it was recorded, it was recorded when it happened."
                     : "Where a row does not say when it was recorded, nobody knows: what was to be stated in time "
                       "cannot be told.");
  if (mapping.actors_are_people) said.emplace_back("Whoever acts, owns or manages is a person, listed or not.");
  if (!mapping.unnamed_actor.empty())
    said.push_back(fmt::format("What names no actor was done by `{}`.", mapping.unnamed_actor));
  std::string coverage = fmt::format("Everything is observed {}", stretch_text(mapping.coverage.everything));
  for (const auto& [what, stretch] : mapping.coverage.of)
    coverage += fmt::format("; `{}` {}", what, stretch_text(stretch));
  said.push_back(coverage + ".");
  for (const auto& [what, other] : mapping.told_by)
    said.push_back(fmt::format("Of `{}` {} would tell more.", what, other));
  if (std::string made = made_stages_text(mapping); !made.empty()) said.push_back(std::move(made));
  if (mapping.complete_until != time::Instant::max()) {
    said.push_back(fmt::format("The export is complete until {}; of what is later it knows nothing.",
                               time::to_text_utc(mapping.complete_until)));
  }
  return said;
}

// ---- columns --------------------------------------------------------------------------------------------------------

bool has(const std::vector<std::string>& columns, std::string_view name) {
  return std::any_of(columns.begin(), columns.end(),
                     [&](const auto& column) { return history::same_letters(column, name); });
}

void compare_columns(const FileSpec& file, const Preparation& prepared, const Header& header, FilePlan& plan) {
  std::set<std::string> read;
  std::set<std::string> lacking, optional;
  const auto look = [&](const ColumnRef& column) {
    if (!column.given()) return;
    const auto found = std::find_if(column.names.begin(), column.names.end(), [&](const auto& name) {
      return has(header.columns, name) || has(prepared.added, name);
    });
    if (found != column.names.end()) {
      for (const std::string& one : header.columns) {
        if (history::same_letters(one, *found)) read.insert(one);
      }
    } else {
      (column.optional ? optional : lacking).insert(fmt::format("{}", fmt::join(column.names, " or ")));
    }
  };
  for (const RowSpec& row : file.rows) {
    plan.by_header = plan.by_header || row.fields_by_header;
    for (const history::RowCondition& condition : row.when) look(condition.column);
    for_each_value(row, [&](const ValueFrom& value) { look(value.column), look(value.currency_column); });
  }
  plan.lacking_optional.assign(optional.begin(), optional.end());
  for (const std::string& name : prepared.needed) look({{name}, {}, false});
  for (const std::string& name : prepared.used) look({{name}, {}, true});
  plan.lacking.assign(lacking.begin(), lacking.end());
  for (const std::string& column : header.columns) {
    if (read.count(column) == 0 && !prepared.made && !has(prepared.left, column)) plan.unread.push_back(column);
  }
}

FilePlan plan_of(const FileSpec& file, const Preparation& prepared, const Header* header) {
  FilePlan plan;
  plan.file = file.path;
  plan.sentences = prepared.sentences;
  if (!file.zone.empty())
    plan.sentences.push_back(fmt::format("Times without an offset are read as {} here.", file.zone));
  if (file.delimiter != ',') {
    const std::string_view mark = file.delimiter == ';' ? "semicolons" : file.delimiter == '\t' ? "tabs" : "bars";
    plan.sentences.push_back(fmt::format("Its cells are divided by {}.", mark));
  }
  if (file.file_order_is_sequence) {
    plan.sentences.push_back(fmt::format("Of things at one instant, that in the {} row happened first.",
                                         prepared.newest_first ? "later" : "earlier"));
  }
  for (const RowSpec& row : file.rows) plan.sentences.push_back(row_text(row));
  if (file.rows.empty() && prepared.sentences.empty()) {
    plan.sentences.emplace_back("It is there for the other files.");
  }
  const bool chosen = !file.rows.empty() && std::all_of(file.rows.begin(), file.rows.end(),
                                                        [](const RowSpec& row) { return !row.when.empty(); });
  if (chosen) {
    plan.sentences.emplace_back(file.every_row_counts ? "Any other row is refused, and listed."
                                                      : "Any other row is left out, and counted.");
  }
  if (header == nullptr) return plan;
  plan.lacks_file = !header->there && !file.optional;
  plan.absent = !header->there && file.optional;
  if (header->there) compare_columns(file, prepared, *header, plan);
  return plan;
}

std::string columns_text(const std::vector<std::string>& columns) {
  std::vector<std::string> quoted;
  for (const std::string& column : columns) quoted.push_back(fmt::format("`{}`", column));
  return fmt::format("{}", fmt::join(quoted, ", "));
}

void append_texts(report::Buffer& out, std::string_view key, const std::vector<std::string>& texts) {
  report::append(out, fmt::format("\"{}\":[", key));
  for (const std::string& text : texts) {
    if (&text != texts.data()) report::append(out, ",");
    report::append_json(out, text);
  }
  report::append(out, "]");
}

}  // namespace

bool MappingPlan::fits() const {
  return std::none_of(files.begin(), files.end(),
                      [](const FilePlan& file) { return file.lacks_file || !file.lacking.empty(); });
}

MappingPlan explain_mapping(const Mapping& mapping, const std::vector<Preparation>& prepared,
                            const std::vector<Header>& headers) {
  MappingPlan plan{mapping.path, about_all(mapping), {}, !headers.empty()};
  for (std::size_t i = 0; i < mapping.files.size(); ++i) {
    plan.files.push_back(plan_of(mapping.files[i], prepared[i], headers.empty() ? nullptr : &headers[i]));
  }
  return plan;
}

std::string human(const MappingPlan& plan, bool colour) {
  using report::Tone;
  report::Page page(colour);
  page.heading(fmt::format("What {} does with an export", plan.path));
  for (const std::string& sentence : plan.sentences) page.paragraph(2, sentence);
  for (const FilePlan& file : plan.files) {
    page.heading(file.file);
    for (const std::string& sentence : file.sentences) page.paragraph(2, sentence);
    if (file.lacks_file) page.paragraph(2, "The export has no such file, and the mapping needs it.", Tone::bad);
    if (!file.lacking.empty()) {
      page.paragraph(2, fmt::format("Columns that the file does not have: {}.", columns_text(file.lacking)), Tone::bad);
    }
    if (file.absent) {
      page.paragraph(2, "The export has no such file, and may do without: what it would say is unknown.",
                     Tone::warning);
    }
    if (!file.lacking_optional.empty()) {
      page.paragraph(2,
                     fmt::format("Columns that the file may have and does not, so that what they would say is unknown: "
                                 "{}.",
                                 columns_text(file.lacking_optional)),
                     Tone::warning);
    }
    if (!file.unread.empty()) {
      page.paragraph(2,
                     fmt::format("Columns that nothing reads{}: {}.",
                                 file.by_header ? ", unless the rulebook declares a field of that name" : "",
                                 columns_text(file.unread)),
                     Tone::quiet);
    }
  }
  return page.take();
}

std::string json(const MappingPlan& plan) {
  report::Buffer out = "{\"mapping\":";
  report::append_json(out, plan.path);
  report::append(out, fmt::format(",\"compared\":{},", plan.compared));
  append_texts(out, "says", plan.sentences);
  report::append(out, ",\n\"files\":[");
  for (const FilePlan& file : plan.files) {
    report::append(out, &file == plan.files.data() ? "\n  {\"file\":" : ",\n  {\"file\":");
    report::append_json(out, file.file);
    report::append(out, ",");
    append_texts(out, "says", file.sentences);
    report::append(out, fmt::format(",\"lacks_file\":{},\"absent\":{},", file.lacks_file, file.absent));
    append_texts(out, "lacking", file.lacking);
    report::append(out, ",");
    append_texts(out, "lacking_optional", file.lacking_optional);
    report::append(out, ",");
    append_texts(out, "unread", file.unread);
    report::append(out, fmt::format(",\"by_header\":{}}}", file.by_header));
  }
  report::append(out, "]}\n");
  return out;
}

}  // namespace plumb::doctor

#include "adapters/mapping_file.h"

#include <algorithm>
#include <string>
#include <utility>

#include "adapters/rows.h"
#include "adapters/steps.h"
#include "history/lacking.h"
#include "time/calendar.h"
#include "time/parse_time.h"

namespace plumb::adapters {

namespace diag = diagnostics::diag;
using history::FileSpec;
using history::Mapping;
using time::Instant;
using time::Interval;

namespace {

using FieldPlaces = std::vector<std::pair<std::string, source::Span>>;

// Loading counts in a byte what a row becomes.
constexpr std::size_t most_rows = 250;

constexpr yaml::Purpose purpose{"mapping", "a mapping says at least `zone`, `coverage` and `files`",
                                "a mapping is the description of an export, not the export"};

time::Zone zone_of(const Mapping& mapping) {
  const auto zone = time::Zone::find(mapping.zone);
  return zone ? *zone : time::Zone::utc();
}

// A date is the start of its day: intervals are half open, and `until 2026-04-01` ends with March.
std::optional<Instant> read_instant(const Node& node, std::string_view called, const time::Zone& zone,
                                    const Reading& reading) {
  const auto text = read_text(node, called, reading);
  if (!text) return std::nullopt;
  const auto read = time::parse_reading(*text, zone);
  if (!read) {
    reading.sink.report(node.span, diag::MappingDate, read.error())
        .hint("dates are written `2026-03-31`, instants `2026-03-31 17:00`");
    return std::nullopt;
  }
  return read->at.known() ? read->at : zone.start_of(read->day);
}

Interval read_stretch(const Entry& entry, const time::Zone& zone, const Reading& reading) {
  constexpr Interval always{Instant::unknown(), Instant::max()};
  constexpr Interval never{Instant::max(), Instant::max()};
  if (entry.value->kind != NodeKind::map) {
    return read_word<Interval>(*entry.value, entry.name(), {{"always", always}, {"never", never}}, reading)
        .value_or(always);
  }
  const Table table(*entry.value, fmt::format("the coverage of `{}`", entry.name()), {"from", "until"}, reading);
  Interval result = always;
  const Node* from = table.find("from");
  const Node* until = table.find("until");
  if (from == nullptr && until == nullptr) table.need("from", "say `from` when, `until` when, or both");
  if (from != nullptr) result.from = read_instant(*from, "from", zone, reading).value_or(always.from);
  if (until != nullptr) result.until = read_instant(*until, "until", zone, reading).value_or(always.until);
  if (result.until <= result.from) {
    reading.sink.report(until->span, diag::MappingBackwards, until->text, from->text)
        .hint("`until` is the first instant that is no longer covered");
  }
  return result;
}

void read_coverage(const Table& table, Mapping& mapping, const Reading& reading) {
  const Node* node =
      table.need("coverage", "say from when to when things are observed, at least `coverage: { everything: always }`");
  if (node == nullptr) return;
  const std::vector<Entry> entries = entries_of(*node, "`coverage`", reading);
  bool everything = false;
  for (const Entry& entry : entries) {
    const Interval stretch = read_stretch(entry, zone_of(mapping), reading);
    everything = everything || entry.name() == "everything";
    mapping.coverage_places.emplace(entry.name(), written_at(entry.key->span, reading));
    (entry.name() == "everything" ? mapping.coverage.everything : mapping.coverage.of[entry.name()]) = stretch;
  }
  if (everything || node->kind != NodeKind::map) return;
  reading.sink.report(node->span, diag::MissingMappingKey, "`coverage`", "everything")
      .hint(
          "say what holds where nothing more particular is said: `everything: always`, `never`, or from when to when");
}

void read_told_by(const Table& table, Mapping& mapping, const Reading& reading) {
  const Node* node = table.find("told by");
  if (node == nullptr) return;
  for (const Entry& entry : entries_of(*node, "`told by`", reading)) {
    const std::optional<std::string> what = read_text(*entry.value, entry.name(), reading);
    if (what) mapping.told_by.emplace(entry.name(), *what);
    mapping.coverage_places.emplace(history::told_key(entry.name()), written_at(entry.key->span, reading));
  }
}

void read_people(const Table& table, Mapping& mapping, const Reading& reading) {
  const Node* node = table.find("people");
  if (node == nullptr) return;
  const Table people(*node, "`people`", {"actors", "unnamed"}, reading);
  mapping.actors_are_people = read_yes(people.find("actors"), "actors", reading);
  if (const Node* unnamed = people.find("unnamed")) {
    mapping.unnamed_actor = read_text(*unnamed, "unnamed", reading).value_or("");
  }
}

// Rulebook and mapping travel apart from the data: a mapping must not be able to name files elsewhere.
bool stays_inside(const std::string& path) {
  if (path.front() == '/' || path.find('\\') != std::string::npos || path.find(':') != std::string::npos) return false;
  const std::string framed = "/" + path + "/";
  return framed.find("/../") == std::string::npos;
}

void read_path(const Table& table, FileSpec& file, const std::vector<FileSpec>& before, const Reading& reading) {
  const Node* node = table.need("file", "say with `file` which file of the folder it is");
  if (node == nullptr) return;
  file.place = written_at(node->span, reading);
  file.path = read_text(*node, "file", reading).value_or("");
  if (file.path.empty()) return;
  if (!stays_inside(file.path)) {
    reading.sink.report(node->span, diag::MappingPath, file.path)
        .hint("files are named from the folder of the history on, such as `deals.csv`");
  }
  const bool again =
      std::any_of(before.begin(), before.end(), [&](const auto& other) { return other.path == file.path; });
  if (again) {
    reading.sink.report(node->span, diag::RepeatedMappingKey, file.path)
        .hint("a file stands once; its `rows` is a list that says all that its rows mean");
  }
}

void read_file_facts(const Table& table, FileSpec& file, const Reading& reading) {
  if (const Node* node = table.find("delimiter")) {
    file.delimiter =
        read_word<char>(*node, "delimiter", {{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"pipe", '|'}}, reading)
            .value_or(',');
  }
  if (const Node* node = table.find("sequence")) {
    file.file_order_is_sequence =
        read_word<bool>(*node, "sequence", {{"file order", true}, {"newest first", true}}, reading).value_or(false);
  }
  if (table.find("order by") != nullptr)
    table.need("sequence", "say `sequence: file order`: the file is put into that order first");
  if (const Node* node = table.find("zone")) file.zone = read_zone(*node, reading);
  file.optional = read_yes(table.find("optional"), "optional", reading);
  file.every_row_counts = read_yes(table.find("every row counts"), "every row counts", reading);
}

FileSpec read_file(const Node& node, RowContext context, const std::vector<FileSpec>& before,
                   const std::vector<std::string>& names, sources::Steps& steps, const Reading& reading) {
  static const std::vector<std::string> keys = {
      "file",     "rows",       "delimiter", "optional", "every row counts", "sequence",        "zone",
      "dates",    "decimal",    "thousands", "empty",    "unpivot",          "long ids",        "look up",
      "at first", "row before", "query",     "merges",   "groups",           "at the time",     "compare",
      "parts",    "not read",   "order by",  "encoding", "also called",      "columns not read"};
  FileSpec file;
  file.place = written_at(node.span, reading);
  const Table table(node, "a file", keys, reading);
  if (!table.usable()) return file;
  read_path(table, file, before, reading);
  read_file_facts(table, file, reading);
  steps = read_steps(table, names, reading);
  if (const Node* encoding = table.find("encoding")) steps.encoding = read_encoding(*encoding, reading);
  read_defaults(table, context.defaults, reading);
  steps.order = context.defaults.order;
  context.file_order_is_sequence = file.file_order_is_sequence;
  table.only_one_of("not read", "rows");
  if (table.find("not read") != nullptr) {
    file.optional = true;
    return file;
  }
  const Node* rows = table.need("rows", "say with `rows` what each row of the file is");
  if (rows == nullptr) return file;
  // What only other files are made of, or look things up in.
  if (rows->kind == NodeKind::text && rows->text == "none") return file;
  if (rows->kind != NodeKind::list || rows->items.empty()) {
    report_kind(*rows, "`rows`", "a list of what each row is", reading);
    return file;
  }
  if (rows->items.size() > most_rows) {
    reading.sink.report(rows->span, diag::MappingKind, "`rows`", fmt::format("a list of {} items", rows->items.size()),
                        fmt::format("one of at most {}", most_rows));
    return file;
  }
  for (const Node& row : rows->items) {
    if (auto spec = read_row(row, context, reading)) file.rows.push_back(std::move(*spec));
  }
  return file;
}

// Those that are written as such; what is wrong with the others is said where they are read.
std::vector<std::string> names_of(const Node& files) {
  std::vector<std::string> names;
  for (const Node& file : files.items) {
    for (std::size_t i = 0; i < file.keys.size(); ++i) {
      if (file.keys[i].text == "file" && file.items[i].kind == NodeKind::text) names.push_back(file.items[i].text);
    }
  }
  return names;
}

void read_files(const Table& table, const RowContext& context, sources::Adapter& adapter, const Reading& reading) {
  const Node* node = table.need("files", "say with `files` which files the export has");
  if (node == nullptr) return;
  if (node->kind != NodeKind::list || node->items.empty()) {
    report_kind(*node, "`files`", "a list of files", reading)
        .hint("each file is an item of its own, and begins with `- file:`");
    return;
  }
  std::vector<FileSpec>& files = adapter.mapping.files;
  const std::vector<std::string> names = names_of(*node);
  for (const Node& file : node->items) {
    files.push_back(read_file(file, context, files, names, adapter.steps.emplace_back(), reading));
  }
}

// Such a field is observed from the export's instant on; before it, nobody knows what it was.
void cover_export_values(const Table& table, const FieldPlaces& fields, Mapping& mapping, const Reading& reading) {
  if (fields.empty()) return;
  if (table.find("complete until") == nullptr) {
    reading.sink.report(fields.front().second, diag::MissingMappingKey, "the mapping", "complete until")
        .hint("`values as of: export` needs to know when the export was made");
    return;
  }
  const Interval since_export{mapping.complete_until, Instant::max()};
  for (const auto& [field, span] : fields) {
    const auto [covered, added] = mapping.coverage.of.emplace(field, since_export);
    if (added || covered->second == since_export) continue;
    reading.sink.report(span, diag::MappingConflict, "the mapping", "values as of: export", "coverage")
        .hint("`coverage` says already when `{}` is observed; leave one of the two", field);
  }
}

void read_stages(const Table& table, RowContext& context, const Reading& reading) {
  const Node* node = table.find("stages");
  if (node == nullptr) return;
  for (const Entry& entry : entries_of(*node, "`stages`", reading)) {
    if (auto stage = read_text(*entry.value, entry.name(), reading)) context.stages.emplace_back(entry.name(), *stage);
  }
}

void read_times(const Table& table, Mapping& mapping, const Reading& reading) {
  if (const Node* zone = table.need("zone", "say in which zone the export writes its times, such as `zone: UTC`")) {
    const std::string name = read_zone(*zone, reading);
    if (!name.empty()) mapping.zone = name;
  }
  if (const Node* recorded = table.find("recorded")) {
    mapping.recorded_is_at =
        read_word<bool>(*recorded, "recorded", {{"at", true}, {"unknown", false}}, reading).value_or(false);
  }
  if (const Node* until = table.find("complete until")) {
    mapping.complete_until = read_instant(*until, "complete until", zone_of(mapping), reading).value_or(Instant::max());
  }
}

void read_root(const Node& root, sources::Adapter& adapter, const Reading& reading) {
  static const std::vector<std::string> keys = {"zone",   "recorded", "coverage", "complete until", "people",
                                                "stages", "dates",    "decimal",  "thousands",      "empty",
                                                "files",  "assumes",  "encoding", "rather than",    "told by"};
  Mapping& mapping = adapter.mapping;
  const Table table(root, "the mapping", keys, reading);
  if (!table.usable()) return;
  FieldPlaces as_of_export;
  RowContext context;
  context.as_of_export = &as_of_export;
  read_times(table, mapping, reading);
  read_coverage(table, mapping, reading);
  read_told_by(table, mapping, reading);
  read_people(table, mapping, reading);
  read_stages(table, context, reading);
  read_defaults(table, context.defaults, reading);
  if (const Node* encoding = table.find("encoding")) adapter.encoding = read_encoding(*encoding, reading);
  read_files(table, context, adapter, reading);
  if (const Node* node = table.find("assumes")) adapter.assumes = read_texts(*node, "assumes", reading);
  if (const Node* node = table.find("rather than")) adapter.rather_than = read_texts(*node, "rather than", reading);
  cover_export_values(table, as_of_export, mapping, reading);
}

}  // namespace

sources::Adapter read_adapter(const source::Map& texts, Id<source::Text> text, diagnostics::Sink& sink) {
  sources::Adapter adapter;
  adapter.mapping.path = texts[text].path();
  const std::optional<Node> root = yaml::read(texts, text, purpose, sink);
  if (!root) return adapter;
  if (root->kind == NodeKind::empty) {
    sink.report({text, 0, 0}, diag::EmptyMapping, purpose.name).hint("{}", purpose.says);
    return adapter;
  }
  read_root(*root, adapter, {texts, sink});
  return adapter;
}

Mapping read_mapping(const source::Map& texts, Id<source::Text> text, diagnostics::Sink& sink) {
  return read_adapter(texts, text, sink).mapping;
}

}  // namespace plumb::adapters

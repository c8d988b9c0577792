#include <algorithm>
#include <map>

#include "diagnostics/json_writer.h"
#include "diagnostics/path.h"
#include "diagnostics/render.h"
#include "diagnostics/shown.h"

namespace plumb::diagnostics {

namespace {

constexpr std::string_view schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What all parts of the log need.
struct Log {
  JsonWriter json;
  const source::Map& texts;
  std::vector<const Code*> rules;  // those that occur, in the catalog's order
};

/// SARIF takes `{0}` for a placeholder and `[words](target)` for a link; a user's words are neither.
std::string message_text(std::string_view text) {
  const bool looks_like_link = text.find("](") != std::string_view::npos;
  std::string result;
  for (const char c : text) {
    if (c == '{' || c == '}') result += c;
    if (looks_like_link && (c == '[' || c == ']' || c == '\\')) result += '\\';
    result += c;
  }
  return result;
}

void put_message(Log& log, std::string_view name, std::string_view text) {
  log.json.open(name, '{');
  log.json.text("text", message_text(text));
  log.json.close('}');
}

void put_artifact(Log& log, std::string_view name, std::string_view path) {
  log.json.open(name, '{');
  log.json.text("uri", uri_of(path));
  log.json.close('}');
}

void put_region(Log& log, std::string_view name, source::Span span) {
  const source::Place begin = log.texts.begin(span);
  const source::Place end = log.texts.end(span);
  log.json.open(name, '{');
  log.json.number("startLine", begin.line);
  log.json.number("startColumn", begin.column);
  log.json.number("endLine", end.line);
  log.json.number("endColumn", end.column);
  log.json.close('}');
}

/// Missing: of a span of no text, the file alone.
void put_place(Log& log, source::Span span, std::string_view file) {
  log.json.open("physicalLocation", '{');
  put_artifact(log, "artifactLocation", span.known() ? std::string_view(log.texts[span.text].path()) : file);
  if (span.known()) put_region(log, "region", span);
  log.json.close('}');
}

/// The message's format with `…` for what is the user's: `{} have no field …`.
std::string pattern(std::string_view format) {
  std::string result;
  for (std::size_t at = 0; at < format.size(); ++at) {
    const char c = format[at];
    const bool is_doubled = at + 1 < format.size() && format[at + 1] == c;
    if (c == '{' && !is_doubled) {
      at = std::min(format.find('}', at), format.size() - 1);
      result += "…";
      continue;
    }
    result += c;
    if ((c == '{' || c == '}') && is_doubled) ++at;
  }
  return result;
}

std::string spaced(std::string_view code) {
  std::string words(code);
  std::replace(words.begin(), words.end(), '-', ' ');
  return words;
}

void put_rule(Log& log, const Code& code) {
  log.json.open("", '{');
  log.json.text("id", code.name);
  put_message(log, "shortDescription", spaced(code.name));
  put_message(log, "fullDescription", pattern(code.format));
  put_message(log, "help", fmt::format("`plumb explain-code {}` says what this means, with an example.", code.name));
  log.json.open("defaultConfiguration", '{');
  log.json.text("level", to_text(code.severity));
  log.json.close('}');
  log.json.close('}');
}

void put_driver(Log& log, std::string_view version) {
  log.json.open("tool", '{');
  log.json.open("driver", '{');
  log.json.text("name", "Plumb");
  log.json.text("version", version);
  log.json.open("rules", '[');
  for (const Code* code : log.rules) put_rule(log, *code);
  log.json.close(']');
  log.json.open("notifications", '[');
  log.json.open("", '{');
  log.json.text("id", "unreadable");
  put_message(log, "shortDescription", "an input could not be read");
  log.json.close('}');
  log.json.close(']');
  log.json.close('}');
  log.json.close('}');
}

void put_notification(Log& log, const Checked& input) {
  log.json.open("", '{');
  log.json.open("descriptor", '{');
  log.json.text("id", "unreadable");
  log.json.number("index", 0);
  log.json.close('}');
  log.json.text("level", "error");
  put_message(log, "message", input.unreadable);
  log.json.open("locations", '[');
  log.json.open("", '{');
  put_place(log, {}, input.path);
  log.json.close('}');
  log.json.close(']');
  log.json.close('}');
}

void put_invocation(Log& log, const Report& report) {
  const auto is_read = [](const Checked& input) { return input.unreadable.empty(); };
  log.json.open("invocations", '[');
  log.json.open("", '{');
  log.json.truth("executionSuccessful", std::all_of(report.inputs.begin(), report.inputs.end(), is_read));
  log.json.open("toolExecutionNotifications", '[');
  for (const Checked& input : report.inputs) {
    if (!is_read(input)) put_notification(log, input);
  }
  log.json.close(']');
  log.json.close('}');
  log.json.close(']');
}

void put_labels(Log& log, const Diagnostic& diagnostic) {
  if (diagnostic.labels.empty()) return;
  log.json.open("relatedLocations", '[');
  std::uint32_t number = 0;
  for (const Label& label : diagnostic.labels) {
    log.json.open("", '{');
    log.json.number("id", number++);
    if (label.span.known()) put_place(log, label.span, {});
    put_message(log, "message", label.text);
    log.json.close('}');
  }
  log.json.close(']');
}

void put_replacement(Log& log, const Suggestion& suggestion) {
  log.json.open("", '{');
  put_region(log, "deletedRegion", suggestion.span);
  log.json.open("insertedContent", '{');
  log.json.text("text", suggestion.text);
  log.json.close('}');
  log.json.close('}');
}

/// All suggestions of a diagnostic belong together: one fix, with a change for each file.
void put_fix(Log& log, const Diagnostic& diagnostic) {
  std::map<std::string, std::vector<Suggestion>> by_file;
  for (const Suggestion& suggestion : diagnostic.suggestions) {
    if (suggestion.span.known()) by_file[log.texts[suggestion.span.text].path()].push_back(suggestion);
  }
  if (by_file.empty()) return;
  log.json.open("fixes", '[');
  log.json.open("", '{');
  if (!diagnostic.help.empty()) put_message(log, "description", diagnostic.help.front());
  log.json.open("artifactChanges", '[');
  for (const auto& [path, suggestions] : by_file) {
    log.json.open("", '{');
    put_artifact(log, "artifactLocation", path);
    log.json.open("replacements", '[');
    for (const Suggestion& suggestion : suggestions) put_replacement(log, suggestion);
    log.json.close(']');
    log.json.close('}');
  }
  log.json.close(']');
  log.json.close('}');
  log.json.close(']');
}

void put_result(Log& log, const Found& found) {
  const Diagnostic& diagnostic = found.diagnostic;
  const auto same = [&](const Code* code) { return code->name == diagnostic.code; };
  const auto rule = std::find_if(log.rules.begin(), log.rules.end(), same);
  log.json.open("", '{');
  log.json.text("ruleId", diagnostic.code);
  if (rule != log.rules.end()) log.json.number("ruleIndex", static_cast<std::uint64_t>(rule - log.rules.begin()));
  log.json.text("level", to_text(diagnostic.severity));
  std::string words = diagnostic.message;
  for (const std::string& help : diagnostic.help) words += "\n" + help;
  put_message(log, "message", words);
  log.json.open("locations", '[');
  log.json.open("", '{');
  put_place(log, diagnostic.span, found.input);
  log.json.close('}');
  log.json.close(']');
  put_labels(log, diagnostic);
  put_fix(log, diagnostic);
  log.json.close('}');
}

std::vector<const Code*> rules_of(const std::vector<Found>& found) {
  std::vector<const Code*> rules;
  for (const Code& code : catalog()) {
    const auto same = [&](const Found& one) { return one.diagnostic.code == code.name; };
    if (std::any_of(found.begin(), found.end(), same)) rules.push_back(&code);
  }
  return rules;
}

}  // namespace

std::string render_sarif(const Report& report, const source::Map& texts, std::string_view version) {
  const std::vector<Found> found = without_repeats(report, texts);
  Log log{{}, texts, rules_of(found)};
  log.json.open("", '{');
  log.json.text("$schema", schema);
  log.json.text("version", "2.1.0");
  log.json.open("runs", '[');
  log.json.open("", '{');
  put_driver(log, version);
  put_invocation(log, report);
  log.json.text("columnKind", "unicodeCodePoints");
  log.json.open("results", '[');
  for (const Found& one : found) put_result(log, one);
  log.json.close(']');
  log.json.close('}');
  log.json.close(']');
  log.json.close('}');
  return log.json.take();
}

}  // namespace plumb::diagnostics

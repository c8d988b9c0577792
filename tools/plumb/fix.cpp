#include "plumb/fix.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "diagnostics/diagnostic.h"
#include "diagnostics/shown.h"
#include "plumb/console.h"
#include "plumb/diff.h"
#include "source/source.h"

namespace plumb::tool {

namespace {

constexpr int most_rounds = 10;

/// A file that was given, and what has been made of it.
struct Repaired {
  std::string before;
  std::string after;
  std::size_t applied = 0;
};

/// By path. A file that two paths lead to has the first of them.
using Files = std::map<std::string, Repaired>;

struct Replacement {
  std::uint32_t begin;
  std::uint32_t end;
  std::string text;
};

/// What one round changes, by path: in order and without overlaps.
using Round = std::map<std::string, std::vector<Replacement>>;

bool is_standard_input(const std::string& path) { return path == standard_input_name; }

/// One look at a rulebook as the stand-ins have it.
struct Look {
  source::Map texts;
  diagnostics::Sink sink;

  // What cannot be read has nothing to repair; the check says so.
  Look(const Input& input, Depth depth, const SearchOptions& search) {
    (void)compile(input.path, depth, texts, sink, search).ok();
  }
};

class Fixing {
 public:
  Fixing(const std::vector<Input>& inputs, const SearchOptions& search, StandIns& stand_ins)
      : inputs_(inputs), search_(search), stand_ins_(stand_ins) {}

  /// Standard input can be read once; from then on its text stands in for it.
  void read_standard_input() {
    const Result<std::string> content = read_file(standard_input_path);
    if (!content) return;  // the check says why
    files_.emplace(standard_input_name, Repaired{*content, *content, 0});
    stand_in(standard_input_name, *content);
  }
  void run(const Input& input) {
    if (!input.trouble.empty()) return;
    int round = 0;
    while (round < most_rounds && improve(input)) ++round;
  }
  const Files& files() const { return files_; }
  /// Whether something could have been applied, and was not.
  bool refused() const { return refused_; }

 private:
  /// The path that stands for the file. Missing: empty for what was not given.
  std::string known_as(const std::string& path, std::string_view content) {
    if (files_.contains(path)) return path;
    for (const auto& [known, file] : files_) {
      if (!is_standard_input(known) && same_file(known, path)) return known;
    }
    if (!is_given(inputs_, path)) return {};
    files_.emplace(path, Repaired{std::string(content), std::string(content), 0});
    return path;
  }

  void add(const diagnostics::Diagnostic& diagnostic, const source::Map& texts, Round& round);
  Round choose(const Look& look);
  bool improve(const Input& input);
  void stand_in(const std::string& path, const std::string& text);

  const std::vector<Input>& inputs_;
  const SearchOptions& search_;
  StandIns& stand_ins_;
  Files files_;
  bool refused_ = false;
};

void Fixing::stand_in(const std::string& path, const std::string& text) {
  stand_ins_.put(is_standard_input(path) ? standard_input_path : path, text);
}

bool overlap(const Replacement& a, const Replacement& b) {
  return a.begin == b.begin || (a.begin < b.end && b.begin < a.end);
}

// All suggestions of a diagnostic belong together: each of them is applied, or none.
void Fixing::add(const diagnostics::Diagnostic& diagnostic, const source::Map& texts, Round& round) {
  std::vector<std::pair<std::string, Replacement>> wanted;
  bool changes = false;
  for (const diagnostics::Suggestion& suggestion : diagnostic.suggestions) {
    if (!suggestion.span.known()) return;
    const source::Text& text = texts[suggestion.span.text];
    const std::string path = known_as(text.path(), text.content());
    // A text that is not what was last made of it is not ours to count bytes in.
    if (path.empty() || files_.at(path).after != text.content()) return;
    const Replacement replacement{suggestion.span.begin, suggestion.span.end, suggestion.text};
    const auto clashes = [&](const Replacement& other) { return overlap(replacement, other); };
    const auto clashes_in_path = [&](const auto& other) { return other.first == path && clashes(other.second); };
    const std::vector<Replacement>& chosen = round[path];
    if (std::any_of(chosen.begin(), chosen.end(), clashes)) return;
    if (std::any_of(wanted.begin(), wanted.end(), clashes_in_path)) return;
    changes = changes || texts.words(suggestion.span) != suggestion.text;
    wanted.emplace_back(path, replacement);
  }
  if (!changes) return;
  for (auto& [path, replacement] : wanted) round[path].push_back(std::move(replacement));
}

Round Fixing::choose(const Look& look) {
  Round round;
  for (const diagnostics::Diagnostic& diagnostic : look.sink.sorted()) add(diagnostic, look.texts, round);
  std::erase_if(round, [](const auto& of_file) { return of_file.second.empty(); });
  for (auto& [path, replacements] : round) {
    std::sort(replacements.begin(), replacements.end(), [](const auto& a, const auto& b) { return a.begin < b.begin; });
  }
  return round;
}

std::string applied(const std::string& text, const std::vector<Replacement>& replacements) {
  std::string result;
  std::size_t at = 0;
  for (const Replacement& replacement : replacements) {
    result.append(text, at, replacement.begin - at);
    result += replacement.text;
    at = replacement.end;
  }
  return result.append(text, at);
}

// Errors are counted without those of the stage graph: it is looked at only when there are no others.
bool Fixing::improve(const Input& input) {
  const Round round = choose(Look(input, Depth::analysed, search_));
  if (round.empty()) return false;
  const std::size_t errors_before = Look(input, Depth::checked, search_).sink.errors();
  for (const auto& [path, replacements] : round) stand_in(path, applied(files_.at(path).after, replacements));
  const std::size_t errors_after = Look(input, Depth::checked, search_).sink.errors();
  const bool is_worse = errors_after > errors_before;
  refused_ = refused_ || is_worse;
  for (const auto& [path, replacements] : round) {
    Repaired& file = files_.at(path);
    if (is_worse) {
      stand_in(path, file.after);
      say(fmt::format("{}: {} not applied, as there would be {} instead of {}", diagnostics::shown(path),
                      counted(replacements.size(), "fix is", "fixes are"), counted(errors_after, "error", "errors"),
                      errors_before));
    } else {
      file.after = applied(file.after, replacements);
      file.applied += replacements.size();
    }
  }
  return !is_worse;
}

/// Errors: it cannot be written.
Result<Written> put(const std::string& path, const Repaired& file, FixTo to) {
  if (to == FixTo::diff) return write_output("", unified_diff(diagnostics::shown(path), file.before, file.after));
  if (is_standard_input(path)) return write_output("", file.after);
  return rewrite_file(path, file.before, file.after);
}

}  // namespace

bool fix(const std::vector<Input>& inputs, const SearchOptions& search, FixTo to, StandIns& stand_ins) {
  Fixing fixing(inputs, search, stand_ins);
  for (const Input& input : inputs) {
    if (input.path == "-") fixing.read_standard_input();
  }
  for (const Input& input : inputs) fixing.run(input);
  bool all_written = true;
  std::size_t sum = 0;
  for (const auto& [path, file] : fixing.files()) {
    // From here on the files are read as they are.
    if (!is_standard_input(path)) stand_ins.take_back(path);
    if (const Result<Written> written = put(path, file, to); !written) {
      complain(written.error());
      all_written = false;
    } else if (file.before != file.after) {
      sum += file.applied;
      say(fmt::format("{}: {} {}", diagnostics::shown(path), counted(file.applied, "fix", "fixes"),
                      to == FixTo::diff ? "to apply" : "applied"));
    }
    if (is_standard_input(path) && to == FixTo::diff) stand_ins.put(standard_input_path, file.before);
  }
  if (sum == 0 && all_written && !fixing.refused()) say("there is nothing to fix by machine");
  return all_written;
}

}  // namespace plumb::tool

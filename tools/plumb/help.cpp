#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "diagnostics/diagnostic.h"
#include "plumb/command.h"
#include "plumb/console.h"
#include "plumb/files.h"
#include "plumb/find_part.h"
#include "plumb/manual.h"

namespace plumb::tool {

namespace {

struct HelpOptions {
  std::vector<std::string> words;
};

/// In one line of code, as a person types it: quotes around what has several words.
std::string call_for(std::string_view title) {
  const bool marks = title.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_") !=
                     std::string_view::npos;
  return marks ? fmt::format("plumb help '{}'", title) : fmt::format("plumb help {}", title);
}

std::string commands_text(const CLI::App& app) {
  std::string text;
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    text += wrapped(command->get_description(), text_width(), 18, fmt::format("  {:<16}", command->get_name()));
  }
  return text;
}

/// What there is to ask for.
std::string overview(const CLI::App& app, const std::vector<Part>& parts) {
  std::string text = underlined("The language", '=');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].level != 2) continue;
    text += '\n' + parts[i].title + '\n';
    std::string inside;
    for (std::size_t k = i + 1; k < parts.size() && parts[k].level > 2; ++k) {
      inside += fmt::format("{}{}", inside.empty() ? "" : "; ", parts[k].title);
    }
    if (!inside.empty()) text += wrapped(inside, text_width(), 4, "    ");
  }
  text += "\nplumb help WORD shows one of these, or where the language has the word: plumb help within\n\n";
  text += underlined("The commands", '=') + "\n" + commands_text(app);
  return text + "\nplumb COMMAND --help says what a command takes; plumb explain-code CODE what a message means\n";
}

/// The part whole, then what it consists of, then the other places.
std::string answer_text(const std::vector<Part>& parts, const std::vector<Found>& found, std::size_t width) {
  constexpr std::size_t most_others = 8;
  const std::size_t best = found.front().part;
  std::string text = underlined(parts[best].title, '=');
  if (const std::string body = for_terminal(parts[best].lines, width); !body.empty()) text += '\n' + body;
  std::vector<std::size_t> inside;
  for (std::size_t i = best + 1; i < parts.size() && parts[i].level > parts[best].level; ++i) inside.push_back(i);
  std::vector<std::size_t> others;
  for (std::size_t i = 1; i < found.size(); ++i) {
    if (std::find(inside.begin(), inside.end(), found[i].part) == inside.end()) others.push_back(found[i].part);
  }
  if (!inside.empty()) text += "\nMore of this:\n";
  for (const std::size_t part : inside) text += fmt::format("  {}\n", call_for(parts[part].title));
  if (!others.empty()) text += "\nAlso:\n";
  for (std::size_t i = 0; i < others.size() && i < most_others; ++i) {
    text += fmt::format("  {}\n", call_for(parts[others[i]].title));
  }
  if (others.size() > most_others) text += fmt::format("  and {} more\n", others.size() - most_others);
  return text;
}

std::string command_text(const CLI::App& app, const std::string& word) {
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    if (command->get_name() == word) return command->help("plumb");
  }
  return {};
}

bool is_code(std::string_view word) {
  const auto& codes = diagnostics::catalog();
  return std::any_of(codes.begin(), codes.end(), [&](const auto& code) { return code.name == word; });
}

int complain_of_word(const std::string& word, const CLI::App& app, const std::vector<Part>& parts) {
  if (is_code(word)) {
    complain(fmt::format("`{}` is the code of a message: plumb explain-code {}", word, word));
    return bad_input;
  }
  std::vector<std::string> known = words_of(parts);
  for (const CLI::App* command : app.get_subcommands(nullptr)) known.push_back(command->get_name());
  const std::string_view near = diagnostics::nearest(word, known);
  complain(fmt::format("the language reference has nothing about `{}`{}", word,
                       near.empty() ? std::string() : fmt::format(", did you mean `{}`?", near)));
  say("plumb help lists what there is");
  return bad_input;
}

/// What is said of the word. Missing: empty, when there is nothing.
std::string text_about(const std::string& word, const CLI::App& app, const std::vector<Part>& parts) {
  const std::vector<Found> found = find_parts(parts, word);
  const std::string command = command_text(app, word);
  // Where running text merely mentions the word, somebody who names a command or a code means that.
  const bool of_language =
      !found.empty() && (found.front().fit >= Fit::in_title || (command.empty() && !is_code(word)));
  if (!of_language) return command;
  std::string text = answer_text(parts, found, text_width());
  if (!command.empty()) text += fmt::format("\n`{}` is also a command: plumb {} --help\n", word, word);
  return text;
}

int help(const HelpOptions& options, const CLI::App& app) {
  const std::string word = fmt::format("{}", fmt::join(options.words, " "));
  const std::vector<Part> parts = parts_of(reference_text());
  const std::string text = word.empty() ? overview(app, parts) : text_about(word, app, parts);
  if (text.empty()) return complain_of_word(word, app, parts);
  if (const auto written = write_output("", text); !written) {
    complain(written.error());
    return bad_input;
  }
  return all_well;
}

}  // namespace

void add_help(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("help", "Show what the language reference says about a word");
  auto options = std::make_shared<HelpOptions>();
  command->add_option("WORD", options->words, "A keyword, a phrase or a heading: within, 'at most', business days");
  command->footer(
      "Without a word: what there is to ask for.\n"
      "Exit code: 0 done, 2 the reference has nothing about it.\n\n"
      "Examples:\n"
      "  plumb help within\n"
      "  plumb help 'at most'");
  command->callback([options, &app, &chosen] { chosen = [options, &app] { return help(*options, app); }; });
}

}  // namespace plumb::tool

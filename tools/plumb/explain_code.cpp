#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "diagnostics/diagnostic.h"
#include "plumb/command.h"
#include "plumb/console.h"
#include "plumb/files.h"
#include "plumb/manual.h"

namespace plumb::tool {

namespace {

struct ExplainCodeOptions {
  std::string code;
  bool list = false;
};

/// A file of pages: its title, and a part for each code.
struct Group {
  std::string title;
  std::vector<Part> pages;
};

std::vector<Group> all_groups() {
  std::vector<Group> groups;
  for (const std::string_view text : code_texts()) {
    std::vector<Part> parts = parts_of(text);
    if (parts.empty()) continue;
    Group group{parts.front().title, {}};
    group.pages.assign(std::make_move_iterator(parts.begin() + 1), std::make_move_iterator(parts.end()));
    groups.push_back(std::move(group));
  }
  return groups;
}

const diagnostics::Code* find_code(std::string_view name) {
  const auto& codes = diagnostics::catalog();
  const auto code = std::find_if(codes.begin(), codes.end(), [&](const auto& c) { return c.name == name; });
  return code == codes.end() ? nullptr : &*code;
}

/// The code in what may have been copied from a message: `error[unknown-field]:` is unknown-field.
std::string code_in(std::string_view word) {
  const std::size_t open = word.find('[');
  const std::size_t close = word.find(']');
  if (open != std::string_view::npos && close != std::string_view::npos && open < close) {
    word = word.substr(open + 1, close - open - 1);
  }
  return std::string(word);
}

/// `Wrong, in base.plumb, with `plumb test rules.plumb`:`, as the words behind the fence's mark say.
std::string caption(std::string_view info) {
  const std::size_t command = info.find("$ ");
  std::string words(info.substr(0, command));
  std::string text = words.find(" wrong") != std::string::npos   ? "Wrong"
                     : words.find(" right") != std::string::npos ? "Right"
                                                                 : "Both times";
  if (const std::size_t file = words.find("file="); file != std::string::npos) {
    text += ", in " + words.substr(file + 5, words.find(' ', file) - file - 5);
  }
  if (const std::size_t copies = words.find("copies="); copies != std::string::npos) {
    text +=
        fmt::format(", {} times, with 1, 2, 3 … for @", words.substr(copies + 7, words.find(' ', copies) - copies - 7));
  }
  if (command != std::string_view::npos) text += fmt::format(", with `{}`", info.substr(command + 2));
  if (words.find(" bytes") != std::string::npos) {
    text += R"( (\n ends a line, \xFF is a byte, \{1000:text} is a thousand times text))";
  }
  return text + ":";
}

std::string page_text(const diagnostics::Code& code, const Part& page, std::size_t width) {
  std::string text = underlined(fmt::format("{} ({})", code.name, diagnostics::to_text(code.severity)), '=');
  std::vector<std::string_view> lines;
  const auto put = [&] {
    const std::string part = for_terminal(lines, width);
    if (!part.empty()) text += '\n' + part;
    lines.clear();
  };
  bool in_fence = false;
  for (const std::string_view line : page.lines) {
    const bool fence = line.starts_with("```");
    if (fence && !in_fence) {
      put();
      text += '\n' + wrapped(caption(line.substr(3)), width, 0, "");
    }
    if (fence) in_fence = !in_fence;
    lines.push_back(line);
  }
  put();
  return text;
}

/// The first sentence of a page, which says what is wrong.
std::string gist(const Part& page) {
  std::string text;
  for (const std::string_view line : page.lines) {
    if (line.empty() && !text.empty()) break;
    text += fmt::format("{}{}", text.empty() ? "" : " ", line);
  }
  text = without_marks(text);
  return text.substr(0, text.find(". "));
}

/// The groups in the order of the catalog, by the first code of each.
std::string list_text(std::size_t width) {
  const auto& codes = diagnostics::catalog();
  std::vector<Group> groups = all_groups();
  const auto place = [&](const Part& page) { return find_code(page.title) - codes.data(); };
  const auto before = [&](const Part& a, const Part& b) { return place(a) < place(b); };
  for (Group& group : groups) std::sort(group.pages.begin(), group.pages.end(), before);
  std::erase_if(groups, [](const Group& group) { return group.pages.empty(); });
  std::sort(groups.begin(), groups.end(),
            [&](const Group& a, const Group& b) { return before(a.pages.front(), b.pages.front()); });
  std::string text;
  for (const Group& group : groups) {
    text += fmt::format("{}{}\n", text.empty() ? "" : "\n", underlined(group.title, '='));
    for (const Part& page : group.pages) {
      const diagnostics::Code* code = find_code(page.title);
      if (code == nullptr) continue;
      text += fmt::format("{} ({})\n", code->name, diagnostics::to_text(code->severity));
      text += wrapped(gist(page), width, 4, "    ");
    }
  }
  return text;
}

std::optional<Part> page_of(std::string_view code) {
  for (Group& group : all_groups()) {
    for (Part& page : group.pages) {
      if (page.title == code) return std::move(page);
    }
  }
  return std::nullopt;
}

int complain_of_code(const std::string& word) {
  std::vector<std::string> known;
  for (const diagnostics::Code& code : diagnostics::catalog()) known.emplace_back(code.name);
  const std::string_view near = diagnostics::nearest(word, known);
  complain(fmt::format("there is no code `{}`{}", word,
                       near.empty() ? std::string() : fmt::format(", did you mean `{}`?", near)));
  say("plumb explain-code --list has them all");
  return bad_input;
}

int explain_code(const ExplainCodeOptions& options) {
  if (options.list == !options.code.empty()) {
    complain(options.list ? "--list names all codes, and goes with none" : "say which code, or --list for all of them");
    return bad_input;
  }
  std::string text;
  if (options.list) {
    text = list_text(text_width());
  } else {
    const diagnostics::Code* code = find_code(code_in(options.code));
    const std::optional<Part> page = code == nullptr ? std::nullopt : page_of(code->name);
    if (!page) return complain_of_code(code_in(options.code));
    text = page_text(*code, *page, text_width());
  }
  if (const auto written = write_output("", text); !written) {
    complain(written.error());
    return bad_input;
  }
  return all_well;
}

}  // namespace

void add_explain_code(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("explain-code", "Say what the code of a message means, with an example");
  auto options = std::make_shared<ExplainCodeOptions>();
  command->add_option("CODE", options->code, "The code, as it stands in the message: unknown-field");
  command->add_flag("--list", options->list, "All codes, each with what it says in a sentence");
  command->footer(
      "Exit code: 0 done, 2 there is no such code.\n\n"
      "Examples:\n"
      "  plumb explain-code unknown-field\n"
      "  plumb explain-code --list");
  command->callback([options, &chosen] { chosen = [options] { return explain_code(*options); }; });
}

}  // namespace plumb::tool

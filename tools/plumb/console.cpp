#include "plumb/console.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <system_error>

#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "diagnostics/render.h"
#include "diagnostics/shown.h"
#include "plumb/command.h"
#include "plumb/files.h"

namespace plumb::tool {

namespace {

/// Missing: empty, as when it is set to nothing.
std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

}  // namespace

void say(std::string_view line) {
  // Nobody is left to be told when standard error fails.
  (void)write_all(STDERR_FILENO, std::string(line) + "\n").ok();
}

void complain(std::string_view sentence) { say(fmt::format("plumb: {}", diagnostics::shown(sentence))); }

int fail(std::string_view sentence) {
  complain(sentence);
  return bad_input;
}

bool wants_colour(int descriptor, std::string_view wish) {
  if (wish != "auto") return wish == "always";
  if (!variable("NO_COLOR").empty()) return false;
  if (const std::string_view force = variable("CLICOLOR_FORCE"); !force.empty() && force != "0") return true;
  return variable("TERM") != "dumb" && ::isatty(descriptor) == 1;
}

std::size_t terminal_width(int descriptor) {
  constexpr std::size_t usual = 80;
  if (::isatty(descriptor) != 1) return 0;
  const std::string_view columns = variable("COLUMNS");
  std::size_t width = 0;
  const auto [end, error] = std::from_chars(columns.data(), columns.data() + columns.size(), width);
  if (error == std::errc() && end == columns.data() + columns.size() && width > 0) return width;
  struct winsize size {};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual;
  return size.ws_col;
}

void show(const diagnostics::Sink& sink, const source::Map& texts) {
  const diagnostics::HumanStyle style{wants_colour(STDERR_FILENO), terminal_width(STDERR_FILENO)};
  std::string page;
  for (const diagnostics::Diagnostic& diagnostic : diagnostics::bounded(sink.sorted())) {
    page += diagnostics::render_human(diagnostic, texts, style);
    page += '\n';
  }
  (void)write_all(STDERR_FILENO, page).ok();
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  constexpr std::size_t most_listed = 8;
  if (const std::string_view near = diagnostics::nearest(word, known); !near.empty()) {
    return fmt::format(", did you mean `{}`?", near);
  }
  if (known.empty()) return ", and there is none";
  const std::size_t listed = std::min(known.size(), most_listed);
  return fmt::format(", there {} {}{}", known.size() == 1 ? "is" : "are",
                     fmt::join(known.begin(), known.begin() + static_cast<std::ptrdiff_t>(listed), ", "),
                     known.size() > listed ? fmt::format(" and {} more", known.size() - listed) : "");
}

}  // namespace plumb::tool

#include "plumb/console.h"

#include <algorithm>
#include <cstdlib>

#include <unistd.h>

#include <fmt/format.h>

#include "diagnostics/render.h"
#include "plumb/files.h"

namespace plumb::tool {

void say(std::string_view line) {
  // Nobody is left to be told when standard error fails.
  (void)write_all(STDERR_FILENO, std::string(line) + "\n").ok();
}

void complain(std::string_view sentence) { say(fmt::format("plumb: {}", sentence)); }

bool wants_colour(int descriptor) {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  if (no_colour != nullptr && *no_colour != '\0') return false;
  if (terminal != nullptr && std::string_view(terminal) == "dumb") return false;
  return ::isatty(descriptor) == 1;
}

void show(const diagnostics::Sink& sink, const source::Map& texts) {
  const diagnostics::HumanStyle style{wants_colour(STDERR_FILENO)};
  std::string page;
  for (const diagnostics::Diagnostic& diagnostic : sink.sorted()) {
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

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/diagnostic.h"
#include "source/source.h"

namespace plumb::tool {

/// One line on standard error, ended here.
void say(std::string_view line);

/// `plumb: SENTENCE`: what is wrong with how it was called or with the world around it.
void complain(std::string_view sentence);
/// Complains; what the process then returns.
int fail(std::string_view sentence);

/// Whether to write in colour there: `always`, `never`, or by itself (`auto`) on a terminal that can. CLICOLOR_FORCE
/// makes a terminal of everything, and NO_COLOR stands above it. Missing: a descriptor of -1 is no terminal.
bool wants_colour(int descriptor, std::string_view wish = "auto");

/// Columns of a line there: what COLUMNS says, else the terminal's. Missing: 0 for what is no terminal.
std::size_t terminal_width(int descriptor);

/// Everything a sink has, for people, on standard error.
void show(const diagnostics::Sink& sink, const source::Map& texts);

/// `1 error`, `2 warnings`.
std::string counted(std::size_t count, std::string_view one, std::string_view many);

/// ", did you mean `x`?", or, when nothing is near, a list of a few that there are.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

}  // namespace plumb::tool

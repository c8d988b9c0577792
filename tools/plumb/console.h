#pragma once

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

/// Whether to write in colour there: a terminal that can, and NO_COLOR not set.
bool wants_colour(int descriptor);

/// Everything a sink has, for people, on standard error.
void show(const diagnostics::Sink& sink, const source::Map& texts);

/// `1 error`, `2 warnings`.
std::string counted(std::size_t count, std::string_view one, std::string_view many);

/// ", did you mean `x`?", or, when nothing is near, a list of a few that there are.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

}  // namespace plumb::tool

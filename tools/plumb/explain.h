#pragma once

#include "plumb/command.h"

namespace plumb::tool {

void add_explain(CLI::App& app, Chosen& chosen);

}  // namespace plumb::tool

#pragma once

#include <string>

#include "base/result.h"
#include "diagnostics/diagnostic.h"
#include "model/model.h"
#include "source/source.h"

namespace plumb::tool {

/// How far a text is looked at: a picture is drawn of what a proof would complain about.
enum class Depth { checked, analysed };

/// From a file to the model, every mistake reported to the sink. Errors: the file cannot be read.
Result<model::Rulebook> compile(const std::string& path, Depth depth, source::Map& texts, diagnostics::Sink& sink);

}  // namespace plumb::tool

#pragma once

#include <string>
#include <string_view>

namespace plumb::fuzz {

/// What the whole front end must do with any bytes: parse, check, look at the graph, show every diagnostic in every
/// form, and format. Ends the program where a promise is broken: a text that was read whole has to be the same after
/// formatting twice, and to be read whole again. Cost: that of `plumb check` and `plumb fmt` together.
void feed_front_end(std::string_view bytes);

/// The same for a mapping file.
void feed_mapping(std::string_view bytes);

}  // namespace plumb::fuzz

#pragma once

#include <string>
#include <string_view>

/// Nothing outside of project/ includes it.
namespace plumb::project {

/// The name behind `rulebook` in a text, without reading the rest: for a folder of many rulebooks, of which one is
/// looked for. Missing: empty where there is no such word outside of braces, comments and texts.
std::string name_in_header(std::string_view content);

}  // namespace plumb::project

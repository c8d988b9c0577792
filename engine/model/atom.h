#pragma once

#include <string>

namespace plumb::model {

/// The words of an atom without its denials, and whether they were denied: `x is missing` is `x is known`, denied.
struct PlainAtom {
  std::string words;
  bool denied = false;
};
PlainAtom plain_atom(std::string words);

}  // namespace plumb::model

#include "model/atom.h"

#include <string_view>
#include <utility>

namespace plumb::model {

PlainAtom plain_atom(std::string words) {
  PlainAtom atom;
  const auto put = [&](std::string_view from, std::string_view to) {
    const std::size_t at = words.find(from);
    if (at == std::string::npos) return;
    words.replace(at, from.size(), to);
    atom.denied = !atom.denied;
  };
  if (words.starts_with("not ")) {
    words.erase(0, 4);
    atom.denied = true;
  }
  put(" is missing", " is known");
  put(" is not ", " is ");
  atom.words = std::move(words);
  return atom;
}

}  // namespace plumb::model

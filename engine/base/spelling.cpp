#include "base/spelling.h"

#include <algorithm>

namespace plumb {

std::vector<std::string> spelled_out(std::string_view name) {
  std::string words(name);
  std::replace(words.begin(), words.end(), '_', ' ');
  std::string each = words, first = words;
  const auto raise = [](char& c) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  };
  for (std::size_t i = 0; i < each.size(); ++i) {
    if (i == 0 || each[i - 1] == ' ') raise(each[i]);
  }
  if (!first.empty()) raise(first.front());
  std::vector<std::string> spellings;
  for (const std::string& spelling : {each, first, words}) {
    if (spelling != name && std::find(spellings.begin(), spellings.end(), spelling) == spellings.end())
      spellings.push_back(spelling);
  }
  return spellings;
}

}  // namespace plumb

#include "diagnostics/path.h"

#include <algorithm>

#include <fmt/format.h>

namespace plumb::diagnostics {

namespace {

bool stands_for_itself(char c) {
  const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return is_letter || (c >= '0' && c <= '9') || std::string_view("-._~/").find(c) != std::string_view::npos;
}

}  // namespace

std::string_view without_dot(std::string_view path) {
  while (path.starts_with("./") && path.size() > 2) {
    path.remove_prefix(std::min(path.find_first_not_of('/', 1), path.size()));
  }
  return path.empty() ? "." : path;
}

std::string uri_of(std::string_view path) {
  path = without_dot(path);
  std::string uri;
  if (path.starts_with('/')) {
    uri = "file:///";
    path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
  }
  for (const char c : path) {
    uri += stands_for_itself(c) ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

}  // namespace plumb::diagnostics

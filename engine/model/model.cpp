#include "model/model.h"

#include <array>

namespace plumb::model {

namespace {

template <class Enum, std::size_t n>
std::string_view word(const std::array<std::string_view, n>& words, Enum value) {
  const auto index = static_cast<std::size_t>(value);
  PLUMB_ASSERT(index < n, "every value of the enumeration has its word");
  return words[index];
}

}  // namespace

std::string_view to_text(TypeKind kind) {
  static constexpr std::array<std::string_view, 15> words{
      "something broken", "money", "percent", "count", "number", "text", "note", "choice",
      "yes or no", "date", "instant", "duration", "person", "stage", "condition"};
  return word(words, kind);
}

std::string_view to_text(Comparison comparison) {
  static constexpr std::array<std::string_view, 11> words{
      "is", "is not", "is one of", "is at least", "is at most", "is more than", "is less than",
      "is before", "is after", "is not before", "is not after"};
  return word(words, comparison);
}

std::string_view to_text(Shape shape) {
  static constexpr std::array<std::string_view, 6> words{"after", "before", "at", "while", "every", "throughout"};
  return word(words, shape);
}

std::string_view to_text(Strength strength) {
  static constexpr std::array<std::string_view, 3> words{"must", "should", "trial"};
  return word(words, strength);
}

std::string_view to_text(Right right) {
  static constexpr std::array<std::string_view, 4> words{"", "right thing", "right way", "right time"};
  return word(words, right);
}

std::string_view to_text(StageEnd end) {
  static constexpr std::array<std::string_view, 3> words{"open", "won", "lost"};
  return word(words, end);
}

}  // namespace plumb::model

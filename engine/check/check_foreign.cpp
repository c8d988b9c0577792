#include <algorithm>
#include <array>
#include <utility>

#include "check/expr.h"
#include "check/foreign.h"

namespace plumb::check {

namespace {

using Words = std::pair<std::string_view, std::string_view>;

// The longer ones first: `not before` holds `before`.
constexpr std::array<Words, 4> of_time{
    {{"at least", "not before"}, {"at most", "not after"}, {"more than", "after"}, {"less than", "before"}}};
constexpr std::array<Words, 4> of_quantity{
    {{"not before", "at least"}, {"not after", "at most"}, {"before", "less than"}, {"after", "more than"}}};

std::string said_of(std::string text, const std::array<Words, 4>& words) {
  for (const auto& [from, to] : words) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  }
  return text;
}

}  // namespace

Diagnostic* foreign_comparison(Context& context, Span where) {
  const std::vector<Diagnostic>& all = context.sink.all();
  for (std::size_t row = 0; row < all.size(); ++row) {
    const Span span = all[row].span;
    const bool between = span.text == where.text && span.begin >= where.begin && span.begin < where.end;
    if (between && all[row].code == diag::ForeignSpelling.name) return &context.sink.again(row);
  }
  return nullptr;
}

bool mend_foreign_comparison(Diagnostic& said, TypeKind left) {
  const bool timed = left == TypeKind::date || left == TypeKind::instant;
  if (!timed && !is_quantity(left)) {
    said.help.clear();
    said.suggestions.clear();
    return false;
  }
  for (std::string& help : said.help) help = said_of(help, timed ? of_time : of_quantity);
  for (diagnostics::Suggestion& each : said.suggestions) each.text = said_of(each.text, timed ? of_time : of_quantity);
  return true;
}

}  // namespace plumb::check

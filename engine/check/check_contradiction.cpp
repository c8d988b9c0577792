#include <optional>
#include <set>
#include <utility>

#include "check/expr.h"
#include "model/contradiction.h"

namespace plumb::check {

namespace {

using model::Expr;

class Contradictions {
 public:
  explicit Contradictions(Context& context) : context_(context), book_(context.book) {}

  void of(Id<model::Expr> id) {
    const Expr& expr = book_.exprs[id];
    const auto parts = expr.op == model::Op::and_ ? model::excluding(book_, id) : std::nullopt;
    if (parts) report(expr, parts->first, parts->second);
    if (model::is_less_than_nothing(book_, id)) report_less_than_nothing(expr);
  }

 private:
  void report_less_than_nothing(const Expr& expr) {
    if (!expr.span.known() || !said_.insert(key(expr)).second) return;
    context_.sink.report(expr.span, diag::NeverTrue, fmt::format("`{}` is", expr.words))
        .hint("`{}` is never less than nothing", book_.exprs[expr.args[0]].words);
  }
  std::string said(const model::Part& part) const { return (part.denied ? "not " : "") + book_.exprs[part.atom].words; }
  /// A rule that is changed for a part of its subjects is asked of the others: that `and` stands in no text.
  static bool holds(const Expr& all, const Expr& one) {
    return all.span.text == one.span.text && all.span.begin <= one.span.begin && one.span.end <= all.span.end;
  }
  void report(const Expr& all, const model::Part& a, const model::Part& b) {
    const Expr& first = book_.exprs[a.atom];
    const Expr& second = book_.exprs[b.atom];
    if (!holds(all, first) || !holds(all, second)) return;
    if (!first.span.known() || !second.span.known() || !said_.insert(key(second)).second) return;
    context_.sink.report(second.span, diag::NeverTrue, fmt::format("`{}` and `{}` are", said(a), said(b)))
        .label(first.span, "the other is here")
        .hint(
            "where either is enough they stand with `or`; else one of the two says something else than it is meant to");
  }
  /// A condition of what several rules name is read once for each.
  static std::pair<std::size_t, std::uint32_t> key(const Expr& expr) {
    return {expr.span.text.index(), expr.span.begin};
  }

  Context& context_;
  const model::Rulebook& book_;
  std::set<std::pair<std::size_t, std::uint32_t>> said_;
};

}  // namespace

void check_contradictions(Context& context) {
  if (context.sink.has_errors()) return;
  Contradictions contradictions(context);
  for (std::size_t i = 0; i < context.book.exprs.size(); ++i) contradictions.of(Id<model::Expr>(i));
}

}  // namespace plumb::check

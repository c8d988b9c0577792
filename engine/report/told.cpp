#include "report/told.h"
#include "time/names.h"

#include <algorithm>

#include <fmt/format.h>

namespace plumb::report {

bool same_reason(const eval::Reason& a, const eval::Reason& b) {
  return a.ground == b.ground && a.atom == b.atom && a.event == b.event && a.amount == b.amount &&
         a.of_amount == b.of_amount && a.currency == b.currency;
}

bool is_told_before(const eval::Verdicts& verdicts, std::size_t row, std::uint32_t reason) {
  const auto first = verdicts.reasons.begin() + verdicts.reason_first[row], at = verdicts.reasons.begin() + reason;
  return std::any_of(first, at, [&](const eval::Reason& before) { return same_reason(before, *at); });
}

std::string as_sentence(std::string text) {
  std::string_view end = text;
  // `Say why. (recorded as cause)`
  if (!end.empty() && end.back() == ')') end = end.substr(0, end.rfind('('));
  const std::size_t last = end.find_last_not_of(" \"')");
  if (last == std::string_view::npos || std::string_view(".!?:;").find(end[last]) == std::string_view::npos)
    text += '.';
  return text;
}

std::string day_words(time::Day day) {
  const time::YearMonthDay date = time::parts_of(day);
  return fmt::format("{} {} {} {}", time::short_name(time::weekday_name(time::weekday_of(day))), date.day,
                     time::short_name(time::month_name(date.month)), date.year);
}

}  // namespace plumb::report

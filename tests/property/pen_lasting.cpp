#include <fmt/format.h>

#include "property/pen.h"

/// `while` and `throughout` of people, teams and the company.
namespace plumb::property {

std::string Pen::lasting_atom(const std::string& whom) {
  const std::string compared = chance_.word({"at least", "at most", "at most", "more than", "less than"});
  const std::string few = number("count", fmt::format("{}", chance_.below(4)), false);
  switch (chance_.below(11)) {
    case 0:
    case 1: return fmt::format("count of open deals is {} {}", compared, few);
    case 2: return fmt::format("count of open deals where {} is {} {}", this->compared(), compared, few);
    case 3:
      return fmt::format("sum amount of {} is {} {}", chance_.word({"open deals", "won deals"}), compared,
                         number("money", "100 USD", false));
    case 4: return fmt::format("{} has happened in {}", event(), duration(false));
    case 5: return fmt::format("{} is {} {}", total_of_people(whom == "person"), compared, few);
    case 6: return fmt::format("count of {} in {} is {} {}", things_of_people(), duration(false), compared, few);
    case 7:
      return fmt::format("share of call where {} is at least {}", filter_of("call"), number("percent", "50%", false));
    case 8:
      return whom == "person" ? chance_.word({"role is seller", "load is at least 50%", "person is on leave"})
                              : "report has happened";
    default: return fmt::format("count of {} is {} {}", things_of_people(), compared, few);
  }
}

std::string Pen::lasting_condition(const std::string& whom, int depth) {
  switch (depth == 0 ? 9 : chance_.below(8)) {
    case 0: return fmt::format("({} and {})", lasting_condition(whom, depth - 1), lasting_condition(whom, depth - 1));
    case 1: return fmt::format("({} or {})", lasting_condition(whom, depth - 1), lasting_condition(whom, depth - 1));
    case 2: return fmt::format("not ({})", lasting_condition(whom, depth - 1));
    default: return lasting_atom(whom);
  }
}

std::string Pen::lasting_rule() {
  const std::string whom = chance_.word({"person", "person", "person", "team", "company"});
  std::string text = fmt::format("must r{} {{", rules_++);
  if (chance_.one_in(8))
    text += fmt::format("\n  effective from {}", time::to_text(era_.first + chance_.below(era_.days)));
  if (whom == "person")
    text += "\n  for each person" + chance_.word({"", " where role is seller", " where load is at least 50%"});
  if (whom == "team") text += "\n  for each team";
  if (whom == "company") text += "\n  for the company";
  if (chance_.one_in(4)) {
    const std::string sum = chance_.word({"sum minutes of call", "sum deals_seen of report"});
    text +=
        fmt::format("\n  throughout\n  expect {} is {} {}", chance_.one_in(4) ? sum : "count of " + things_of_people(),
                    chance_.word({"at most", "less than"}), number("count", std::to_string(chance_.below(8)), false));
  } else {
    text += fmt::format("\n  while {}\n  expect {}", lasting_condition(whom, 1), lasting_condition(whom, 1));
    if (chance_.one_in(2)) text += "\n  lapse at most " + duration(false) + " at a time";
  }
  if (chance_.one_in(6)) text += "\n  owed by manager";
  return text + (whom == "person" ? responses(false) : std::string()) + "\n}";
}

}  // namespace plumb::property

#include <fmt/format.h>

#include "property/pen.h"

namespace plumb::property {

void Pen::declare(std::vector<std::string>& declarations) {
  declarations.push_back("fields account { industry text  tier one of gold, silver }");
  declarations.push_back(
      "fields deal of account { size one of big, middle, small  next_step text  amount money  budget money  "
      "close_date date  next_on date  seats count  chance percent  engineer person }");
  declarations.push_back("fields contact of deal { function one of economic, user }");
  declarations.push_back("fields person { role one of seller, manager  load percent }");
  declarations.push_back("activity call { channel one of phone, mail, video  minutes count }");
  declarations.push_back("activity meeting { goal text  status one of planned, held }");
  declarations.push_back("activity email");
  declarations.push_back("record note_made { grade one of good, bad }");
  declarations.push_back("record report { deals_seen count }");
  stages_ = {"talk", "offer"};
  if (chance_.one_in(2)) stages_.push_back("deal");
  if (chance_.one_in(4)) waits_ = true;
  declare_events(declarations);
  for (int i = chance_.below(3); i > 0; --i) {
    const std::string name = fmt::format("m{}", measures_.size());
    const std::string how = chance_.word({"plus", "minus", "divided by"});
    declarations.push_back(
        chance_.one_in(4) ? fmt::format("measure {} is 50% of {}", name, number_of_facts())
                          : fmt::format("measure {} is {} {} {}", name, number_of_facts(), how, number_of_facts()));
    measures_.push_back(name);
  }
  declare_process(declarations);
  for (int i = chance_.one_in(2) ? chance_.between(1, 3) : 0; i > 0; --i) {
    declarations.push_back(declared_target(static_cast<int>(targets_.size())));
  }
}

std::string Pen::stage_clauses() {
  std::string text;
  if (chance_.one_in(4)) text += " at most " + duration(false);
  if (chance_.one_in(4)) text += " to enter " + condition({"", 1});
  if (chance_.one_in(4)) text += " to move on " + condition({"", 1});
  if (chance_.one_in(4)) text += " while in " + condition({"", 1});
  if (chance_.one_in(4)) text += " may be skipped" + (chance_.one_in(2) ? " when " + compared() : "");
  if (chance_.one_in(5)) text += " may be first" + (chance_.one_in(2) ? " when " + compared() : "");
  return text;
}

void Pen::declare_process(std::vector<std::string>& declarations) {
  std::string text = "process sales {";
  if (chance_.one_in(3))
    text += " for deals where " + chance_.word({"size is known", "size is not small", "seats is at least 2"});
  std::string path;
  for (const std::string& each : stages_) {
    text += fmt::format("\n  stage {} {{{} }}", each, stage_clauses());
    path += each + " -> ";
  }
  if (waits_) text += fmt::format("\n  stage waiting {{{} on hold }}", chance_.one_in(2) ? stage_clauses() : "");
  text += "\n  stage won { won }\n  stage lost { lost" + (chance_.one_in(3) ? " to enter " + compared() : "") + " }";
  if (!chance_.one_in(5)) {
    text += fmt::format("\n  path {}won", path);
    if (waits_) text += "\n  path talk -> waiting -> offer";
    if (chance_.one_in(2)) {
      text += "\n  back offer -> talk";
      if (chance_.one_in(2)) text += " at most 1 time";
      if (chance_.one_in(2)) text += " when " + compared();
    }
    text += "\n  from any open stage -> lost" + (waits_ ? std::string(", waiting") : std::string());
  }
  if (chance_.one_in(6)) text += "\n  on hold while " + (chance_.one_in(2) ? compared() : atom({"", 0}));
  declarations.push_back(text + "\n}");
}

std::string Pen::subject_of_deals() {
  std::string text = "for each deal";
  if (chance_.one_in(6)) text += " of sales";
  if (chance_.one_in(4)) text += " in " + stage(true) + (chance_.one_in(2) ? " or later" : "");
  if (chance_.one_in(4)) text += " where " + compared();
  return text;
}

std::string Pen::rule() {
  const std::string name = fmt::format("r{}", rules_++), head = "must " + name + " {";
  const bool is_quota = chance_.one_in(3);
  const std::string text = is_quota ? quota(head) : deal_rule(head);
  if (!is_quota && reading_) readable_.push_back(name);
  const bool of_deal = text.find("for each deal") != std::string::npos;
  const bool of_people = text.find("for each person") != std::string::npos;
  return text + (of_deal || of_people ? responses(of_deal) : std::string()) + "\n}";
}

std::string Pen::responses(bool of_deal) {
  std::string text;
  if (!chance_.one_in(3)) return text;
  for (int i = chance_.between(1, 2); i > 0; --i) {
    text += fmt::format("\n  if {} \"Do.\"{} by {} within {}",
                        chance_.word({"missed", "missed", "late", "kept", "cannot tell"}),
                        chance_.word({"", "", " recorded as cause", " recorded as note_made"}),
                        chance_.word({of_deal ? "owner" : "person", "person", "manager", "manager"}), duration(false));
  }
  return text;
}

std::string Pen::deal_rule(const std::string& head) {
  std::string text = head;
  if (chance_.one_in(8)) {
    text += fmt::format("\n  effective from {}", time::to_text(era_.first + chance_.below(era_.days)));
  }
  text += "\n  " + subject_of_deals();
  const std::string trigger = event();
  About about{trigger == "call" || trigger == "meeting" || trigger == "note_made" ? trigger : "", 2};
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (events_[i] == trigger) about.its = of_activity_[i];
  }
  switch (chance_.below(8)) {
    case 0:
    case 1:
      text += fmt::format("\n  after {}\n  expect {}\n  within {}", trigger, event(), within());
      if (chance_.one_in(3)) text += "\n  each its own";
      break;
    case 2: text += fmt::format("\n  after {}\n  expect {}\n  within {}", trigger, condition(about), within()); break;
    case 3:
      text += fmt::format("\n  before {}\n  expect {}", trigger, condition(about));
      if (chance_.one_in(2)) text += "\n  at least " + duration(false) + " ahead";
      break;
    case 4: text += fmt::format("\n  at {}\n  expect {}", trigger, condition(about)); break;
    case 5:
    case 6:
      text += fmt::format("\n  while {}\n  expect {}", condition({"", 1}), condition({"", 1}));
      if (chance_.one_in(2)) text += "\n  lapse at most " + duration(false) + " at a time";
      break;
    default:
      text += fmt::format(
          "\n  throughout\n  expect {} is {} {}", chance_.one_in(4) ? "sum minutes of call" : number_of_facts(),
          chance_.word({"at most", "less than"}), number("count", fmt::format("{}", chance_.between(1, 20)), true));
  }
  if (chance_.one_in(6)) text += "\n  even when closed";
  if (chance_.one_in(6)) text += "\n  owed by " + chance_.word({"manager", "engineer", "owner"});
  return text;
}

// ---- every ---------------------------------------------------------------------------------------------------------

std::string Pen::things_of_people() {
  switch (chance_.below(7)) {
    case 0: return "report";
    case 1: return chance_.word({"won deals", "created deals", "lost deals"});
    case 2: return event();
    case 3: {
      const std::string of = chance_.word({"call", "meeting", "note_made"});
      return fmt::format("({} where {})", of, filter_of(of));
    }
    case 4: return "any of (call, meeting)";
    default: return chance_.word({"call", "meeting"});
  }
}

std::string Pen::total_of_people(bool people) {
  std::string text;
  switch (chance_.below(8)) {
    case 0: text = "sum minutes of call"; break;
    case 1: text = "sum deals_seen of report"; break;
    default: text = "count of " + things_of_people();
  }
  if (chance_.one_in(4)) text += " by actor";
  if (people && chance_.one_in(5)) text += chance_.word({" of team", " of company"});
  return text;
}

std::string Pen::quota_condition(const std::string& whom) {
  if (whom == "deal") return condition({"", 1});
  const bool people = whom == "person";
  const std::string compared = chance_.word({"at least", "at least", "at most", "more than", "less than"});
  switch (chance_.below(9)) {
    case 0: return "report has happened";
    case 1: return event() + " has happened";
    case 2:
      return fmt::format("share of call where {} is at least {}", filter_of("call"), number("percent", "50%", false));
    case 3: return "sum amount of won deals is at least " + number("money", "100 USD", false);
    case 4:
      return fmt::format("share of amount of created deals where {} is at least {}", this->compared(),
                         number("percent", "40%", false));
    case 5:
      return fmt::format("{} minutes of call is at least {}", chance_.word({"mean", "median"}),
                         number("count", "15", false));
    case 6:
      return fmt::format("({} is {} {} {} {})", total_of_people(people), compared, chance_.below(3),
                         chance_.word({"and", "or"}), people ? "role is seller" : "count of email is at most 1");
    default:
      return fmt::format("{} is {} {}", total_of_people(people), compared,
                         number("count", fmt::format("{}", chance_.below(4)), false));
  }
}

std::string Pen::quota(const std::string& head) {
  std::string text = head;
  if (chance_.one_in(8))
    text += fmt::format("\n  effective from {}", time::to_text(era_.first + chance_.below(era_.days)));
  const std::string whom = chance_.word({"person", "person", "person", "team", "company", "deal"});
  if (whom == "deal") text += "\n  " + subject_of_deals();
  if (whom == "person")
    text += "\n  for each person" + chance_.word({"", " where role is seller", " where load is at least 50%"});
  if (whom == "team") text += "\n  for each team";
  if (whom == "company") text += "\n  for the company";
  const std::string period =
      chance_.word({"week", "week", "week", "month", "day", "quarter", "half year", "year", "term"});
  text += "\n  every " + period;
  if (period == "week" && chance_.one_in(3)) {
    text += " by " + chance_.word({"monday 12:00", "friday", "wednesday 02:30", "sunday 24:00"}) +
            chance_.word({"", " of the week after"});
  } else if (period == "month" && chance_.one_in(3)) {
    text += " by " + chance_.word({"day 3", "day 31", "business day 2", "business day 30", "day 15 09:00"}) +
            chance_.word({"", " of the month after"});
  }
  if (text.find(" by ") != std::string::npos && office_ && chance_.one_in(2)) text += " or the next business day";
  text += "\n  expect " + quota_condition(whom);
  if (chance_.one_in(6))
    text += fmt::format("\n  given at least {} {}", chance_.between(1, 3), chance_.word({"call", "created deals"}));
  if (chance_.one_in(6)) {
    const std::string many = period == "half year" ? "half years" : period + "s";
    text += fmt::format("\n  averaged over {} {}", chance_.between(2, 3), many);
  }
  const bool total = text.find("expect count") != std::string::npos || text.find("expect sum") != std::string::npos;
  if (whom != "deal" && total && chance_.one_in(4)) {
    text += "\n  adjusted for " + chance_.word({"holidays", "leave", "holidays, leave", "leave longer than 2 days",
                                                "holidays, leave longer than 1 business day"});
    if (whom == "person" && chance_.one_in(3)) text += ", load";
  }
  if (chance_.one_in(8)) text += "\n  owed by manager";
  return text;
}

}  // namespace plumb::property

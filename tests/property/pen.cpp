#include "property/pen.h"

#include <fmt/format.h>

namespace plumb::property {

std::string Pen::date() { return time::to_text(era_.first + chance_.between(-3, era_.days + 10)); }

std::string Pen::clock_duration() {
  return chance_.one_in(2) ? fmt::format("{} hours", chance_.of(std::vector<int>{2, 6, 24, 30, 100}))
                           : fmt::format("{} days", chance_.between(1, 9));
}

std::string Pen::duration(bool exact) {
  switch (chance_.below(exact ? 3 : 7)) {
    case 0: return fmt::format("{} hours", chance_.of(std::vector<int>{1, 3, 6, 24, 36, 100}));
    case 1: return chance_.one_in(3) ? "90 minutes" : "3 hours";
    case 2: return office_ ? fmt::format("{} working hours", chance_.of(std::vector<int>{1, 4, 9, 20})) : "5 hours";
    case 3: return fmt::format("{} days", chance_.between(1, 8));
    case 4: return office_ ? fmt::format("{} business days", chance_.between(1, 5)) : "3 days";
    case 5: return chance_.one_in(2) ? "1 week" : "2 weeks";
    default: return chance_.one_in(2) ? "1 month" : "2 days";
  }
}

std::string Pen::within() {
  if (office_ && chance_.one_in(12)) return "0 business days";
  return duration(false);
}

std::string Pen::stage(bool open) {
  if (waits_ && chance_.one_in(5)) return "waiting";
  if (open || !chance_.one_in(4)) return chance_.of(stages_);
  return chance_.word({"won", "lost"});
}

// ---- events --------------------------------------------------------------------------------------------------------

std::string Pen::plain_event() {
  switch (chance_.below(16)) {
    case 0:
    case 1:
    case 2: return "call";
    case 3:
    case 4: return "meeting";
    case 5: return "email";
    case 6: return "note_made";
    case 7: return "created";
    case 8: return chance_.word({"won", "lost"});
    case 9: return "reopened";
    case 10: return "enters " + stage(false);
    case 11: return "leaves " + stage(true);
    case 12: return chance_.word({"amount", "next_step", "close_date", "size", "owner"}) + " changed";
    case 13:
      return fmt::format("close_date moved to {} {}", chance_.word({"a later", "an earlier"}),
                         chance_.word({"week", "month", "quarter"}));
    default: return chance_.word({"call", "meeting"});
  }
}

std::string Pen::event() { return events_.empty() || chance_.one_in(2) ? plain_event() : chance_.of(events_); }

std::string Pen::filter_of(const std::string& activity) {
  if (activity == "call") {
    switch (chance_.below(4)) {
      case 0: return "channel is phone";
      case 1: return "channel is not mail";
      case 2: return "minutes is at least 10";
      default: return "channel is one of phone, video";
    }
  }
  if (activity == "meeting") {
    switch (chance_.below(4)) {
      case 0: return "status is held";
      case 1: return "goal is known";
      case 2: return "(status is held and goal is known)";
      default: return "goal is \"agree\"";
    }
  }
  if (activity == "note_made") return chance_.word({"grade is good", "grade is missing"});
  return compared();
}

std::string Pen::declared_event(int number) {
  const std::string name = fmt::format("e{}", number);
  std::string of;
  std::string text;
  switch (chance_.below(7)) {
    case 0:
      of = chance_.word({"call", "meeting", "note_made"});
      text = fmt::format("{} where {}", of, filter_of(of));
      break;
    case 1: text = fmt::format("{} where {}", plain_event(), compared()); break;
    case 2: text = fmt::format("any of ({}, {})", event(), plain_event()); break;
    case 3: text = fmt::format("{} {}", chance_.word({"1st", "2nd", "3rd"}), event()); break;
    case 4: text = fmt::format("{} {} on another day", chance_.word({"1st", "2nd"}), event()); break;
    case 5: text = fmt::format("{} {} for each account", chance_.word({"1st", "2nd"}), event()); break;
    default:
      text = fmt::format("{} of ({}, meeting where {})", chance_.word({"1st", "2nd"}), plain_event(),
                         filter_of("meeting"));
  }
  events_.push_back(name);
  of_activity_.push_back(of);
  return fmt::format("event {} is {}", name, text);
}

void Pen::declare_events(std::vector<std::string>& declarations) {
  for (int i = chance_.below(4); i > 0; --i) declarations.push_back(declared_event(static_cast<int>(events_.size())));
}

// ---- targets -------------------------------------------------------------------------------------------------------

std::string Pen::declared_target(int number) {
  const bool of_deal = chance_.one_in(2);
  const std::string type = chance_.word({"count", "count", "count", "percent", "money", "duration"});
  const auto literal = [&] {
    if (type == "percent") return chance_.word({"25%", "50%", "100%", "33.4%"});
    if (type == "money") return chance_.word({"100 USD", "95.5 USD", "10 USD", "250 USD"});
    if (type == "duration") return clock_duration();
    if (!measures_.empty() && chance_.one_in(4))
      return chance_.one_in(2) ? "50% of " + chance_.of(measures_) : chance_.of(measures_);
    return fmt::format("{}", chance_.below(4));
  };
  std::string text;
  const bool from_the_start = !chance_.one_in(4);
  for (int i = chance_.between(1, 3); i > 0; --i) {
    text += "\n  is " + literal();
    if (of_deal && chance_.one_in(3)) text += " in " + stage(true) + (chance_.one_in(2) ? " or later" : "");
    if (chance_.one_in(3))
      text += " where " + (of_deal ? compared() : chance_.word({"role is seller", "load is at least 80%"}));
    if (!(from_the_start && i == 1) && chance_.one_in(2)) text += " from " + date();
  }
  targets_.push_back({fmt::format("t{}", number), type, of_deal});
  return fmt::format("target t{} {{{} }}", number, text);
}

std::string Pen::number(const std::string& type, const std::string& literal, bool of_deal) {
  std::vector<std::string> some;
  for (const Target& each : targets_) {
    if (each.type == type && (of_deal || !each.of_deal)) some.push_back(each.name);
  }
  return some.empty() || chance_.one_in(3) ? literal : chance_.of(some);
}

// ---- conditions ----------------------------------------------------------------------------------------------------

std::string Pen::tail() {
  switch (chance_.below(4)) {
    case 0: return " since " + event();
    case 1: return " in " + duration(false);
    case 2: return fmt::format(" over last {} {}", chance_.between(1, 3), event());
    default: return " since " + plain_event();
  }
}

std::string Pen::compared() {
  switch (chance_.below(16)) {
    case 0: return "next_step is known";
    case 1: return "next_step is missing";
    case 2: return "size is " + chance_.word({"big", "small"});
    case 3: return "size is not small";
    case 4: return "size is one of big, middle";
    case 5:
      return fmt::format("amount is {} {}", chance_.word({"at least", "at most", "more than", "less than"}),
                         number("money", "100 USD", true));
    case 6: return "amount is at most budget";
    case 7: return "close_date is " + chance_.word({"before", "after", "not before", "not after"}) + " today";
    case 8: return "close_date is " + chance_.word({"before", "not after"}) + " " + date();
    case 9:
      return fmt::format(
          "close_date is {} {} {} next_on", chance_.word({"at most", "at least"}),
          chance_.one_in(2) && office_ ? "2 business days" : chance_.word({"3 days", "1 week", "1 month"}),
          chance_.word({"after", "before"}));
    case 10: return "amount differs from budget by at most 10 USD";
    case 11:
      return "seats is " + (chance_.one_in(3) ? "at least " + number("count", "2", true)
                                              : chance_.word({"at least 3", "less than 5", "at most 0"}));
    case 12: return "chance is at least " + number("percent", "50%", true);
    case 13: return "engineer is " + chance_.word({"known", "owner", "not owner"});
    case 14:
      return chance_.word(
          {"industry of account is \"retail\"", "tier of account is gold", "industry of account is known"});
    default: return "next_step is \"call\"";
  }
}

std::string Pen::number_of_facts() {
  switch (chance_.below(5)) {
    case 0: return "count of " + event();
    case 1: {
      const std::string of = chance_.word({"call", "meeting"});
      return fmt::format("count of ({} where {})", of, filter_of(of));
    }
    case 2: return fmt::format("count of any of ({}, {})", plain_event(), plain_event());
    case 3: return "count of " + plain_event();
    default: return "count of call";
  }
}

std::string Pen::counted() {
  switch (chance_.below(10)) {
    case 9:
      return fmt::format(
          "{} is {}{}",
          chance_.word({"count of contact", "count of contact where function is economic",
                        "count of contact where function is known", "share of contact where function is not user"}),
          chance_.word({"at least ", "at most ", ""}), chance_.between(0, 2));
    case 0:
    case 1:
    case 2:
      return fmt::format("{}{} is {}{}", number_of_facts(), chance_.one_in(3) ? tail() : "",
                         chance_.word({"at least ", "at most ", "more than ", "less than ", "", "not "}),
                         number("count", fmt::format("{}", chance_.between(0, 3)), true));
    case 3:
      return fmt::format("share of call where {} is at least {}", filter_of("call"), number("percent", "50%", true));
    case 4:
      return fmt::format("sum minutes of call is {} {}", chance_.word({"at least", "at most"}),
                         number("count", "30", true));
    case 5:
      return fmt::format("{} minutes of call is at least {}", chance_.word({"mean", "median"}),
                         number("count", "15", true));
    case 6:
      return fmt::format("time since {} is {} {}", event(),
                         chance_.word({"at most", "at least", "less than", "more than"}),
                         number("duration", clock_duration(), true));
    case 7:
      return fmt::format("total time in {} is {} {}", stage(true), chance_.word({"at most", "at least"}),
                         number("duration", clock_duration(), true));
    default:
      return measures_.empty() ? "count of meeting is at least 1"
                               : fmt::format("{} is {} {}", chance_.of(measures_),
                                             chance_.word({"at least", "at most"}), number("count", "2", true));
  }
}

std::string Pen::its_atom(const std::string& of) {
  if (of == "call") return chance_.word({"its channel is phone", "its channel is known", "its minutes is at least 10"});
  if (of == "meeting") return chance_.word({"its goal is known", "its status is held", "its goal is missing"});
  if (of == "note_made") return "its grade is known";
  return compared();
}

std::string Pen::atom(const About& about) {
  const std::string usual = usual_atom(about);
  if (readable_.empty() || !read_.one_in(6)) return usual;
  return read_.of(readable_) + " is " +
         read_.word({"kept", "kept", "missed", "missed", "late", "due", "excused", "cannot tell"});
}

std::string Pen::usual_atom(const About& about) {
  if (!about.its.empty() && chance_.one_in(2)) return its_atom(about.its);
  switch (chance_.below(10)) {
    case 0:
    case 1:
    case 2: return compared();
    case 3: return counted();
    case 4: {
      const std::string e = event();
      return fmt::format("{} has happened{}", e, chance_.one_in(3) ? tail() : "");
    }
    case 5: {
      const std::string field = chance_.word({"next_step", "amount", "size", "close_date"});
      return fmt::format("{} is {} {}", field, chance_.word({"known", "missing"}),
                         chance_.one_in(2) ? "since " + event() : "in " + duration(false));
    }
    case 6: return "in " + stage(true) + (chance_.one_in(2) ? " or later" : "");
    case 7:
      if (chance_.one_in(5)) return "deal is on hold";
      if (chance_.one_in(5)) return "owner is on leave";
      return chance_.word({"open", "closed", "won", "lost"});
    case 8:
      return fmt::format("{} is {} from {}{}", chance_.word({"next_step", "amount"}),
                         chance_.word({"known", "missing"}), chance_.word({"claim", "third_party", "buyer"}),
                         chance_.one_in(2) ? " or better" : "");
    default: return counted();
  }
}

std::string Pen::condition(const About& about) {
  if (about.depth == 0) return atom(about);
  About below = about;
  --below.depth;
  switch (chance_.below(8)) {
    case 0: return fmt::format("({} and {})", condition(below), condition(below));
    case 1: return fmt::format("({} or {})", condition(below), condition(below));
    case 2: return fmt::format("not ({})", condition(below));
    case 3: return fmt::format("at least 2 of ({}, {}, {})", atom(about), atom(about), atom(about));
    default: return atom(about);
  }
}

}  // namespace plumb::property

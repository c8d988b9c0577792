// Writes the history of this example into a folder: a year of deals of a team of six, made by a seeded generator, so that
// the same files come out on every machine. Usage: generate_new_business FOLDER
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "time/time.h"

namespace {

using plumb::time::Day;

constexpr int deal_count = 360;
const Day first_day = *plumb::time::day_of(2025, 1, 2);
const Day last_day = *plumb::time::day_of(2025, 12, 14);

struct Habits {
  std::string name;
  std::string manager;
  int states_goal;      // of 100 meetings, those with a goal stated before
  int agrees_step;      // of 100 meetings, those after which a next step is agreed in time
  int phones_first;     // of 100 first touches
  int sells_services;   // of 100 deals
  int reports;          // of 100 weeks
};

const std::vector<Habits> team{
    {"ana", "max", 96, 92, 85, 35, 98}, {"ben", "max", 55, 85, 70, 30, 96},  {"cleo", "max", 90, 60, 75, 25, 92},
    {"dan", "mia", 92, 88, 30, 35, 97}, {"eva", "mia", 88, 90, 80, 8, 95},   {"finn", "mia", 85, 80, 65, 28, 60},
};

// std::mt19937_64 is the same everywhere; the standard distributions are not.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  int below(int n) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(n)); }
  int between(int low, int high) { return low + below(high - low + 1); }
  bool chance(int percent) { return below(100) < percent; }

 private:
  std::mt19937_64 engine_;
};

Day business_day(Day day) {
  while (plumb::time::weekday_of(day) > 5) day = day + 1;
  return day;
}

Day later(Day day, int business_days) {
  day = business_day(day);
  for (; business_days > 0; --business_days) day = business_day(day + 1);
  return day;
}

// A time of the working day, written in UTC; New York's nine to five lies inside 14:00 to 21:00 all year.
std::string at(Day day, int minute_of_work) {
  const int minutes = 14 * 60 + 5 + minute_of_work % 400;
  return fmt::format("{}T{:02}:{:02}:00Z", plumb::time::to_text(day), minutes / 60, minutes % 60);
}

struct Files {
  std::string deals = "deal,created,account,owner,record_type,amount,segment,product_line,close_date\n";
  std::string events =
      "deal,at,recorded,kind,name,from,to,actor,channel,direction,status,outcome,goal,goal.recorded\n";
  std::string records = "person,name,at,recorded,first_meetings,new_deals\n";
  std::string accounts = "account,industry\n";
};

// One deal as it lives: where it stands, and what is written down of it.
class Deal {
 public:
  Deal(int number, Dice& dice, Files& files) : dice_(dice), files_(files) {
    name_ = fmt::format("D{:04}", number);
    account_ = fmt::format("A{:03}", 1 + dice.below(deal_count * 4 / 5));
    owner_ = &team[static_cast<std::size_t>(dice.below(static_cast<int>(team.size())))];
    day_ = business_day(first_day + dice.below(last_day - first_day));
  }

  void live() {
    created();
    move("", "prospecting");
    first_touch();
    wait(2, 14);
    if (!meet() || over()) return lose();
    move("prospecting", "qualification");
    work("qualification", {"budget", "authority", "need", "timing"}, 70);
    if (over() || dice_.chance(22)) return lose();
    std::string stage = "qualification";
    // A small deal may skip the analysis; now and then somebody skips it for a larger one.
    if (amount_ >= 10'000 && !dice_.chance(6)) {
      move(stage, "needs");
      stage = "needs";
      work(stage, {"champion"}, 80);
      if (over() || dice_.chance(20)) return lose();
    }
    move(stage, "proposal");
    work("proposal", {}, 0);
    if (over() || dice_.chance(25)) return lose();
    move("proposal", "negotiation");
    work("negotiation", {}, 0);
    if (over()) return;
    if (dice_.chance(30)) return lose();
    move("negotiation", "won");
  }

 private:
  bool over() const { return day_ > last_day; }

  void line(const std::string& text) {
    if (!over()) files_.events += fmt::format("{},{}\n", name_, text);
  }
  int minute() { return minute_ += dice_.between(3, 40); }
  void wait(int least, int most) {
    day_ = later(day_, dice_.between(least, most));
    minute_ = dice_.below(60);
  }

  void created() {
    amount_ = 1'000 * dice_.between(4, 80);
    const char* segment = amount_ < 15'000 ? "smb" : amount_ < 50'000 ? "mid_market" : "enterprise";
    close_ = day_ + dice_.between(40, 120);
    files_.deals += fmt::format("{},{},{},{},New Business,{} USD,{},{},{}\n", name_, at(day_, minute()), account_,
                                owner_->name, amount_, segment,
                                dice_.chance(owner_->sells_services) ? "services" : "hardware",
                                plumb::time::to_text(close_));
  }

  void move(const std::string& from, const std::string& to) {
    const std::string when = at(day_, minute());
    line(fmt::format("{},,move,,{},{},{},,,,,,", when, from, to, owner_->name));
    stage_ = to;
  }

  void change(const std::string& field, const std::string& to) {
    line(fmt::format("{},,change,{},,{},{},,,,,,", at(day_, minute()), field, to, owner_->name));
  }

  void first_touch() {
    if (dice_.chance(12)) wait(3, 5);
    else if (dice_.chance(50)) wait(1, 1);
    if (dice_.chance(owner_->phones_first)) {
      line(fmt::format("{},,activity,call,,,{},phone,made,,,,", at(day_, minute()), owner_->name));
    } else {
      line(fmt::format("{},,activity,email,,,{},,sent,,,,", at(day_, minute()), owner_->name));
    }
  }

  // A meeting that takes place, with or without a goal stated before it and a next step agreed after it.
  bool meet() {
    if (dice_.chance(8)) {
      line(fmt::format("{},,activity,meeting,,,{},,,no_show,,,", at(day_, minute()), owner_->name));
      wait(2, 8);
      if (dice_.chance(40)) return false;
    }
    static const std::vector<std::string> goals{"agree_problem", "agree_criteria", "agree_offer", "agree_close"};
    const std::string goal = goals[static_cast<std::size_t>(dice_.below(4))];
    const bool stated = dice_.chance(owner_->states_goal);
    const std::string start = at(day_, minute());
    const std::string outcome = dice_.chance(65) ? "advance" : "continuation";
    const std::string recorded = stated ? at(later(day_ - 3, 0), 30) : at(day_, minute() + 30);
    const bool never = !stated && dice_.chance(50);
    line(fmt::format("{},{},activity,meeting,,,{},,,held,{},{},{}", start, at(day_, minute() + 35), owner_->name, outcome,
                     never ? "" : goal, never ? "" : recorded));
    next_step();
    return true;
  }

  void next_step() {
    if (!dice_.chance(owner_->agrees_step)) {
      if (dice_.chance(40)) return;
      day_ = later(day_, dice_.between(3, 6));
    }
    change("next_step_on", plumb::time::to_text(later(day_, dice_.between(3, 10))));
  }

  void work(const std::string&, const std::vector<std::string>& fields, int percent) {
    for (int meetings = dice_.between(1, 2); meetings > 0 && !over(); --meetings) {
      wait(3, 9);
      meet();
    }
    for (const std::string& field : fields) {
      if (!dice_.chance(percent + 15)) continue;
      change(field, field == "budget" ? fmt::format("{} USD", amount_ / 2)
                    : field == "timing" ? plumb::time::to_text(close_)
                                        : "told by the buyer");
    }
    if (close_ < day_ + 10 && dice_.chance(75)) {
      close_ = day_ + dice_.between(20, 70);
      change("close_date", plumb::time::to_text(close_));
    }
    wait(1, 6);
  }

  void lose() {
    static const std::vector<std::string> reasons{"price", "product", "timing", "no_decision", "competitor"};
    if (dice_.chance(88)) change("lost_reason", reasons[static_cast<std::size_t>(dice_.below(5))]);
    move(stage_, "lost");
  }

  Dice& dice_;
  Files& files_;
  std::string name_, account_;
  std::string stage_;
  const Habits* owner_;
  Day day_, close_;
  int amount_ = 0;
  int minute_ = 0;
};

void reports(Dice& dice, Files& files) {
  for (Day monday = *plumb::time::day_of(2025, 1, 13); monday <= last_day + 1; monday = monday + 7) {
    for (const Habits& person : team) {
      if (!dice.chance(person.reports)) continue;
      const std::string when = at(monday, dice.between(0, 300));
      files.records += fmt::format("{},report,{},{},{},{}\n", person.name, when, when, dice.below(4), dice.below(3));
    }
  }
}

std::string people() {
  std::string out = "person,from,joined,role,team,manager\n";
  for (const Habits& person : team) {
    out += fmt::format("{},,2024-03-01,account_executive,{},{}\n", person.name, person.manager == "max" ? "north" : "south",
                       person.manager);
  }
  return out + "max,,2022-01-03,manager,north,\nmia,,2022-01-03,manager,south,\n";
}

bool write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  return static_cast<bool>(file.flush());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: generate_new_business FOLDER\n";
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  Dice dice(20250102);
  Files files;
  for (int number = 1; number <= deal_count; ++number) Deal(number, dice, files).live();
  for (int number = 1; number <= deal_count * 4 / 5; ++number) {
    static const std::vector<std::string> industries{"machinery", "logistics", "retail", "health"};
    files.accounts += fmt::format("A{:03},{}\n", number, industries[static_cast<std::size_t>(dice.below(4))]);
  }
  reports(dice, files);
  const bool ok = write(folder / "deals.csv", files.deals) && write(folder / "events.csv", files.events) &&
                  write(folder / "people.csv", people()) && write(folder / "records.csv", files.records) &&
                  write(folder / "accounts.csv", files.accounts);
  if (!ok) std::cerr << "the history could not be written to " << folder << "\n";
  return ok ? 0 : 2;
}

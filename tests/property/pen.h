#pragma once

#include <string>
#include <vector>

#include "property/chance.h"
#include "property/rulebooks.h"

/// Writes random clauses over the vocabulary that it declares.
namespace plumb::property {

class Pen {
 public:
  /// `reading`: some rules read verdicts of those before them.
  Pen(Chance& chance, const Era& era, bool office, bool reading = false)
      : chance_(chance),
        read_(static_cast<std::uint64_t>(Chance(chance).below(1 << 30))),
        era_(era),
        office_(office),
        reading_(reading) {}

  /// Fields, activities, records, events, measures, the process.
  void declare(std::vector<std::string>& declarations);
  std::string rule();
  /// What lasts, of people, teams or the company.
  std::string lasting_rule();
  /// Of a deal's own, over the vocabulary and no declared events.
  std::string some_condition() { return compared(); }

 private:
  // What a condition may ask about besides the deal itself.
  struct About {
    std::string its;  // the activity or record that opens the obligation; empty: something else
    int depth = 2;
  };

  std::string responses(bool of_deal);
  std::string deal_rule(const std::string& head);
  std::string lasting_condition(const std::string& whom, int depth);
  std::string lasting_atom(const std::string& whom);
  std::string quota(const std::string& head);
  std::string quota_condition(const std::string& whom);
  std::string total_of_people(bool people);
  std::string things_of_people();
  std::string subject_of_deals();
  std::string condition(const About& about);
  std::string atom(const About& about);
  std::string usual_atom(const About& about);
  std::string its_atom(const std::string& of);
  std::string filter_of(const std::string& activity);  // a condition of an activity's own fields
  std::string compared();                              // a condition on a field
  std::string counted();                               // a condition on an aggregate
  std::string event();                                 // the name of one, or a plain one
  std::string plain_event();
  std::string declared_event(int number);
  std::string tail();
  std::string number_of_facts();
  std::string duration(bool exact);
  std::string clock_duration();
  std::string date();
  std::string stage(bool open);
  std::string within();
  std::string stage_clauses();
  void declare_process(std::vector<std::string>& declarations);
  void declare_events(std::vector<std::string>& declarations);
  std::string declared_target(int number);
  /// A literal, or the name of a target of its type, if there is one that may be read there.
  std::string number(const std::string& type, const std::string& literal, bool of_deal);

  Chance& chance_;
  Chance read_;  // what is drawn of verdicts, so that all else is as it was without them
  const Era& era_;
  bool office_;
  bool reading_;
  std::vector<std::string> stages_;       // open ones
  std::vector<std::string> events_;       // declared names
  std::vector<std::string> of_activity_;  // rows: as events_; the activity whose occurrences they are, or empty
  std::vector<std::string> measures_;
  struct Target {
    std::string name, type;
    bool of_deal;  // it is read where there is a deal
  };
  std::vector<Target> targets_;
  bool waits_ = false;  // there is a stage on hold
  int rules_ = 0;
  std::vector<std::string> readable_;  // rules about deals, for those behind them
};

}  // namespace plumb::property

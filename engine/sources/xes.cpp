#include "sources/xes.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sources/xml.h"

namespace plumb::sources {

namespace {

constexpr std::size_t most_columns = 2000;

/// Puts attributes into rows while the elements go by. Depths: log 0, trace 1, its attributes and events 2, theirs 3;
/// an event that is in no trace 1. An event anywhere else is a row that does not say of which case it is.
class Log : public XmlReader {
 public:
  explicit Log(const Scratch& scratch) : table_(scratch) {
    for (const char* name : {"case:concept:name", "concept:name", "time:timestamp"}) table_.column(name);
  }

  Gathered finish() { return std::move(table_); }

 private:
  struct Event {
    std::uint32_t line;
    bool of_trace = true;       // else it says itself of which case it is, or nobody does
    bool says_of_case = false;  // it has attributes that are called as those of a trace are here
    std::uint64_t number = 0;   // among all events and traces
    Gathered::Row row = {};
  };
  /// An event whose end is not there yet.
  struct Open {
    int depth;
    std::size_t event;  // into events_
  };
  /// Where a column was last met.
  struct Met {
    std::uint64_t number = 0;  // in which event or trace; 0: in none
    std::size_t at = 0;        // in its row
  };

  void begin(std::string_view element, const XmlAttributes& attributes) override {
    const int depth = depth_++;
    if (depth == 0) {
      if (element != "log")
        stop(fmt::format("its outermost element is `{}`; that of an event log is `log`", element.substr(0, 60)));
    } else if (depth == 1 && element == "trace") {
      in_trace_ = true;
      trace_.clear();
      trace_line_ = line();
      trace_number_ = ++count_;
    } else if (element == "event") {
      events_.push_back({line(), in_trace_ && depth == 2, false, ++count_});
      open_.push_back({depth, events_.size() - 1});
    } else if (!open_.empty() ? depth == open_.back().depth + 1 : in_trace_ && depth == 2) {
      take(attributes);
    }
  }

  void end() override {
    const int depth = --depth_;
    if (!open_.empty() && depth == open_.back().depth) open_.pop_back();
    if (depth != 1) return;
    const auto is_of_trace = [](const Event& event) { return event.of_trace; };
    if (in_trace_ && std::none_of(events_.begin(), events_.end(), is_of_trace)) {
      events_.insert(events_.begin(), Event{trace_line_});
    }
    // What a trace says may stand behind its events.
    for (Event& event : events_) {
      if (event.of_trace) take_from_trace(event);
      table_.add_row(event.line, event.row);
    }
    events_.clear();
    in_trace_ = false;
  }

  void take_from_trace(Event& event) {
    const std::size_t own = event.row.size();
    for (const auto& [column, value] : trace_) {
      for (std::size_t i = 0; event.says_of_case && i < own; ++i) {
        if (event.row[i].first == column && event.row[i].second != value)
          stop_for_two(event.line, table_.header()[column], event.row[i].second, value);
      }
      event.row.emplace_back(column, value);
    }
  }

  void take(const XmlAttributes& attributes) {
    const auto key = attributes.value("key"), value = attributes.value("value");
    if (!key || !value) return;
    Event* const event = open_.empty() ? nullptr : &events_[open_.back().event];
    const std::size_t column = table_.column(event != nullptr ? std::string(*key) : fmt::format("case:{}", *key));
    if (table_.header().size() > most_columns)
      return stop(fmt::format("line {}: its events have more than {} different attributes", line(), most_columns));
    if (event != nullptr && key->starts_with("case:")) event->says_of_case = true;
    Gathered::Row& row = event != nullptr ? event->row : trace_;
    const std::uint64_t number = event != nullptr ? event->number : trace_number_;
    if (met_.size() <= column) met_.resize(column + 1);
    Met& met = met_[column];
    if (met.number == number && row[met.at].second != *value)
      return stop_for_two(line(), *key, row[met.at].second, *value);
    met = {number, row.size()};
    row.emplace_back(column, *value);
  }

  Gathered table_;
  Gathered::Row trace_;        // what it says
  std::vector<Event> events_;  // of it
  std::vector<Open> open_;     // each in the one before
  std::vector<Met> met_;       // by column
  std::uint32_t trace_line_ = 0;
  std::uint64_t trace_number_ = 0, count_ = 0;
  int depth_ = 0;
  bool in_trace_ = false;
};

}  // namespace

Result<Gathered> read_xes(const Bytes& bytes, const Scratch& scratch) {
  Log log(scratch);
  if (auto wrong = log.read(bytes)) return std::move(*wrong);
  return log.finish();
}

}  // namespace plumb::sources

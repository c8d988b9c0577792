#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sources/object_log.h"
#include "sources/xml.h"

namespace plumb::sources {

namespace {

/// Which elements of a log are told of: an object is known before the events that speak of it.
enum class Wanted : std::uint8_t { objects_and_later_events, earlier_events };

/// Depths: log 0, its lists 1, an object or event 2, its lists 3, what is in them 4.
class Log : public XmlReader {
 public:
  Log(ObjectLogBuilder& builder, Wanted wanted) : builder_(builder), wanted_(wanted) {}

  /// Whether there were events before the objects, which were passed by.
  bool passed_by_events() const { return passed_by_events_; }
  bool has_lists() const { return has_lists_; }

 private:
  void begin(std::string_view element, const XmlAttributes& attributes) override {
    const auto said = [&](std::string_view name) { return std::string(attributes.value(name).value_or("")); };
    const int depth = depth_++;
    if (depth == 0 && element != "log") {
      stop(fmt::format("its outermost element is `{}`; that of an event log is `log`", element.substr(0, 60)));
    } else if (depth == 1) {
      list_ = element;
      objects_begun_ |= element == "objects";
      has_lists_ |= list_ == "objects" || list_ == "events";
    } else if (depth == 2) {
      is_object_ = list_ == "objects" && element == "object";
      is_event_ = list_ == "events" && element == "event";
      id_ = said("id"), type_ = said("type"), time_ = said("time");
      attributes_.clear(), relations_.clear();
      if ((is_object_ || is_event_) && id_.empty())
        stop(fmt::format("line {}: an {} has no `id`", line(), is_object_ ? "object" : "event"));
    } else if (depth == 4 && element == "attribute") {
      attributes_.push_back({said("name"), {}, said("time")});
      in_value_ = true;
    } else if (depth == 4 && element == "relationship") {
      relations_.push_back({said("object-id"), said("qualifier")});
    }
  }

  void text(std::string_view piece) override {
    if (in_value_ && depth_ == 5) attributes_.back().value += piece;
  }

  void end() override {
    const int depth = --depth_;
    if (depth == 4) in_value_ = false;
    if (depth != 2) return;
    if (is_object_ && wanted_ == Wanted::objects_and_later_events)
      builder_.add_object(id_, type_, std::move(attributes_));
    if (is_event_) end_event();
    is_object_ = is_event_ = false;
  }

  void end_event() {
    if (wanted_ == Wanted::objects_and_later_events && !objects_begun_) {
      passed_by_events_ = true;
      return;
    }
    if (wanted_ == Wanted::earlier_events && objects_begun_) return;
    ObjectLogBuilder::Attributes attributes;
    for (auto value = attributes_.begin(); value != attributes_.end(); ++value) {
      const auto other = std::find_if(value + 1, attributes_.end(), [&](const ObjectLogBuilder::Value& one) {
        return one.attribute == value->attribute && one.value != value->value;
      });
      if (other != attributes_.end()) return stop_for_two(line(), value->attribute, value->value, other->value);
    }
    for (ObjectLogBuilder::Value& value : attributes_)
      attributes.emplace_back(std::move(value.attribute), std::move(value.value));
    builder_.add_event(id_, type_, time_, attributes, relations_);
  }

  ObjectLogBuilder& builder_;
  const Wanted wanted_;
  int depth_ = 0;
  std::string list_, id_, type_, time_;
  std::vector<ObjectLogBuilder::Value> attributes_;
  std::vector<ObjectLogBuilder::Relation> relations_;
  bool is_object_ = false, is_event_ = false, in_value_ = false;
  bool objects_begun_ = false, passed_by_events_ = false, has_lists_ = false;
};

/// Goes by the elements within the outermost until one tells which log it is; what both forms have tells nothing.
class Telling : public XmlReader {
 public:
  std::optional<bool> is_ocel;

 private:
  void begin(std::string_view element, const XmlAttributes&) override {
    if (depth_++ != 1) return;
    constexpr std::array<std::string_view, 4> lists{"object-types", "event-types", "objects", "events"};
    constexpr std::array<std::string_view, 4> of_cases{"extension", "classifier", "trace", "event"};
    const bool of_objects = std::ranges::find(lists, element) != lists.end();
    if (!of_objects && std::ranges::find(of_cases, element) == of_cases.end()) return;
    is_ocel = of_objects;
    stop("it is known");
  }
  void end() override { --depth_; }

  int depth_ = 0;
};

}  // namespace

Result<ObjectLog> read_ocel_xml(const Bytes& bytes, const Scratch& scratch) {
  ObjectLogBuilder builder(scratch);
  Log log(builder, Wanted::objects_and_later_events);
  if (auto wrong = log.read(bytes)) return std::move(*wrong);
  if (!log.has_lists()) return Failure{"it holds neither `objects` nor `events`: it is no object-centric log"};
  if (log.passed_by_events()) {
    Log events(builder, Wanted::earlier_events);
    if (auto wrong = events.read(bytes)) return std::move(*wrong);
  }
  return builder.finish();
}

std::optional<bool> is_ocel_xml(const Bytes& bytes) {
  Telling telling;
  telling.read(bytes);
  return telling.is_ocel;
}

}  // namespace plumb::sources

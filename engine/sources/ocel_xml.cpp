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
enum class Wanted : std::uint8_t { objects_and_later_events, events };

/// Depths: log 0, its lists 1, an object or event 2, its lists 3, what is in them 4.
class Log : public XmlReader {
 public:
  Log(ObjectLogBuilder& builder, Wanted wanted) : builder_(builder), wanted_(wanted) {}

  /// Whether there were events before the objects, which were passed by.
  bool passed_by_events() const { return passed_by_events_; }

 private:
  void begin(std::string_view element, const XmlAttributes& attributes) override {
    const auto said = [&](std::string_view name) { return std::string(attributes.value(name).value_or("")); };
    const int depth = depth_++;
    if (depth == 0 && element != "log") {
      stop(fmt::format("its outermost element is `{}`; that of an event log is `log`", element.substr(0, 60)));
    } else if (depth == 1) {
      list_ = element;
      objects_begun_ |= element == "objects";
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
    ObjectLogBuilder::Attributes attributes;
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
  bool objects_begun_ = false, passed_by_events_ = false;
};

}  // namespace

Result<ObjectLog> read_ocel_xml(const Bytes& bytes, const Scratch& scratch) {
  ObjectLogBuilder builder(scratch);
  Log log(builder, Wanted::objects_and_later_events);
  if (auto wrong = log.read(bytes)) return std::move(*wrong);
  if (log.passed_by_events()) {
    Log events(builder, Wanted::events);
    if (auto wrong = events.read(bytes)) return std::move(*wrong);
  }
  return builder.finish();
}

}  // namespace plumb::sources

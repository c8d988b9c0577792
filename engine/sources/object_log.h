#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "history/dictionary.h"
#include "sources/ocel.h"

namespace plumb::sources {

/// Builds the tables of an ObjectLog, whatever form it is read from. Cost: some 50 bytes an object.
class ObjectLogBuilder {
 public:
  explicit ObjectLogBuilder(const Scratch& scratch);

  using Attributes = std::vector<std::pair<std::string, std::string>>;
  struct Value {
    std::string attribute, value, time;
  };
  struct Relation {
    std::string object, qualifier;
  };

  void add_object(const std::string& id, const std::string& type, std::vector<Value> values);
  /// Objects are added before the events that speak of them.
  void add_event(const std::string& id, const std::string& activity, const std::string& time,
                 const Attributes& attributes, const std::vector<Relation>& relations);
  ObjectLog finish() { return std::move(log_); }

 private:
  ObjectLog log_;
  history::Dictionary ids_, types_;     // of objects
  std::vector<std::uint32_t> type_of_;  // into types_, as ids_
};

}  // namespace plumb::sources

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sources/ocel.h"

namespace plumb::sources {

/// Builds the tables of an ObjectLog, whatever form it is read from.
class ObjectLogBuilder {
 public:
  ObjectLogBuilder();

  using Attributes = std::vector<std::pair<std::string, std::string>>;
  struct Value {
    std::string attribute, value, time;
  };
  struct Relation {
    std::string object, qualifier;
  };

  void add_object(const std::string& id, const std::string& type, std::vector<Value> values);
  void add_event(const std::string& id, const std::string& activity, const std::string& time,
                 const Attributes& attributes, const std::vector<Relation>& relations);
  /// Objects may be added after the events that speak of them.
  ObjectLog finish();

 private:
  ObjectLog log_;
  std::map<std::string, std::string> type_of_;
};

}  // namespace plumb::sources

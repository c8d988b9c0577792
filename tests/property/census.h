#pragma once

#include <map>
#include <string>
#include <vector>

#include "property/case.h"
#include "property/told.h"

/// What random cases have in them: a comparison of answers says nothing of what nobody asked.
namespace plumb::property {

class Census {
 public:
  Census();
  void count(const Case& of, const std::vector<Told>& told);
  /// What no case had. Empty: nothing.
  std::vector<std::string> lacking() const;
  /// How many cases had each feature, and how often each verdict was given on each shape.
  std::string to_text() const;

 private:
  std::map<std::string, std::map<std::string, int>> all_;  // by group, then by name
};

}  // namespace plumb::property

#include "model/stage_names.h"

#include <set>

#include "base/spelling.h"

namespace plumb::model {

std::vector<std::pair<std::string, Id<Stage>>> other_names(const Rulebook& book, const std::vector<Id<Stage>>& stages) {
  std::vector<std::pair<std::string, Id<Stage>>> names;
  std::set<std::string> taken{""};
  for (Id<Stage> id : stages) taken.insert(book.stages[id].name);
  const auto is_called = [&](const std::string& text, Id<Stage> id) {
    if (taken.insert(text).second) names.emplace_back(text, id);
  };
  for (Id<Stage> id : stages) {
    for (const std::string& old : book.stages[id].was) is_called(old, id);
    is_called(book.stages[id].label, id);
  }
  for (Id<Stage> id : stages) {
    const Stage& stage = book.stages[id];
    for (const std::string& spelling : spelled_out(stage.name)) is_called(spelling, id);
    for (const std::string& old : stage.was) {
      for (const std::string& spelling : spelled_out(old)) is_called(spelling, id);
    }
  }
  return names;
}

}  // namespace plumb::model

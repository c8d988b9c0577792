#include <type_traits>
#include <variant>

#include "check/passes.h"

namespace plumb::check {

namespace {

std::string name_of(const ast::Change& change) {
  const auto name = [](const auto& declaration) -> const ast::Name& {
    if constexpr (std::is_same_v<std::decay_t<decltype(declaration)>, ast::Fields>) {
      return declaration.of;
    } else {
      return declaration.name;
    }
  };
  return std::visit(name, change.to).text;
}

using Found = std::optional<Unread>;

struct Reader {
  Found operator()(const ast::Use& use) const { return Unread{"use", use.name.text, use.span}; }
  Found operator()(const ast::Extends& base) const { return Unread{"extends", base.name.text, base.span}; }
  Found operator()(const ast::Checklist& list) const { return Unread{"checklist", list.name.text, list.span}; }
  Found operator()(const ast::Target& target) const { return Unread{"target", target.name.text, target.span}; }
  Found operator()(const ast::Plan& plan) const { return Unread{"plan", plan.name.text, plan.span}; }
  Found operator()(const ast::Ladder& ladder) const { return Unread{"ladder", ladder.name.text, ladder.span}; }
  Found operator()(const ast::Prove& prove) const { return Unread{"prove", prove.claim.text, prove.span}; }
  Found operator()(const ast::Test& test) const { return Unread{"test", test.title.text, test.span}; }
  Found operator()(const ast::Change& change) const { return Unread{"change", name_of(change), change.span}; }
  Found operator()(const ast::Remove& remove) const { return Unread{"remove", remove.name.text, remove.span}; }
  // What the passes read.
  Found operator()(const ast::Calendar&) const { return {}; }
  Found operator()(const ast::Fields&) const { return {}; }
  Found operator()(const ast::Activity&) const { return {}; }
  Found operator()(const ast::Record&) const { return {}; }
  Found operator()(const ast::EventDecl&) const { return {}; }
  Found operator()(const ast::Process&) const { return {}; }
  Found operator()(const ast::Rule&) const { return {}; }
  Found operator()(const ast::Measure&) const { return {}; }
};

}  // namespace

std::optional<Unread> unread(const ast::Declaration& declaration) { return std::visit(Reader{}, declaration); }

}  // namespace plumb::check

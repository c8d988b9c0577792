#include <variant>

#include "check/passes.h"

namespace plumb::check {

namespace {

/// What the texts of a declaration may name a value of; those of rules and items are checked with them.
class Texts {
 public:
  explicit Texts(Context& context) : context_(context) { person_.about = About::person; }

  void of(const ast::Process& process) {
    Scope deal;
    if (const auto found = context_.names.processes.find(process.name.text); found != context_.names.processes.end())
      deal.process = found->second;
    lone(process.title, "a process");
    for (const ast::Stage& stage : process.stages) {
      check_text(context_, deal, stage.label);
      check_text(context_, deal, stage.buyer);
      check_text(context_, deal, stage.manager);
    }
  }
  void of(const ast::Checklist& list) {
    check_text(context_, {}, list.title);
    check_text(context_, {}, list.because);
  }
  void of(const ast::Plan& plan) {
    check_text(context_, person_, plan.title);
    check_text(context_, person_, plan.because);
  }
  void of(const ast::Ladder& ladder) {
    check_text(context_, person_, ladder.title);
    check_text(context_, person_, ladder.because);
    for (const ast::Rung& rung : ladder.rungs) check_text(context_, person_, rung.title);
  }
  void of(const ast::Target& target) {
    lone(target.title, "a target");
    lone(target.because, "a target");
  }
  void of(const ast::Measure& measure) { lone(measure.title, "a measure"); }
  void of(const ast::Rulebook& rulebook) {
    lone(rulebook.title, "a rulebook");
    lone(rulebook.because, "a rulebook");
    for (const ast::Response& response : rulebook.responses) lone(response.text, "a rulebook");
  }
  template <class T>
  void of(const T&) {}

 private:
  template <class Text>
  void lone(const Text& text, std::string_view of) {
    check_lone_text(context_, text, of);
  }

  Context& context_;
  Scope person_;
};

}  // namespace

void check_texts(Context& context) {
  Texts texts(context);
  if (context.file.rulebook) texts.of(*context.file.rulebook);
  for (const ast::Declaration& declaration : context.file.declarations) {
    std::visit([&](const auto& written) { texts.of(written); }, declaration);
  }
}

}  // namespace plumb::check

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "model/model.h"
#include "property/chance.h"
#include "syntax/parse.h"
#include "time/time.h"

/// Random rulebooks over one small vocabulary.
namespace plumb::property {

/// Some weeks in which something is unusual: a change of the clock, a leap day, a year's end, a day that never was.
struct Era {
  time::Day first;
  int days = 30;
};

/// A rulebook as its declarations, so that a smaller one is a matter of leaving some out.
struct Draft {
  Era era;
  std::string zone;                       // of the default calendar
  std::vector<std::string> declarations;  // what rules are about, then rules
  std::vector<std::string> changes = {};  // of rules, from a day on, by a rulebook that extends this one

  /// Both rulebooks where there are changes, apart by a line `--- file own.plumb`.
  std::string text() const;
};

/// `of_calendar`: what decides when, where and by which calendar. `lasting`: some rules ask people, teams or the company
/// for what lasts.
Draft random_draft(Chance& chance, Chance& of_calendar, bool reading_verdicts, bool lasting);
/// Changes some rules from a day on: then they have versions.
void add_changes(Draft& draft, Chance& chance);

/// The rulebook of a draft's text. Missing: nullptr when it has errors or holds what is not evaluated; `why` says so.
struct Compiled {
  std::shared_ptr<const model::Rulebook> book;
  std::string why;
};
Compiled compile(const std::string& text);

/// Two rulebooks, of which the second extends the first.
syntax::ast::File joined(const std::string& base_text, const std::string& own_text, source::Map& texts,
                         diagnostics::Sink& sink);

/// Leaves out the declarations that keep a draft from being compiled: what the language refuses in this combination.
/// How many were left out is added to `refused`.
Compiled compile_what_can_be(Draft& draft, int& refused);

}  // namespace plumb::property

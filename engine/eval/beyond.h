#pragma once

#include <string>
#include <vector>

#include "model/model.h"
#include "source/source.h"

/// What is understood and not worked out yet.
namespace plumb::eval {

/// What a name of a rulebook that was not read left, and what nothing here works out yet.
bool beyond_expr(const model::Expr& expr);
/// What only a deal can answer, asked of all deals of a person, a team or the company.
bool beyond_subject(const model::Rule& rule, const model::Expr& expr);
/// What counts beyond the deal at hand, or people.
bool reads_others(const model::Rulebook& book, Id<model::Expr> id);
/// The same within what is counted of deals, which is looked at by itself, whoever else is counted.
bool reads_others_within(const model::Rulebook& book, const model::Expr& expr);
/// What is asked of people, teams and the company on account of an event that is no record about a person.
bool beyond_shape(const model::Rulebook& book, const model::Rule& rule);
/// Changes of what is known of people are dated rows and not events yet.
bool beyond_event(const model::Rulebook& book, const model::Event& event);
/// Who owes, unless it is the owner, the person, the manager of either, or a field of the deal that holds a person.
bool beyond_debtor(const model::Rulebook& book, const model::Rule& rule);

/// Words of a declaration that keep it from being evaluated.
struct Beyond {
  source::Span span;  // unknown: of a clause of it
  std::string words;
};
/// The words of a declaration that `unevaluated` lists for which it is, in the order of the text. Missing: empty where
/// it is a whole plan or ladder.
std::vector<Beyond> words_beyond(const model::Rulebook& book, const model::Unevaluated& declaration);
/// ` for `person is in ramp` in 3:50`: what would have to be written otherwise. Missing: empty for no words.
std::string beyond_text(const std::vector<Beyond>& words, const source::Map& texts);

}  // namespace plumb::eval

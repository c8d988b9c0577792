#pragma once

#include <vector>

#include "explain/ways.h"

/// What the ways to make a number come out right share. Nothing outside of them includes this.
namespace plumb::explain {

/// A part of what is compared, and which way it has to go.
struct Pull {
  Id<model::Expr> aggregate;
  bool more;
};

/// The comparison with a number that is known.
struct Asked {
  model::Comparison comparison;
  eval::Rational bound;
  eval::Value have;           // what the left side is worth now
  std::string currency = {};  // of the number, where it is written with one
  bool strict() const {
    return comparison == model::Comparison::more_than || comparison == model::Comparison::less_than;
  }
};

/// The whole number below. Missing: 0 for one that is not exact.
std::int64_t floor_of(eval::Rational r);
/// The field that an aggregate adds up, saying so much. Missing: none where it adds up something else.
std::vector<Fields> saying(const model::Rulebook& book, const model::Aggregate& aggregate, const Asked& asked,
                           eval::Rational worth, const eval::Context& context);
/// Of those that are counted by a verdict on another rule some come to have it, or not to.
Ways ways_of_judged(const model::Aggregate& aggregate, const std::vector<std::string>& subjects, bool wanted,
                    const eval::Context& context, const Put& put);
/// The deal has so many contacts more, each of which says this. Missing: empty where the history lists none.
Ways ways_to_add_contacts(const std::vector<Fields>& fields, std::int64_t times, const eval::Context& context,
                          const Put& put);
/// Contacts that there are say something else, or where fewer are asked are none.
Ways ways_of_contacts(const Pull& pull, const model::Aggregate& aggregate, const eval::Context& context,
                      const Put& put);
/// So many of the deals that there are come to be like this.
Ways ways_to_fit(const std::vector<Fields>& fields, std::int64_t times, const eval::Context& context, const Put& put);
/// So many of the deals that are open are closed.
Ways ways_to_close(const std::vector<std::int64_t>& numbers, const eval::Context& context, const Put& put);
/// What was not followed in time is followed after all.
Ways ways_to_follow(const model::Aggregate& aggregate, const eval::Context& context, const Put& put);
/// Rows say something else, or their deals do: one of them, then so many that what is counted comes out right.
Ways ways_to_alter(const std::vector<eval::EventRef>& rows, const std::vector<Fields>& fields,
                   const eval::Context& context, const Put& put);
/// One of the values that are added up is another, or as many as it takes are what is asked.
Ways ways_to_say_otherwise(const Pull& pull, const Asked& asked, const std::vector<eval::EventRef>& rows,
                           const eval::Context& context, const Put& put);
/// What took too long ended earlier.
Ways ways_to_end_early(const Pull& pull, const model::Aggregate& aggregate, const eval::Context& context,
                       const Put& put);
/// So many more deals come to be in which one follows upon the other at once.
Ways ways_to_be_quick(const model::Aggregate& aggregate, std::int64_t times, const eval::Context& context,
                      const Put& put);
/// One of those that are counted is not one of them.
Ways ways_to_be_other(const model::Aggregate& aggregate, const std::vector<eval::EventRef>& rows,
                      const eval::Context& context, const Put& put);

}  // namespace plumb::explain

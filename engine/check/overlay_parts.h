#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "check/context.h"
#include "check/overlay.h"

/// What the files of the overlay pass share. Nothing else includes it.
namespace plumb::check {

template <class T, class Variant>
inline constexpr bool is_among = false;
template <class T, class... Ts>
inline constexpr bool is_among<T, std::variant<Ts...>> = (std::is_same_v<T, Ts> || ...);

/// What a change or removal may be of.
enum class Kind : std::uint8_t {
  rule,
  stage,
  item,
  rung,
  target,
  measure,
  event,
  plan,
  ladder,
  checklist,
  process,
  calendar,
  fields,
  activity,
  record,
};
inline constexpr std::size_t kinds = 15;
/// Missing: nothing for a word that the reader has reported.
std::optional<Kind> kind_of(std::string_view keyword);
/// "rule", "stage" …
std::string_view to_text(Kind kind);
/// What a stage, an item or a rung stands in. Missing: nothing for what stands by itself.
std::optional<Kind> container_of(Kind kind);

/// A declaration of the file, or a stage, item or rung in it.
struct Place {
  std::size_t row = 0;
  std::optional<std::size_t> part;
};

enum class Guard : std::uint8_t { sealed, tighten_only };

/// The guarded rule or stage that builds on something.
struct Held {
  Guard guard = Guard::sealed;
  std::string name;
  Span span;  // of its name
};

struct Overlay {
  const source::Map& texts;
  diagnostics::Sink& sink;
  ast::File file;
  std::multimap<std::string, Removed> removed;
  std::map<std::string, Held> held;  // by name: what rules and stages build on that are not to be changed, or loosened
};

// ---- who declares what ----------------------------------------------------------------------------------------------

/// The place of the span's rulebook in the order in which they build on each other; 0 for a file that was read alone.
std::size_t rank_of(const ast::File& file, Span span);
std::string_view rulebook_of(const ast::File& file, Span span);

/// What a change or removal says of what it means.
struct Wanted {
  Kind kind = Kind::rule;
  ast::Name name;
  std::optional<ast::Name> in;
  std::string_view rulebook;  // before the name of a rule; empty: any
};
Wanted wanted(const Overlay& overlay, const ast::Change& change);
Wanted wanted(const Overlay& overlay, const ast::Remove& remove);
const ast::Name& name_of(const ast::Change& change);

std::vector<Place> places_of(const Overlay& overlay, const Wanted& wanted);
/// Every name of the kind that a rulebook before this one declares; of parts, those of the container.
std::vector<std::string> names_of(const Overlay& overlay, const Wanted& wanted, std::size_t rank);
Span name_span(const ast::File& file, const Place& place);
/// The span of the whole declaration.
Span span_of(const ast::File& file, const Place& place);
const ast::Header* header_of(const ast::File& file, const Place& place);  // nullptr: a rung has none
const ast::Body* body_of(const ast::File& file, const Place& place);      // nullptr: written without one

/// Where it is said of a declaration: by itself, by what it stands in or by its whole rulebook.
struct Guarded {
  bool is = false;
  Span span;  // of the word; unknown where the rulebook's header says it
};
Guarded guarded(const ast::File& file, const Place& place, Guard guard);
/// Every name that a guarded rule, stage or item of a rulebook before this rank builds on, itself or by what it names;
/// a sealed one comes before others.
std::map<std::string, Held> held_names(const ast::File& file, const source::Map& texts, std::size_t rank);

// ---- making changes -------------------------------------------------------------------------------------------------

/// The change of a whole declaration or part of one.
void merge(ast::File& file, const Place& place, const ast::Change& change);
/// The rule with all that the change says of it.
ast::Rule merged(ast::Rule rule, const ast::Change& change);
/// The change of a rule for a part of its subjects. `before`: the versions of the rule as they stood before this
/// rulebook's parts; `now`: as they stand, those parts among them, to which what the change makes is added.
void merge_part(Overlay& overlay, const std::vector<ast::Rule>& before, const ast::Change& change,
                std::vector<ast::Rule>& now);
/// The `for each` before the braces, where it names a part. Missing: nullptr for none, or for all subjects.
const ast::Subject* part_of(const ast::Change& change);
void merge_header(ast::File& file);

// ---- versions by date -----------------------------------------------------------------------------------------------

using Edited = std::function<ast::Rule(const ast::Rule&)>;

/// Makes what a change says of one version of a rule. One that takes effect on a day leaves the version as it was until
/// then. Missing: nothing where the whole version becomes another, or is over by then; else what is in force from the
/// day on.
std::optional<ast::Rule> split_off(const ast::File& file, ast::Rule& rule, const ast::Change& change,
                                   const Edited& edit);
/// From when on what a rulebook says is in force, by its header, else by that of the nearest that it builds on; a
/// library by that of the farthest rulebook that uses it. Missing: nothing where none says it.
std::optional<time::Day> day_of_rulebook(const ast::File& file, std::string_view rulebook);
/// Gives each rule that says no day of its own the day of the rulebook that wrote it, or changed it last, and puts what
/// is in force earlier first.
void date_rules(ast::File& file);

// ---- stricter or not ------------------------------------------------------------------------------------------------

/// Whether, as far as can be read off the text, `b` holds wherever `a` does.
bool implies(const ast::File& file, const source::Map& texts, ast::ExprId a, ast::ExprId b);
/// How two durations compare. Missing: nothing where it depends on the calendar.
std::optional<std::strong_ordering> order(const time::Duration& a, const time::Duration& b);
/// The order of two literals of one unit. Missing: nothing for anything else.
std::optional<std::strong_ordering> order(const ast::File& file, ast::ExprId a, ast::ExprId b);
/// Whether the two say the same, blanks and comments apart. Two unknown spans do.
bool same_words(const source::Map& texts, Span a, Span b);

enum class Direction : std::uint8_t { same, stricter, looser, undecided };
/// How two conditions compare, a stronger one being the stricter.
Direction direction(const ast::File& file, const source::Map& texts, ast::ExprId from, ast::ExprId to);

/// How the target's value is used everywhere: as a floor, `is at least`, or as a ceiling. Missing: nothing for both,
/// neither, or where it cannot be told.
enum class Bound : std::uint8_t { floor, ceiling };
std::optional<Bound> use_of(const ast::File& file, const std::string& target);

/// One clause that is not certainly stricter.
struct Objection {
  Direction direction = Direction::undecided;  // looser or undecided
  Span before, after;
  std::string why;
};
struct Judgement {
  std::vector<Objection> objections;
  void judge(Direction direction, Span before, Span after, std::string why) {
    if (direction == Direction::looser || direction == Direction::undecided)
      objections.push_back({direction, before, after, std::move(why)});
  }
};

/// Reports whatever in the change is not certainly stricter, of what is `tighten only` itself or builds on it.
void check_strictness(Overlay& overlay, const Place& place, const ast::Change& change);
void judge_target(const Overlay& overlay, const ast::Target& from, const ast::Target& to, Judgement& judgement);

}  // namespace plumb::check

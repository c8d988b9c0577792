#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "check/overlay.h"
#include "diagnostics/diagnostic.h"
#include "model/model.h"
#include "source/source.h"
#include "syntax/ast.h"
#include "time/calendar.h"

/// What the passes of this module share while one file is read. Nothing outside of check/ includes it.
namespace plumb::check {

namespace ast = syntax::ast;
namespace diag = diagnostics::diag;
using diagnostics::Diagnostic;
using model::TypeKind;
using source::Span;

enum class Progress : std::uint8_t { untouched, under_way, done };

/// A declaration that is checked when it is first used, so that the order of the text does not matter.
template <class Written, class Made>
struct Definition {
  const Written* written = nullptr;
  Id<Made> made;
  Progress progress = Progress::untouched;
};

/// Where a name was first declared, and as what: "an event".
struct Declared {
  std::string_view as;
  Span span;
};

inline constexpr std::size_t field_owners = 4;  // deal, account, contact, person

struct Names {
  std::array<std::map<std::string, Id<model::Field>>, field_owners> fields;  // by OwnerKind
  std::map<std::string, Declared> happenings;  // activities, records and events share names
  std::map<std::string, Id<model::Activity>> activities;
  std::map<std::string, Id<model::Record>> records;
  std::map<std::string, Definition<ast::EventDecl, model::Event>> events;
  std::map<std::string, Definition<ast::Measure, model::Measure>> measures;
  std::map<std::string, Id<model::Process>> processes;
  std::map<std::string, Definition<ast::Target, model::Target>> targets;
  std::map<std::string, Id<model::Plan>> plans;
  std::map<std::string, Definition<ast::Checklist, model::Checklist>> checklists;
  std::map<std::string, Id<model::Ladder>> ladders;
  std::map<std::string, std::vector<Id<model::Stage>>> stages;  // several: in several processes
  std::map<std::string, Span> rules;
  std::map<std::string, Span> calendars;
};

/// What has a verdict: a rule, a clause of a stage, what an item of a checklist needs.
struct Judged {
  model::SubjectKind of = model::SubjectKind::deal;
  std::optional<time::Period> every;
  Span span;
};

/// Whether a name that this file does not declare may come from a rulebook that is not read yet.
enum class World : std::uint8_t { closed, uses, extends };

/// A name that nothing declares: it is reported at its first use.
struct Unknown {
  std::size_t row = 0;   // of the sink
  std::size_t uses = 0;  // after the first
};

/// The most that definitions may build on each other before they are read: they are followed on the stack.
inline constexpr int deepest_definition = 100;

struct Context {
  const ast::File& file;
  const source::Map& texts;
  diagnostics::Sink& sink;
  model::Rulebook book;
  Names names;
  World world = World::closed;
  std::set<std::string, std::less<>> lost;  // words of what was reported and is read by no pass: may be declared there
  std::size_t read_with = 0;  // diagnostics of the reader: what is missing may have been lost to one of them
  int depth = 0;              // of definitions under way
  std::vector<std::optional<model::OwnerKind>> measure_reads;  // by measure: whose fields it reads, if anybody's
  std::vector<std::optional<model::OwnerKind>> target_reads;   // by target: likewise
  std::optional<std::map<std::string, Judged>> judged;         // by name; made when first asked for
  std::vector<std::size_t> measure_sizes;  // by Id<Measure>: parts when every measure in it is written out
  std::map<Id<model::Event>, std::optional<std::size_t>> event_sizes;  // of named events; nullopt: too large
  time::Zone zone = time::Zone::utc();                                 // of the default calendar
  bool work_written = false;                                           // a `work` line exists, if only a broken one
  bool terms_written = false;
  std::map<std::pair<std::string_view, std::string>, Unknown> unknown;  // by code and name
  std::multimap<std::string, Removed> removed;  // by name: what a rulebook that builds on others took away
};

/// Whose fields a bare name means.
enum class About : std::uint8_t { nothing, deal, person, either, contact };

struct Scope {
  About about = About::deal;
  Id<model::Event> candidate;               // inside `where`: its attributes come first
  std::optional<Id<model::Event>> trigger;  // what opened the obligation, for `its`
  Id<model::Process> process;               // whose stages are meant
  bool calculates = false;                  // inside a measure
  bool company = false;                     // about nothing: the company, not a team
  std::optional<model::Shape> shape;        // of the rule; none outside of one
  std::optional<time::Period> every;        // the period that is judged, if any
};

// ---- words ----------------------------------------------------------------------------------------------------------

/// What is written there, blanks folded and comments dropped.
std::string words(const Context& context, Span span);
std::string words(const source::Map& texts, Span span);
/// The same at its whole length, for comparing.
std::string whole_words(const source::Map& texts, Span span);
/// The words that stand there, into `found`.
void add_words(std::string_view written, std::set<std::string, std::less<>>& found);
/// The same of a condition, or of what changes for parts of a rule's subjects have made of one.
std::string words(const Context& context, ast::ExprId condition);
/// A name as it has to be written: in quotes where it is no plain word.
std::string spelled(std::string_view name);
/// `a`, `b` and `c`.
std::string listed(const std::vector<std::string>& names, std::string_view last = "and");
/// "a date", "money": what a value of the type is.
std::string_view described(model::Type type);
std::string_view plural(model::OwnerKind owner);

}  // namespace plumb::check

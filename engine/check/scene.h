#pragma once

#include <map>
#include <optional>
#include <string>

#include "check/expr.h"

/// A test of the language while it is checked. Nothing outside of check/ includes this.
namespace plumb::check {

struct Scene {
  Context& context;
  const ast::Test& written;
  model::Test test;
  std::map<std::string, std::uint32_t> cast;       // rows of it
  std::map<std::uint32_t, Id<model::Process>> of;  // by deal: the process whose stages it enters

  const model::CastMember& member(std::uint32_t row) const { return test.cast[row]; }
};

/// Who is in the test, and what is known of them.
void check_cast(Scene& scene);
/// What happens.
void check_lines(Scene& scene);
/// What comes of it.
void check_expectations(Scene& scene);

/// Missing: nothing, reported. `meant`: what it can only be, where that is known: `team`.
std::optional<std::uint32_t> cast_named(Scene& scene, const ast::Name& name, std::string_view meant = {});
/// "a deal".
std::string_view noun(model::CastMember::Kind kind);
void report_wrong_kind(Scene& scene, const ast::Name& name, std::uint32_t row, std::string_view only);

/// The instant of a moment in the default calendar's zone; of a day, its start or its end. Missing: unknown for none
/// and for a time that does not exist there or exists twice (reported).
enum class Edge : std::uint8_t { start, end };
time::Instant instant_of(Context& context, const ast::Moment& moment, Edge edge);
std::optional<time::Instant> instant_of(Context& context, const std::optional<ast::Moment>& moment);

/// `from SOURCE`, reported where nothing comes from there.
model::SourceRank source_of(Context& context, const std::optional<ast::Name>& source);
/// A value of the field's type. Missing: the type alone for what is broken, reported.
model::FactValue value_of(Scene& scene, Id<model::Field> field, const ast::Name& name, ast::ExprId value);
/// Whose braces they are. What is known of a person is in force for a time.
struct Braces {
  enum class Whose : std::uint8_t { person, deal, thing, deed } whose = Whose::thing;
  std::optional<std::uint32_t> deal;  // of a deed: with which deal it is done, a row of the cast
};
/// What stands in braces: of somebody, of an activity or of a record. `who`: "people have".
std::vector<model::Fact> facts_of(Scene& scene, const std::vector<ast::Fact>& written,
                                  const std::map<std::string, Id<model::Field>>& fields, const std::string& who,
                                  const Braces& braces);
/// What no rulebook declares: the day on which a person `joined` or `left` (a literal, and the word), or the `contact`
/// with whom something is done (his name). The fact is of no field. Missing: nullopt where the name is none of these.
/// Errors: reported; the fact then has neither.
std::optional<model::Fact> built_in_fact(Scene& scene, const ast::Fact& written, const Braces& braces);
/// A record's own fields `from` and `to`, which stand behind another one of its facts as they stand elsewhere.
std::optional<model::Fact> own_day(Scene& scene, std::string_view word, const ast::Moment& moment,
                                   const std::map<std::string, Id<model::Field>>& fields);
/// Whoever left had joined before.
void check_stay(Scene& scene, const std::vector<model::Fact>& facts);
/// The literal, where it fits the field. Missing: none, reported.
ExprId fitting(Scene& scene, Id<model::Field> field, const ast::Name& name, ExprId literal, Span span);
void report_ends_first(Context& context, Span span, Span from, Span to);
void check_leave(Scene& scene, const ast::Leave& written, std::uint32_t person);

}  // namespace plumb::check

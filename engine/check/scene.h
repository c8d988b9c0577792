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
/// What stands in braces: of somebody, of an activity or of a record.
std::vector<model::Fact> facts_of(Scene& scene, const std::vector<ast::Fact>& written,
                                  const std::map<std::string, Id<model::Field>>& fields, const std::string& who,
                                  bool dated);
void check_leave(Scene& scene, const ast::Leave& written, std::uint32_t person);

}  // namespace plumb::check

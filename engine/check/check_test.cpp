#include <algorithm>
#include <array>
#include <variant>

#include "check/overlay.h"
#include "check/scene.h"
#include "check/shape.h"

namespace plumb::check {

namespace {

using Kind = model::CastMember::Kind;

Kind kind_of(std::string_view word) {
  static constexpr std::array<std::string_view, 5> words{"person", "deal", "contact", "account", "team"};
  const auto found = std::ranges::find(words, word);
  return found == words.end() ? Kind::deal : static_cast<Kind>(found - words.begin());
}

/// The fields that somebody of the kind has. Missing: none for a team, of which nothing but the name is known.
const std::map<std::string, Id<model::Field>>& fields_of_kind(Context& context, Kind kind) {
  static const std::map<std::string, Id<model::Field>> none;
  switch (kind) {
    case Kind::person: return fields_of(context, model::OwnerKind::person);
    case Kind::deal: return fields_of(context, model::OwnerKind::deal);
    case Kind::contact: return fields_of(context, model::OwnerKind::contact);
    case Kind::account: return fields_of(context, model::OwnerKind::account);
    case Kind::team: break;
  }
  return none;
}

std::string who_has_none(Kind kind) {
  static constexpr std::array<std::string_view, 5> who{"people have", "deals have", "contacts have", "accounts have",
                                                       "a team has"};
  return std::string(who[static_cast<std::size_t>(kind)]);
}

void check_deal_of(Scene& scene, const ast::Cast& written, model::CastMember& member) {
  if (member.kind == Kind::contact) {
    if (!written.of) {
      scene.context.sink.report(written.name.span, diag::ContactWithoutDeal, written.name.text)
          .hint("say of which: `contact {} of D1`", spelled(written.name.text));
      return;
    }
    member.of = cast_named(scene, *written.of, "deal");
    if (member.of && scene.member(*member.of).kind != Kind::deal)
      report_wrong_kind(scene, *written.of, *member.of, "a deal has contacts");
    return;
  }
  if (!written.of) return;
  Diagnostic& diagnostic = scene.context.sink.report(written.of->span, diag::MisplacedClause,
                                                     fmt::format("of {}", written.of->text), written.kind.text);
  diagnostic.hint("only a contact is `of` a deal");
  if (member.kind == Kind::deal)
    diagnostic.hint("its account stands in its braces: `account {}`", spelled(written.of->text));
}

/// The names come first: a deal may name an owner who stands behind it.
void declare_cast(Scene& scene) {
  std::map<std::string, Span> seen;
  for (const ast::Cast& line : scene.written.cast) {
    if (!line.name.written()) continue;
    const auto [first, is_new] = seen.try_emplace(line.name.text, line.name.span);
    if (!is_new) {
      report_duplicate(scene.context, line.name, "somebody in this test called", first->second);
      continue;
    }
    model::CastMember member;
    member.kind = kind_of(line.kind.text);
    member.name = line.name.text;
    member.span = line.name.span;
    scene.cast.emplace(member.name, static_cast<std::uint32_t>(scene.test.cast.size()));
    scene.test.cast.push_back(std::move(member));
  }
}

void check_member(Scene& scene, const ast::Cast& line, std::uint32_t row) {
  model::CastMember member = scene.test.cast[row];
  check_deal_of(scene, line, member);
  const bool person = member.kind == Kind::person;
  const auto whose = person                      ? Braces::Whose::person
                     : member.kind == Kind::deal ? Braces::Whose::deal
                                                 : Braces::Whose::thing;
  member.facts = facts_of(scene, line.facts, fields_of_kind(scene.context, member.kind), who_has_none(member.kind),
                          {whose, std::nullopt});
  check_stay(scene, member.facts);
  for (const ast::Leave& leave : line.leaves) {
    if (person) {
      check_leave(scene, leave, row);
    } else {
      report_wrong_kind(scene, line.name, row, "a person is on leave");
    }
  }
  scene.test.cast[row] = std::move(member);
}

// What a library or a base says of its rules is about them as they stand there, before anybody changes or removes one.
bool of_another_rulebook(const Context& context, const ast::Test& written) {
  if (context.file.sources.empty() || !written.title.span.known()) return false;
  return !governing(context.file, written.title.span).empty();
}

void check_test(Context& context, const ast::Test& written) {
  Scene scene{context, written, {}, {}, {}};
  scene.test.title = written.title.text;
  scene.test.span = written.title.span;
  check_cast(scene);
  check_lines(scene);
  check_expectations(scene);
  context.book.tests.push_back(std::move(scene.test));
}

}  // namespace

std::string_view noun(Kind kind) {
  static constexpr std::array<std::string_view, 5> nouns{"a person", "a deal", "a contact", "an account", "a team"};
  return nouns[static_cast<std::size_t>(kind)];
}

std::optional<std::uint32_t> cast_named(Scene& scene, const ast::Name& name, std::string_view meant) {
  const auto found = scene.cast.find(name.text);
  if (found != scene.cast.end()) return found->second;
  if (!name.written() || was_reported_in(scene.context, scene.written.span)) return std::nullopt;
  const std::vector<std::string> candidates = keys(scene.context, scene.cast);
  Diagnostic& diagnostic = scene.context.sink.report(name.span, diag::UnknownCast, name.text);
  suggest_nearest(diagnostic, name, candidates);
  if (!diagnostic.help.empty()) return std::nullopt;
  if (!meant.empty()) {
    diagnostic.hint("say who it is: `{} {}`", meant, spelled(name.text));
  } else {
    diagnostic.hint("say who it is: `deal {0}`, `person {0}`, `team {0}`", spelled(name.text));
  }
  return std::nullopt;
}

void report_wrong_kind(Scene& scene, const ast::Name& name, std::uint32_t row, std::string_view only) {
  const model::CastMember& member = scene.member(row);
  Diagnostic& diagnostic = scene.context.sink.report(name.span, diag::NotItsDeed, name.text, noun(member.kind), only);
  if (!(member.span == name.span)) diagnostic.label(member.span, "it is in the cast here");
}

void check_cast(Scene& scene) {
  declare_cast(scene);
  std::map<std::string, bool> done;
  for (const ast::Cast& line : scene.written.cast) {
    if (line.name.written() && done.try_emplace(line.name.text, true).second)
      check_member(scene, line, scene.cast.at(line.name.text));
  }
}

void check_tests(Context& context) {
  std::map<std::string, Span> titles;
  for (const ast::Declaration& declaration : context.file.declarations) {
    const auto* written = std::get_if<ast::Test>(&declaration);
    if (!written || of_another_rulebook(context, *written)) continue;
    const auto [first, is_new] = titles.try_emplace(written->title.text, written->title.span);
    if (!is_new && !written->title.text.empty())
      report_duplicate(context, {written->title.text, written->title.span}, "a test", first->second);
    check_test(context, *written);
  }
}

}  // namespace plumb::check

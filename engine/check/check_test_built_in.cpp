#include <string_view>

#include "check/scene.h"

namespace plumb::check {

namespace {

using model::Fact;

/// What is of no field has a value, and nothing else.
void check_bare(Scene& scene, const ast::Fact& written, bool may_have_force) {
  const auto report = [&](Span span, std::string_view clause) {
    scene.context.sink.report(span, diag::MisplacedClause, clause, written.name.text)
        .hint("`{}` is all that stands there", words(scene.context, written.name.span) + " …");
  };
  if (written.source) report(written.source->span, "from");
  if (!may_have_force && (written.from || written.to))
    report(written.from ? written.from->span : written.to->span, written.from ? "from" : "to");
  if (written.recorded) report(written.recorded->span, "recorded");
}

void check_day(Scene& scene, const ast::Fact& written, Fact& fact) {
  Context& context = scene.context;
  check_bare(scene, written, false);
  if (!written.value) return;
  const ast::Expr& value = context.file.exprs[written.value];
  const bool word = std::holds_alternative<ast::NameRef>(value.is) || std::holds_alternative<ast::TextLit>(value.is);
  const ExprId literal = word ? ExprId() : check_value(context, {}, written.value);
  if (literal && type_of(context, literal).kind == TypeKind::error) return;
  if (literal && context.book.exprs[literal].op == model::Op::date) {
    fact.value.type.kind = TypeKind::date;
    fact.value.word = written.name.text;
    fact.value.literal = literal;
    return;
  }
  context.sink
      .report(value.span, diag::TypesDiffer, written.name.text, "a date", words(context, value.span),
              literal ? described(type_of(context, literal)) : "a word")
      .hint("a date is written `2026-03-02`");
}

void check_contact(Scene& scene, const ast::Fact& written, std::uint32_t deal, Fact& fact) {
  check_bare(scene, written, true);
  if (!written.value) return;
  const ast::Expr& value = scene.context.file.exprs[written.value];
  ast::Name name{words(scene.context, value.span), value.span};
  if (const auto* ref = std::get_if<ast::NameRef>(&value.is)) name = ref->name;
  if (const auto* text = std::get_if<ast::TextLit>(&value.is)) name.text = text->text.text;
  const auto row = cast_named(scene, name, "contact");
  if (!row) return;
  const model::CastMember& contact = scene.member(*row);
  if (contact.kind != model::CastMember::Kind::contact)
    return report_wrong_kind(scene, name, *row, "a contact stands there");
  if (contact.of && *contact.of != deal) {
    scene.context.sink
        .report(name.span, diag::NotItsDeed, name.text,
                fmt::format("a contact of `{}`", scene.member(*contact.of).name),
                fmt::format("a contact of `{}` stands there", scene.member(deal).name))
        .label(contact.span, "it is in the cast here");
    return;
  }
  fact.value.type.kind = TypeKind::text;
  fact.value.word = contact.name;
}

}  // namespace

std::optional<Fact> built_in_fact(Scene& scene, const ast::Fact& written, const Braces& braces) {
  const bool day =
      braces.whose == Braces::Whose::person && (written.name.text == "joined" || written.name.text == "left");
  const bool contact = braces.deal && written.name.text == "contact";
  if (!day && !contact) return std::nullopt;
  Fact fact;
  fact.span = written.span;
  day ? check_day(scene, written, fact) : check_contact(scene, written, *braces.deal, fact);
  return fact;
}

std::optional<Fact> own_day(Scene& scene, std::string_view word, const ast::Moment& moment,
                            const std::map<std::string, Id<model::Field>>& fields) {
  const auto found = fields.find(std::string(word));
  if (found == fields.end() || !moment.day.known()) return std::nullopt;
  Context& context = scene.context;
  Fact fact;
  fact.field = found->second;
  fact.span = moment.span;
  fact.value.type = context.book.fields[found->second].type;
  const ExprId literal =
      moment.micros_of_day
          ? check_node(context, {}, ast::InstantLit{moment.day, *moment.micros_of_day, moment.offset_seconds},
                       moment.span)
          : check_node(context, {}, ast::DateLit{moment.day}, moment.span);
  fact.value.literal = fitting(scene, found->second, {std::string(word), moment.span}, literal, moment.span);
  return fact;
}

void check_stay(Scene& scene, const std::vector<Fact>& facts) {
  const Fact* joined = nullptr;
  const Fact* left = nullptr;
  for (const Fact& fact : facts) {
    if (fact.field || !fact.value.literal) continue;
    (fact.value.word == "joined" ? joined : left) = &fact;
  }
  const auto& exprs = scene.context.book.exprs;
  if (joined && left && exprs[joined->value.literal].day >= exprs[left->value.literal].day)
    report_ends_first(scene.context, left->span, exprs[joined->value.literal].span, exprs[left->value.literal].span);
}

}  // namespace plumb::check

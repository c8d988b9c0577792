#pragma once

#include <array>
#include <set>
#include <string>

#include "syntax/antlr/reader.h"

namespace plumb::syntax::antlr {

/// One mistake, one diagnostic: reports where reading stopped, skips to the next clause of the same body (or its
/// closing brace), and keeps quiet until something has been understood again.
class Recovery : public antlr4::DefaultErrorStrategy {
 public:
  explicit Recovery(Reader& reader) : reader_(reader) {}

  void reportError(antlr4::Parser* parser, const antlr4::RecognitionException& error) override;
  void recover(antlr4::Parser* parser, std::exception_ptr error) override;
  antlr4::Token* recoverInline(antlr4::Parser* parser) override;
  void sync(antlr4::Parser* parser) override;

 private:
  void skip(antlr4::Parser& parser, std::size_t from);
  void lose(antlr4::Parser& parser, std::size_t first, std::size_t end);
  bool is_misspelt_start(const antlr4::Token& token, const antlr4::misc::IntervalSet& starts) const;
  void remember(antlr4::Parser& parser);
  std::set<std::size_t> expected(antlr4::Parser& parser, const antlr4::RecognitionException& error) const;
  bool resumes_at(antlr4::Parser& parser, std::size_t index, const antlr4::misc::IntervalSet& starts) const;

  Reader& reader_;
  std::size_t attempts_ = 0;
  std::size_t misspelt_ = SIZE_MAX;  // the word at which reading goes on because it resembles the start of a clause
  // What could still have followed at the parser's place when it went on without it: `x iss known` could have gone on
  // with `is`, although the error is found only where the next clause should begin.
  std::size_t passed_at_ = 0;
  std::vector<std::size_t> passed_;  // states
};

/// The rule whose repetitions make up a body (`ruleClause` of `ruleBody`), by the index of the body's rule.
/// Missing: nullopt for a rule that is no body.
std::optional<std::size_t> clause_of_body(std::size_t rule);

/// What may stand at the offending token of an error.
std::set<std::size_t> expected_at(antlr4::Parser& parser, const antlr4::RecognitionException& error);

/// The first word of a test's line that is too much: `D1 entered lead`, `D1 close_date 2026-04-05`. Reading stops only
/// behind it, often in the next line. Missing: null where the line at which reading stopped is no such line.
antlr4::Token* too_much_in_deed(const Reader& reader, antlr4::Parser& parser, std::size_t index);
/// What was meant by the word before it.
void hint_deed(const Reader& reader, antlr4::Parser& parser, const antlr4::Token& extra, diagnostics::Diagnostic& said);
/// How Plumb says what other languages and people say otherwise: `weekly`, `every monday`. Whether it is that.
bool add_habit(const Reader& reader, antlr4::TokenStream& stream, const antlr4::Token& offending,
               const std::set<std::size_t>& expected, diagnostics::Diagnostic& said);
/// The same of what people write in a rule as they would say it: `expect a call`, `for each rep`, `within 2 days of won`.
bool add_rule_habit(const Reader& reader, antlr4::TokenStream& stream, const antlr4::Token& offending,
                    const std::set<std::size_t>& expected, diagnostics::Diagnostic& said);

/// The same where one word is wrong: `after a meeting`, `sum of amount of won deals`.
bool add_slip(const Reader& reader, antlr4::TokenStream& stream, const antlr4::Token& offending,
              const std::set<std::size_t>& expected, diagnostics::Diagnostic& said);

/// The report of one syntax error: the word that cannot stand there, then what may.
void report_unexpected(Reader& reader, antlr4::Parser& parser, antlr4::Token& offending,
                       const std::set<std::size_t>& expected);

}  // namespace plumb::syntax::antlr

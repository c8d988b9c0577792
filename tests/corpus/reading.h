#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/diagnostic.h"
#include "source/source.h"

namespace plumb::corpus {

/// A text and what a check of it says: read, checked and, where there is no error, its stage graph looked at.
struct Reading {
  source::Map texts;
  diagnostics::Sink sink;
  bool whole = false;  // the text was read without a mistake; names and types may still be wrong

  explicit Reading(std::string text);

  const diagnostics::Diagnostic& first() const { return sink.all().front(); }
  std::uint32_t first_line(const diagnostics::Diagnostic& said) const { return texts.begin(said.span).line; }
  std::uint32_t last_line(const diagnostics::Diagnostic& said) const { return texts.end(said.span).line; }
  /// Everything that was said, as a person reads it.
  std::string shown() const;
};

/// The text with every suggestion applied. Missing: unchanged where there is none.
std::string repaired(const std::string& text, const Reading& reading);

/// What a program calls things and a person does not: names of tokens, rules, types. Missing: empty where none is said.
std::string internals_in(std::string_view message);

std::string read_file(const std::string& path_in_repository);
std::vector<std::string> lines_of(std::string_view text);

}  // namespace plumb::corpus

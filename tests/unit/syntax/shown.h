#pragma once

#include <string>
#include <vector>

#include "diagnostics/diagnostic.h"
#include "source/source.h"
#include "syntax/parse.h"

namespace plumb::syntax {

/// One text, what was read of it and what was said about it.
struct Parsed {
  source::Map texts;
  diagnostics::Sink sink;
  ast::File file;
};

Parsed parsed(std::string text);

/// `line:column code` of every diagnostic, in the order of the text.
std::vector<std::string> said(const Parsed& parsed);

/// An expression, fully bracketed: `(and (is status held) (not (known budget)))`.
std::string shown(const ast::File& file, ast::ExprId id);
std::string shown(const ast::File& file, ast::EventId id);

/// The condition C of `must a "b" { expect C }`, shown; the diagnostics where there are any.
std::string condition(const std::string& text);
/// The event E of `event e is E`, shown; the diagnostics where there are any.
std::string event(const std::string& text);

/// The only declaration of its kind in a text. Errors: a test failure where it is not alone.
template <class T>
const T& only(const ast::File& file) {
  const T* found = nullptr;
  for (const ast::Declaration& declaration : file.declarations) {
    if (const T* one = std::get_if<T>(&declaration)) found = one;
  }
  if (found == nullptr) throw std::runtime_error("no such declaration");
  return *found;
}

template <class T>
std::size_t count(const ast::File& file) {
  std::size_t number = 0;
  for (const ast::Declaration& declaration : file.declarations)
    number += std::holds_alternative<T>(declaration) ? 1 : 0;
  return number;
}

}  // namespace plumb::syntax

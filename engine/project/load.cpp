#include "project/project.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "project/package.h"
#include "project/paths.h"
#include "project/rulebooks.h"

namespace plumb::project {

namespace ast = syntax::ast;

namespace {

template <class T>
void move_behind(std::vector<T>& all, std::vector<T>& more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

/// Puts the files of one rulebook behind those that are there.
void append(ast::File& joined, Book& book, ast::Role role) {
  for (ast::File& file : book.files) {
    joined.sources.push_back({file.text, role, book.name});
    joined.whole = joined.whole && file.whole;
    move_behind(joined.declarations, file.declarations);
    move_behind(joined.comments, file.comments);
    move_behind(joined.lost, file.lost);
    move_behind(joined.words, file.words);
    move_behind(joined.quoted_names, file.quoted_names);
  }
}

ast::File join(Rulebooks& read) {
  ast::File joined;
  Book& own = read.books.front();
  for (const std::size_t base : read.bases) append(joined, read.books[base], ast::Role::base);
  for (const std::size_t library : read.libraries) append(joined, read.books[library], ast::Role::library);
  for (auto base = read.bases.rbegin(); base != read.bases.rend(); ++base) {
    if (auto& header = read.books[*base].header) joined.bases.push_back(std::move(*header));
  }
  append(joined, own, ast::Role::own);
  joined.rulebook = std::move(own.header);
  joined.text = own.text;
  joined.open = read.open;
  joined.exprs = std::move(read.stores.exprs);
  joined.events = std::move(read.stores.events);
  return joined;
}

}  // namespace

Result<ast::File> load(const std::string& path, const Options& options, source::Map& texts, diagnostics::Sink& sink) {
  Result<Rulebooks> read = read_rulebooks(path, options, texts, sink);
  if (!read) return Failure{read.error()};
  return join(*read);
}

Result<std::vector<std::string>> own_files(const std::string& path, const Options& options, source::Map& texts,
                                           diagnostics::Sink& sink) {
  const std::string package = package_at(path);
  if (package.empty()) return std::vector<std::string>{path};
  Result<std::string> content = options.read_file(package);
  if (!content) return Failure{content.error()};
  std::vector<std::string> files;
  if (const auto read = read_package(texts.add(package, std::move(*content)), texts, sink)) {
    for (Said& file : files_of(*read, sink)) files.push_back(std::move(file.text));
  }
  return files;
}

}  // namespace plumb::project

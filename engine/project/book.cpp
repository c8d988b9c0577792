#include "project/book.h"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <variant>

#include "project/paths.h"

namespace plumb::project {

namespace ast = syntax::ast;

namespace {

void add_base(Reading& reading, Link link, diagnostics::Sink& sink) {
  if (!reading.base) {
    reading.base = std::move(link);
    return;
  }
  reading.several_bases = reading.several_bases || link.name != reading.base->name;
  sink.report(link.span, diag::SecondExtends, reading.base->name)
      .label(reading.base->span, "the first is here")
      .hint("a rulebook extends one other; what else it needs it takes by `use`");
}

void add_use(Reading& reading, Link link, Span whole, const Shared& shared) {
  const auto first = std::find_if(reading.uses.begin(), reading.uses.end(),
                                  [&](const Link& other) { return other.name == link.name; });
  if (first == reading.uses.end()) {
    // One more than there may be is one that is reported; what comes behind it is not looked for.
    reading.whole = reading.whole && reading.uses.size() <= Limits::rulebooks;
    if (reading.uses.size() <= Limits::rulebooks) reading.uses.push_back(std::move(link));
    return;
  }
  shared.sink.report(whole, diag::ClauseWithoutEffect, shared.texts.words(whole))
      .label(first->span, "it is used here already")
      .hint("leave one of them out");
}

void note_links(Reading& reading, const ast::File& file, const std::string& path, const Shared& shared) {
  const std::string folder = folder_of(path);
  for (const ast::Declaration& declaration : file.declarations) {
    if (const auto* use = std::get_if<ast::Use>(&declaration); use && use->name.written()) {
      add_use(reading, {use->name.text, use->name.span, folder}, use->span, shared);
    } else if (const auto* base = std::get_if<ast::Extends>(&declaration); base && base->name.written()) {
      add_base(reading, {base->name.text, base->name.span, folder}, shared.sink);
    }
  }
}

void check_links(Reading& reading, diagnostics::Sink& sink) {
  if (!reading.base) return;
  const auto same = std::find_if(reading.uses.begin(), reading.uses.end(),
                                 [&](const Link& use) { return use.name == reading.base->name; });
  if (same == reading.uses.end()) return;
  sink.report(same->span, diag::UsedAndExtended, same->name)
      .label(reading.base->span, "it is extended here")
      .hint("leave the `use` out: what is extended is there anyway");
  reading.uses.erase(same);
}

void add_header(Reading& reading, ast::File& file, diagnostics::Sink& sink) {
  if (!file.rulebook) return;
  if (!reading.book.header) {
    reading.book.header = std::move(file.rulebook);
    reading.book.text = file.text;
    return;
  }
  sink.report(file.rulebook->name.span, diag::SecondRulebook, reading.book.header->name.text)
      .label(reading.book.header->name.span, "the first is here")
      .hint("all files of a package are one rulebook; move this one into a package of its own, or leave its header out");
}

void add_text(Reading& reading, const Location& at, std::string content, Shared& shared) {
  shared.bytes += content.size();
  const Id<source::Text> text = shared.texts.add(at.shown, std::move(content));
  ast::File file = syntax::parse(shared.texts, text, shared.sink, shared.stores);
  if (!reading.book.text) reading.book.text = text;
  reading.files.push_back(at.path);
  reading.whole = reading.whole && file.whole;
  add_header(reading, file, shared.sink);
  note_links(reading, file, at.path, shared);
  reading.book.files.push_back(std::move(file));
}

void add_files(Reading& reading, const Package& package, Shared& shared) {
  for (const Said& file : files_of(package, shared.sink)) {
    Result<std::string> content = shared.options.read_file(file.text);
    if (!content) {
      shared.sink.report(file.span, diag::UnreadableFile, content.error());
      reading.whole = false;
    } else if (shared.bytes + content->size() > Limits::bytes) {
      shared.sink.report(file.span, diag::PackageTooLarge, Limits::bytes, "bytes").hint("is this the right folder?");
      reading.whole = false;
      return;
    } else {
      add_text(reading, {file.text, file.text}, std::move(*content), shared);
    }
  }
}

void report_difference(Reading& reading, const Said& said, std::string_view what, const ast::Name& written,
                       diagnostics::Sink& sink) {
  if (said.text == written.text || said.text.empty() || !written.written()) return;
  sink.report(said.span, diag::PackageDiffers, what, said.text, written.text)
      .label(written.span, "in the rulebook")
      .hint("a package and its rulebook have one name and one version");
  reading.is_misnamed = true;
}

void check_package(Reading& reading, const Package& package, diagnostics::Sink& sink) {
  if (const auto& header = reading.book.header) {
    report_difference(reading, package.name, "name", header->name, sink);
    if (package.version && header->version) {
      report_difference(reading, *package.version, "version", *header->version, sink);
    }
  } else if (reading.whole && !reading.book.files.empty()) {
    sink.report(package.name.span, diag::PackageWithoutRulebook)
        .hint("one of its files says `rulebook {}`", package.name.text.empty() ? "NAME" : package.name.text);
  }
}

void read_as_package(Reading& reading, const Location& at, std::string content, Shared& shared) {
  const Id<source::Text> text = shared.texts.add(at.shown, std::move(content));
  const std::size_t errors = shared.sink.errors();
  reading.is_package = true;
  reading.files.push_back(at.path);
  if (const auto package = read_package(text, shared.texts, shared.sink)) {
    reading.search = package->search;
    reading.book.name = package->name.text;
    add_files(reading, *package, shared);
    check_package(reading, *package, shared.sink);
  }
  if (!reading.book.text) reading.book.text = text;
  // After a mistake in plumb.yaml nobody knows which files there should have been.
  reading.whole = reading.whole && shared.sink.errors() == errors;
}

}  // namespace

Reading read_book(const Location& at, std::string content, Shared& shared) {
  Reading reading;
  reading.folder = folder_of(at.path);
  if (std::filesystem::path(at.path).filename() == package_file) {
    read_as_package(reading, at, std::move(content), shared);
  } else {
    add_text(reading, at, std::move(content), shared);
  }
  check_links(reading, shared.sink);
  if (reading.book.header) reading.book.name = reading.book.header->name.text;
  reading.called = reading.book.name.empty() ? at.shown : reading.book.name;
  return reading;
}

}  // namespace plumb::project

#include "project/rulebooks.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "project/book.h"
#include "project/paths.h"
#include "project/search.h"

namespace plumb::project {

namespace {

constexpr const char* standard_input = "-";

Failure no_package(const std::string& path, const std::string& package) {
  if (path == package) return Failure{fmt::format("cannot read `{}`: there is no such file", path)};
  return Failure{fmt::format("cannot read `{}`: it is a folder without a {}", path, package_file)};
}

/// Follows `extends` and `use` from one rulebook on, each once, depth first.
class Follower {
 public:
  Follower(const Options& options, source::Map& texts, diagnostics::Sink& sink)
      : options_(options), search_(options), shared_{options, texts, sink, {}, 0}, sink_(sink) {}

  Result<Rulebooks> from(const std::string& path) {
    const std::string package = package_at(path);
    const std::string file = package.empty() ? path : package;
    if (!package.empty() && !is_there(package)) return no_package(path, package);
    Result<std::string> content = options_.read_file(file);
    if (!content) return Failure{content.error()};
    add({file, path == standard_input ? "<stdin>" : file}, std::move(*content));
    visit(0, Role::own);
    Rulebooks result{{}, std::move(bases_), std::move(libraries_), std::move(shared_.stores), open_};
    for (Reading& reading : readings_) {
      result.open = result.open || !reading.whole;
      result.books.push_back(std::move(reading.book));
    }
    return result;
  }

 private:
  using Role = syntax::ast::Role;

  std::size_t add(const Location& at, std::string content) {
    const std::size_t index = readings_.size();
    readings_.push_back(read_book(at, std::move(content), shared_));
    for (const std::string& file : readings_.back().files) known_.emplace(identity(file), index);
    state_.push_back(State::untouched);
    return index;
  }

  void visit(std::size_t index, Role role) {
    state_[index] = State::under_way;
    way_.push_back(index);
    // What reading another rulebook adds would move these.
    const std::optional<Link> base = readings_[index].base;
    const std::vector<Link> uses = readings_[index].uses;
    open_ = open_ || readings_[index].several_bases;
    if (base && role == Role::library) {
      sink_.report(base->span, diag::ExtendsInLibrary, readings_[index].called)
          .hint("only a rulebook that is checked or extended extends another; `use` takes what it declares as it is");
      open_ = true;
    } else if (base) {
      follow(index, *base, Role::base);
    }
    for (const Link& link : uses) follow(index, link, Role::library);
    way_.pop_back();
    state_[index] = State::done;
    if (role == Role::base) bases_.push_back(index);
    if (role == Role::library) libraries_.push_back(index);
  }

  void follow(std::size_t from, const Link& link, Role role) {
    const std::optional<std::size_t> to = find(from, link);
    if (!to) {
      open_ = true;
    } else if (state_[*to] == State::under_way) {
      report_circle(link, *to);
    } else if (state_[*to] == State::untouched) {
      visit(*to, role);
    }
  }

  /// Missing: nothing, reported.
  std::optional<std::size_t> find(std::size_t from, const Link& link) {
    std::vector<std::string> folders = folders_for(readings_[from], link);
    const std::optional<Location> at = search_.find(link.name, folders);
    if (!at) {
      report_unknown(link, folders);
      return std::nullopt;
    }
    if (const auto known = known_.find(identity(at->path)); known != known_.end()) return known->second;
    if (readings_.size() >= Limits::rulebooks) {
      sink_.report(link.span, diag::TooManyRulebooks, Limits::rulebooks)
          .hint("is a folder of rulebooks searched that is not meant?");
      return std::nullopt;
    }
    Result<std::string> content = options_.read_file(at->path);
    if (!content) {
      sink_.report(link.span, diag::UnreadableFile, content.error());
      return std::nullopt;
    }
    const std::size_t index = add(*at, std::move(*content));
    check_name(link, *at, readings_[index]);
    return index;
  }

  std::vector<std::string> folders_for(const Reading& reading, const Link& link) const {
    std::vector<std::string> folders = reading.search;
    folders.insert(folders.end(), options_.search.begin(), options_.search.end());
    folders.push_back(link.folder);
    folders.push_back(reading.folder);
    std::vector<std::string> once;
    for (const std::string& folder : folders) {
      if (std::find(once.begin(), once.end(), folder) == once.end()) once.push_back(folder);
    }
    return once;
  }

  void check_name(const Link& link, const Location& at, const Reading& found) {
    if (!found.whole) return;  // what is wrong with it was said, and its header may be among that
    if (!found.book.header) {
      if (found.is_package) return;
      sink_.report(link.span, diag::UnnamedRulebook, at.shown)
          .hint("a rulebook that others build on says its name: `rulebook {}`", link.name);
    } else if (found.book.header->name.text != link.name && !found.is_misnamed) {
      sink_.report(link.span, diag::OtherRulebook, at.shown, found.book.header->name.text)
          .label(found.book.header->name.span, "its name")
          .hint("a file is called as its rulebook is, or anything that is no other rulebook's name");
    }
  }

  void report_circle(const Link& link, std::size_t to) {
    std::string circle;
    bool inside = false;
    for (const std::size_t index : way_) {
      inside = inside || index == to;
      if (inside) circle += readings_[index].called + " -> ";
    }
    sink_.report(link.span, diag::CircularUse, readings_[to].called, circle + readings_[to].called)
        .hint("put what both need into a rulebook of its own, and let both use it");
  }

  void report_unknown(const Link& link, const std::vector<std::string>& folders) {
    diagnostics::Diagnostic& said = sink_.report(link.span, diag::UnknownRulebook, link.name);
    const std::vector<std::string> names = search_.names(link.name, folders);
    const std::string_view near = diagnostics::nearest(link.name, names);
    if (!near.empty()) said.hint("did you mean `{}`?", near).suggest(link.span, std::string(near));
    for (std::string& hint : search_.where_looked(link.name, folders)) said.hint("{}", hint);
    constexpr std::size_t most_listed = 8;
    if (near.empty() && !names.empty() && names.size() <= most_listed) {
      said.hint("there {} `{}`", names.size() == 1 ? "is" : "are", fmt::join(names, "`, `"));
    }
  }

  enum class State : std::uint8_t { untouched, under_way, done };

  const Options& options_;
  Search search_;
  Shared shared_;
  diagnostics::Sink& sink_;
  std::vector<Reading> readings_;
  std::vector<State> state_;
  std::map<std::string, std::size_t> known_;  // identity of a file → the rulebook it belongs to
  std::vector<std::size_t> way_;
  std::vector<std::size_t> bases_, libraries_;
  bool open_ = false;
};

}  // namespace

std::string package_at(const std::string& path) {
  if (path == standard_input) return {};
  const std::string package(package_file);
  if (is_folder(path)) return inside(path, package);
  return std::filesystem::path(path).filename() == package ? path : std::string();
}

Result<Rulebooks> read_rulebooks(const std::string& path, const Options& options, source::Map& texts,
                                 diagnostics::Sink& sink) {
  return Follower(options, texts, sink).from(path);
}

}  // namespace plumb::project

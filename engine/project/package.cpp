#include "project/package.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "project/glob.h"
#include "project/paths.h"
#include "yaml/nodes.h"

namespace plumb::project {

namespace {

using yaml::Node;
using yaml::NodeKind;
using yaml::Reading;

constexpr const char* all_files = "**/*.plumb";

constexpr yaml::Purpose purpose{"plumb.yaml", "it says at least the rulebook's name, as in `name: acme.new_business`",
                                "a plumb.yaml is the description of a package"};

std::optional<Said> read_said(const yaml::Table& table, std::string_view key, const Reading& reading) {
  const Node* node = table.find(key);
  if (node == nullptr) return std::nullopt;
  auto text = yaml::read_text(*node, key, reading);
  if (!text) return std::nullopt;
  return Said{std::move(*text), node->span};
}

/// One text or a list of them, each with its place.
std::vector<Said> read_list(const Node& node, std::string_view key, const Reading& reading) {
  std::vector<Said> result;
  const std::vector<std::string> texts = yaml::read_texts(node, key, reading);
  if (node.kind == NodeKind::text) {
    if (node.text.empty()) yaml::report_kind(node, yaml::quoted(key), "a text", reading);
    return node.text.empty() ? result : std::vector<Said>{{node.text, node.span}};
  }
  for (const Node& item : node.items) {
    if (item.kind != NodeKind::text) continue;
    if (item.text.empty()) yaml::report_kind(item, yaml::quoted(key), "a text", reading);
    if (!item.text.empty()) result.push_back({item.text, item.span});
  }
  return result;
}

bool leads_out(const std::string& path) {
  return path.starts_with('/') || *std::filesystem::path(path).lexically_normal().begin() == "..";
}

std::vector<Said> read_patterns(const yaml::Table& table, const Reading& reading) {
  const Node* node = table.find("files");
  if (node == nullptr) return {{all_files, table.key_span("name")}};
  std::vector<Said> patterns;
  for (Said& said : read_list(*node, "files", reading)) {
    if (leads_out(said.text)) {
      reading.sink.report(said.span, diag::PackagePath, said.text)
          .hint("a package is the files of its folder; what lies elsewhere is another one, for `use` and `search`");
    } else {
      said.text = std::filesystem::path(said.text).lexically_normal().string();
      patterns.push_back(std::move(said));
    }
  }
  return patterns;
}

std::vector<std::string> read_search(const yaml::Table& table, const std::string& folder, const Reading& reading) {
  std::vector<std::string> result;
  const Node* node = table.find("search");
  if (node == nullptr) return result;
  for (const Said& said : read_list(*node, "search", reading)) {
    const std::string path = inside(folder, said.text);
    if (is_folder(path)) {
      result.push_back(path);
    } else {
      reading.sink.report(said.span, diag::NoSuchFolder, said.text)
          .hint("`search` names folders, as seen from that of plumb.yaml; this would be `{}`", path);
    }
  }
  return result;
}

/// A link may lead out of the folder where its name does not.
bool lies_in(const std::string& path, const std::string& folder) {
  std::error_code error;
  const auto relative = std::filesystem::relative(identity(path), identity(folder), error);
  return error || relative.empty() || *relative.begin() != "..";
}

}  // namespace

std::optional<Package> read_package(Id<source::Text> text, const source::Map& texts, diagnostics::Sink& sink) {
  const std::optional<Node> root = yaml::read(texts, text, purpose, sink);
  if (!root) return std::nullopt;
  const Reading reading{texts, sink};
  if (root->kind == NodeKind::empty) {
    sink.report({text, 0, 0}, diag::EmptyMapping, purpose.name).hint("{}", purpose.says);
    return std::nullopt;
  }
  const yaml::Table table(*root, "a plumb.yaml", {"name", "version", "files", "search"}, reading);
  if (!table.usable()) return std::nullopt;
  Package package;
  package.folder = folder_of(texts[text].path());
  table.need("name", "`name: acme.new_business`: what follows `rulebook` in one of its files");
  if (auto name = read_said(table, "name", reading)) package.name = std::move(*name);
  package.version = read_said(table, "version", reading);
  package.files = read_patterns(table, reading);
  package.search = read_search(table, package.folder, reading);
  return package;
}

std::vector<Said> files_of(const Package& package, diagnostics::Sink& sink) {
  const Listing listing = list_below(package.folder);
  std::map<std::string, Span> chosen;
  for (const Said& pattern : package.files) {
    for (const std::string& why : listing.unreadable) sink.report(pattern.span, diag::UnreadableFile, why);
    bool any = false;
    for (const std::string& file : listing.files) {
      if (!matches(pattern.text, file)) continue;
      any = true;
      chosen.emplace(file, pattern.span);
    }
    if (!any) {
      sink.report(pattern.span, diag::NoSuchFiles, pattern.text)
          .hint("`*` is any part of one name and `**/` any folders, or none; `{}` is every rulebook file", all_files);
    }
  }
  const Span span = package.files.empty() ? package.name.span : package.files.front().span;
  if (!listing.whole) {
    sink.report(span, diag::PackageTooLarge, Limits::entries, "files and folders in its folder")
        .hint("is this the right folder?");
  } else if (chosen.size() > Limits::files) {
    sink.report(span, diag::PackageTooLarge, Limits::files, "files").hint("`files` says which they are; the first {} are read", Limits::files);
  }
  std::vector<Said> result;
  for (const auto& [file, why] : chosen) {
    if (result.size() == Limits::files) break;
    const std::string path = inside(package.folder, file);
    if (lies_in(path, package.folder)) {
      result.push_back({path, why});
    } else {
      sink.report(why, diag::PackagePath, file).hint("this is a link; a package is the files of its own folder");
    }
  }
  return result;
}

}  // namespace plumb::project

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace plumb::format {

/// The grammar as its own files say it, for making texts that it accepts: what is added to the language is in the
/// random programs the same day.
class Grammar {
 public:
  /// Reads PlumbLexer.g4 and PlumbParser.g4. Errors: asserts that every word used in a rule is one of the two files.
  Grammar(const std::string& lexer, const std::string& parser);

  /// A text that the rule accepts, one of the words and marks of the language after the other; now and then a comment
  /// and a line break. The same for the same state of `random`. Adds every rule that it went through to `through`.
  /// A list of clauses has each kind of clause once at most. Errors: none; that the reader says of some of them what no
  /// grammar can say (a clause twice, an event where a value belongs) is up to the caller.
  std::string program(const std::string& rule, std::mt19937& random, std::set<std::string>& through) const;

  std::vector<std::string> rules() const;

 private:
  struct Node {
    enum class Kind : std::uint8_t { token, rule, sequence, choice, repeat } kind = Kind::sequence;
    std::string name;                          // token, rule
    std::vector<std::unique_ptr<Node>> parts;  // sequence, choice; repeat: one
    bool may_be_none = false;                  // repeat: ? and *
    bool may_be_many = false;                  // repeat: * and +
  };
  class Reading;
  struct Writing;

  int depth_of(const Node& node) const;
  void find_depths();
  void write(const Node& node, int room, Writing& writing) const;
  void write_repeat(const Node& node, int room, Writing& writing) const;
  void write_choice(const Node& node, int room, Writing& writing, std::set<std::size_t>& used) const;

  std::map<std::string, std::string> words_;  // token → its text, where it has one
  std::map<std::string, std::unique_ptr<Node>> rules_;
  std::map<std::string, int> depths_;         // rule → levels of rules below it in its shortest text
};

}  // namespace plumb::format

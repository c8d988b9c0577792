#include "unit/adapters/reading_a_mapping.h"
#include "yaml/read.h"

namespace plumb::adapters {

namespace {

using Errors = std::vector<std::string>;

Errors errors_of(const std::string& content) { return read(content).errors; }

std::string times(std::size_t n, const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < n; ++i) result += text;
  return result;
}

/// The code and place of the only error.
std::string only_error(const std::string& content) {
  const Errors errors = errors_of(content);
  return errors.size() == 1 ? errors[0].substr(0, errors[0].find(": ")) : fmt::format("{} errors", errors.size());
}

TEST(HostileMapping, NothingInIt) {
  for (const std::string& text : {"", "\n \n", "# a remark\n", "---\n", "\xEF\xBB\xBF", "---\n...\n"}) {
    EXPECT_EQ(errors_of(text), Errors{"1:1 empty-mapping: there is nothing in this mapping"}) << text;
  }
}

TEST(HostileMapping, TooLarge) {
  EXPECT_EQ(errors_of(std::string(10'000'000, 'x')),
            Errors{"1:1 mapping-too-large: this file has 10000000 bytes, and 1000000 is the most a mapping may have"});
  EXPECT_EQ(only_error(std::string(plumb::yaml::most_bytes, 'x')), "1:1 mapping-kind");
}

TEST(HostileMapping, NoText) {
  std::string all_bytes;
  for (int i = 0; i < 256; ++i) all_bytes += static_cast<char>(i);
  EXPECT_EQ(only_error(all_bytes), "1:1 mapping-control-character");
  EXPECT_EQ(errors_of("zone: UTC\nfiles\x01"),
            Errors{"2:6 mapping-control-character: this is no text: byte 16 is 0x01"});
  EXPECT_EQ(only_error("zone: UTC\n\x04\nfiles: x\n"), "2:1 mapping-control-character");
  EXPECT_EQ(only_error(std::string("zone: UTC\n\0", 11)), "2:1 mapping-control-character");
  EXPECT_EQ(errors_of("zone: caf\xE9\n"), Errors{"1:10 not-utf8: this is not UTF-8 text: byte 10 is 0xe9"});
  EXPECT_EQ(only_error("\xFF\xFEz\0o\0"), "1:1 not-utf8");
}

TEST(HostileMapping, TabsAreNoIndentation) {
  EXPECT_EQ(errors_of("zone: UTC\npeople:\n\tactors: true\n"),
            Errors{"3:1 mapping-tab: this line is indented by a tab"});
  EXPECT_EQ(only_error("people:\n  \tactors: true\n"), "2:3 mapping-tab");
  EXPECT_TRUE(errors_of(with_row("is: deal\ndeal:\td") + "\t\n\t# a remark\n").empty());
}

TEST(HostileMapping, SyntaxErrorsSayWhereAndWhat) {
  const auto error = [](const std::string& lines) { return errors_of(with_row(lines)); };
  EXPECT_EQ(error("is: deal\ndeal: a: b"),
            Errors{"7:16 mapping-syntax: this cannot be read as YAML: a colon cannot stand here"});
  EXPECT_EQ(only_error(with_row("is: deal\n deal: d")), "7:14 mapping-syntax");
  EXPECT_EQ(
      error("is: deal\ndeal: \"d\nowner: o"),
      Errors{"7:15 mapping-syntax: this cannot be read as YAML: a quoted text begins here, and its line ends before "
             "the closing quote"});
  EXPECT_EQ(only_error(with_row("is: deal\ndeal: 'd")), "7:15 mapping-syntax");
  EXPECT_EQ(error("is: deal\ndeal: @d"),
            Errors{"7:15 mapping-syntax: this cannot be read as YAML: a text cannot begin with this character"});
  EXPECT_EQ(
      error("is: deal\ndeal: \"a\\qb\""),
      Errors{"7:19 mapping-syntax: this cannot be read as YAML: `\\` begins something unknown in a text in double "
             "quotes"});
  for (const std::string& begin : {"| x", "> x", "* x", "& x"}) {
    const Errors errors = error("is: deal\ndeal: " + begin);
    ASSERT_EQ(errors.size(), 1u) << begin;
    EXPECT_NE(errors[0].find("mapping-syntax: this cannot be read as YAML: a text cannot begin with"),
              std::string::npos)
        << errors[0];
  }
  EXPECT_EQ(only_error(with_row("is: deal\nwhen: { a: [b, c }")), "7:26 mapping-syntax");
  EXPECT_EQ(only_error(with_row("is: deal\nwhen: { a: b")), "8:1 mapping-syntax");
  EXPECT_EQ(errors_of("zone: UTC\n]\n"),
            Errors{"2:1 mapping-syntax: this cannot be read as YAML: a bracket is closed here that was never opened"});
  EXPECT_EQ(
      errors_of(head + "files:\n  - file: a.csv\n   rows: x\n"),
      Errors{
          "5:4 mapping-syntax: this cannot be read as YAML: this does not fit the indentation of the list above it"});
}

TEST(HostileMapping, SeveralDocuments) {
  EXPECT_EQ(errors_of("zone: UTC\n---\nzone: UTC\n"), Errors{"2:1 several-mappings: a second document begins here"});
}

TEST(HostileMapping, AnchorsAliasesAndTagsAreRefused) {
  EXPECT_EQ(errors_of("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"),
            Errors{"1:4 mapping-yaml-feature: an anchor (`&`) is YAML that a mapping does not use"});
  EXPECT_EQ(errors_of("a: *b\n"),
            Errors{"1:4 mapping-yaml-feature: an alias (`*`) is YAML that a mapping does not use"});
  EXPECT_EQ(only_error("a: !!str x\n"), "1:4 mapping-yaml-feature");
  EXPECT_EQ(only_error("a: !x [b]\n"), "1:4 mapping-yaml-feature");
  EXPECT_EQ(only_error("a: &a\nb: c\n"), "1:4 mapping-yaml-feature");
  EXPECT_EQ(only_error("&a b: c\n"), "1:1 mapping-yaml-feature");
}

TEST(HostileMapping, DeepNestingIsRefusedBeforeItCosts) {
  for (const std::string& text : {"[", "{", "- ", "? ", ": ", "[a: "}) {
    const Errors errors = errors_of(times(10'000, text));
    ASSERT_EQ(errors.size(), 1u) << text;
    EXPECT_NE(errors[0].find("mapping-too-deep: lists and maps are nested more than 32 deep here"), std::string::npos)
        << errors[0];
  }
  std::string block;
  for (std::size_t i = 0; i < 60; ++i) block += std::string(i, ' ') + "a:\n";
  EXPECT_EQ(only_error(block), "33:33 mapping-too-deep");
}

TEST(HostileMapping, AFileFullOfOneThingIsReadInTime) {
  for (const std::string& text :
       {"x",      "[]",    "{}", "\"",    "'",   "!", "%",   "&a ",    "|",     ",",     "a,",      "\"a\" ",
        "a: b\n", "? a\n", "\\", "- a\n", "a\n", "#", "[a,", "{a: b,", "...\n", "---\n", "\xC3\xA9"}) {
    const Errors errors = errors_of(times(300'000 / text.size(), text));
    EXPECT_GE(errors.size(), 1u) << text;
    EXPECT_LE(errors.size(), 30u) << text;
  }
}

TEST(HostileMapping, ARowBecomesSoManyThingsAndNoMore) {
  const std::string file = head + "files:\n  - file: a.csv\n    rows:\n";
  const std::string row = "      - { is: deal, deal: d }\n";
  EXPECT_TRUE(errors_of(file + times(250, row)).empty());
  EXPECT_EQ(errors_of(file + times(251, row)),
            Errors{"6:7 mapping-kind: `rows` is a list of 251 items, where one of at most 250 belongs"});
}

TEST(HostileMapping, ColumnsCountCharacters) {
  EXPECT_EQ(
      errors_of(head +
                "files: [ { file: \"d\xC3\xA9\xC3\xA9.csv\", x\xC3\xA9z: 1, rows: [ { is: deal, deal: d } ] } ]\n"),
      Errors{"3:29 unknown-mapping-key: a file has no key `x\xC3\xA9z`"});
}

}  // namespace

}  // namespace plumb::adapters

#include "unit/adapters/reading_a_mapping.h"

namespace plumb::adapters {

namespace {

using Errors = std::vector<std::string>;

Errors errors_of(const std::string& content) { return read(content).errors; }
Errors errors_of_row(const std::string& lines) { return read(with_row(lines)).errors; }
Errors errors_of_field(const std::string& text) { return errors_of_row("is: deal\ndeal: d\nfields:\n  x: " + text); }
const std::string one_file = "files: [ { file: a.csv, rows: [ { is: deal, deal: d } ] } ]\n";

TEST(MappingErrors, UnknownKeySuggestsAndLists) {
  const ReadMapping result = read(with_row("is: deal\ndeal: d\ncreatd: c"));
  EXPECT_EQ(result.errors, Errors{"8:9 unknown-mapping-key: a deal row has no key `creatd`"});
  EXPECT_EQ(result.suggestion, "created");
  ASSERT_EQ(result.help.size(), 2u);
  EXPECT_EQ(result.help[0], "did you mean `created`?");
  EXPECT_EQ(result.help[1],
            "what a deal row may say: `is`, `when`, `deal`, `created`, `account`, `owner`, `fields`, `values as of`, "
            "`actor`, `source`, `recorded` and `sequence`");
}

TEST(MappingErrors, UnknownKeyEverywhere) {
  EXPECT_EQ(errors_of(head + one_file + "xyz: 1\n"), Errors{"4:1 unknown-mapping-key: the mapping has no key `xyz`"});
  EXPECT_EQ(errors_of(head + one_file + "people: { xyz: 1 }\n"),
            Errors{"4:11 unknown-mapping-key: `people` has no key `xyz`"});
  EXPECT_EQ(errors_of(head + "files:\n  - file: a.csv\n    xyz: 1\n    rows: [ { is: deal, deal: d } ]\n"),
            Errors{"5:5 unknown-mapping-key: a file has no key `xyz`"});
  EXPECT_EQ(errors_of_row("is: leave\nperson: p\nfrom: f\nto: t\nxyz: 1"),
            Errors{"10:9 unknown-mapping-key: a leave row has no key `xyz`"});
  EXPECT_EQ(errors_of_field("{ column: c, xyz: 1 }"), Errors{"9:27 unknown-mapping-key: `x` has no key `xyz`"});
  EXPECT_EQ(errors_of_row("is: deal\ndeal: d\nwhen: { a: { xyz: 1, is: b } }"),
            Errors{"8:22 unknown-mapping-key: `when` of `a` has no key `xyz`"});
  EXPECT_EQ(errors_of("zone: UTC\ncoverage: { everything: always, call: { from: 2026-01-01, xyz: 1 } }\n" + one_file),
            Errors{"2:59 unknown-mapping-key: the coverage of `call` has no key `xyz`"});
}

TEST(MappingErrors, KeysThatSayNothingAboutAValueAreUnknownThere) {
  EXPECT_EQ(errors_of_row("is: move\ndeal: d\nat: { column: t, currency: EUR }\nto: s"),
            Errors{"8:26 unknown-mapping-key: `at` has no key `currency`"});
  EXPECT_EQ(errors_of_row("is: move\ndeal: d\nat: t\nto: { column: s, dates: day first }"),
            Errors{"9:26 unknown-mapping-key: `to` has no key `dates`"});
  EXPECT_EQ(errors_of_row("is: deal\ndeal: { column: d, optional: true }"),
            Errors{"7:28 unknown-mapping-key: `deal` has no key `optional`"});
}

TEST(MappingErrors, AMisspeltMandatoryKeyIsOneMistake) {
  EXPECT_EQ(errors_of_row("is: deal\ndael: d"), Errors{"7:9 unknown-mapping-key: a deal row has no key `dael`"});
}

TEST(MappingErrors, MissingKeys) {
  EXPECT_EQ(errors_of("recorded: at\n"), (Errors{"1:1 missing-mapping-key: the mapping does not say `zone`",
                                                 "1:1 missing-mapping-key: the mapping does not say `coverage`",
                                                 "1:1 missing-mapping-key: the mapping does not say `files`"}));
  EXPECT_EQ(errors_of("zone: UTC\ncoverage: { call: always }\n" + one_file),
            Errors{"2:13 missing-mapping-key: `coverage` does not say `everything`"});
  EXPECT_EQ(errors_of("zone: UTC\ncoverage: { everything: {} }\n" + one_file),
            Errors{"2:25 missing-mapping-key: the coverage of `everything` does not say `from`"});
  EXPECT_EQ(errors_of(head + "files:\n  - delimiter: tab\n"),
            (Errors{"4:5 missing-mapping-key: a file does not say `file`",
                    "4:5 missing-mapping-key: a file does not say `rows`"}));
  EXPECT_EQ(errors_of_row("deal: d"), Errors{"6:9 missing-mapping-key: a row does not say `is`"});
  EXPECT_EQ(errors_of_row("is: deal"), Errors{"6:9 missing-mapping-key: a deal row does not say `deal`"});
  EXPECT_EQ(errors_of_row("is: account"), Errors{"6:9 missing-mapping-key: an account row does not say `account`"});
  EXPECT_EQ(errors_of_row("is: person"), Errors{"6:9 missing-mapping-key: a person row does not say `person`"});
  EXPECT_EQ(errors_of_row("is: leave\nperson: p"), (Errors{"6:9 missing-mapping-key: a leave row does not say `from`",
                                                           "6:9 missing-mapping-key: a leave row does not say `to`"}));
  EXPECT_EQ(errors_of_row("is: move\ndeal: d"), (Errors{"6:9 missing-mapping-key: a move row does not say `at`",
                                                        "6:9 missing-mapping-key: a move row does not say `to`"}));
  EXPECT_EQ(errors_of_row("is: change\ndeal: d\nat: t\nto: n"),
            Errors{"6:9 missing-mapping-key: a change row does not say `name`"});
  EXPECT_EQ(errors_of_row("is: activity\ndeal: d\nat: t"),
            Errors{"6:9 missing-mapping-key: an activity row does not say `name`"});
  EXPECT_EQ(errors_of_row("is: record told\nat: t"),
            Errors{"6:9 missing-mapping-key: a record row does not say `deal`"});
  EXPECT_EQ(errors_of_field("{ optional: true }"), Errors{"9:16 missing-mapping-key: `x` does not say `column`"});
  EXPECT_EQ(errors_of_field("{ column: c, only these: true }"),
            Errors{"9:16 missing-mapping-key: `x` does not say `names`"});
  EXPECT_EQ(errors_of_row("is: deal\ndeal: d\nwhen: { a: { optional: true } }"),
            Errors{"8:22 missing-mapping-key: `when` of `a` does not say `is`"});
}

TEST(MappingErrors, RepeatedKeys) {
  EXPECT_EQ(errors_of("zone: UTC\n" + head + one_file), Errors{"2:1 repeated-mapping-key: `zone` is given twice"});
  EXPECT_EQ(errors_of_row("is: deal\ndeal: d\nis: move"), Errors{"8:9 repeated-mapping-key: `is` is given twice"});
  EXPECT_EQ(errors_of_row("is: deal\ndeal: d\nfields: { a: b, a: c }"),
            Errors{"8:25 repeated-mapping-key: `a` is given twice"});
  EXPECT_EQ(errors_of_field("{ column: c, names: { a: b, a: c } }"),
            Errors{"9:42 repeated-mapping-key: `a` is given twice"});
  EXPECT_EQ(errors_of(head + "files:\n  - { file: a.csv, rows: [ { is: deal, deal: d } ] }\n"
                             "  - { file: a.csv, rows: [ { is: deal, deal: d } ] }\n"),
            Errors{"5:13 repeated-mapping-key: `a.csv` is given twice"});
}

TEST(MappingErrors, WrongKinds) {
  EXPECT_EQ(errors_of("just words\n"), Errors{"1:1 mapping-kind: the mapping is a text, where a map of keys belongs"});
  EXPECT_EQ(errors_of("- a\n- b\n"), Errors{"1:1 mapping-kind: the mapping is a list, where a map of keys belongs"});
  EXPECT_EQ(errors_of("{}\n").size(), 3u);
  EXPECT_EQ(errors_of(head + "files: deals.csv\n"),
            Errors{"3:8 mapping-kind: `files` is a text, where a list of files belongs"});
  EXPECT_EQ(errors_of(head + "files:\n"),
            Errors{"3:1 mapping-kind: `files` is nothing, where a list of files belongs"});
  EXPECT_EQ(errors_of(head + "files: []\n"),
            Errors{"3:8 mapping-kind: `files` is an empty list, where a list of files belongs"});
  EXPECT_EQ(errors_of(head + "files: [ a.csv ]\n"),
            Errors{"3:10 mapping-kind: a file is a text, where a map of keys belongs"});
  EXPECT_EQ(errors_of(head + "files:\n  - file: a.csv\n    rows: { is: deal }\n"),
            Errors{"5:13 mapping-kind: `rows` is a map of keys, where a list of what each row is belongs"});
  EXPECT_EQ(errors_of_row("deal"), Errors{"6:9 mapping-kind: a row is a text, where a map of keys belongs"});
  EXPECT_EQ(errors_of_row("is: [deal]\ndeal: d"), Errors{"6:13 mapping-kind: `is` is a list, where a text belongs"});
  EXPECT_EQ(errors_of_row("is: deal\ndeal: [a, b]"),
            Errors{"7:15 mapping-kind: `deal` is a list, where a column or a map of keys belongs"});
  EXPECT_EQ(errors_of_row("is: deal\ndeal:"),
            Errors{"7:9 mapping-kind: `deal` is nothing, where a column or a map of keys belongs"});
  EXPECT_EQ(errors_of_row("is: deal\ndeal: \"\""),
            Errors{"7:15 mapping-kind: `deal` is an empty text, where a column or a map of keys belongs"});
  EXPECT_EQ(errors_of_row("is: deal\ndeal: d\nfields: [a]"),
            Errors{"8:17 mapping-kind: `fields` is a list, where a map of keys belongs"});
  EXPECT_EQ(errors_of_row("is: deal\ndeal: d\nwhen: a"),
            Errors{"8:15 mapping-kind: `when` is a text, where a map of keys belongs"});
  EXPECT_EQ(errors_of_row("is: deal\ndeal: d\nwhen: { a: [[b]] }"),
            Errors{"8:21 mapping-kind: `a` is a list, where a text belongs"});
  EXPECT_EQ(errors_of_row("is: deal\ndeal: d\nwhen: { a: [] }"),
            Errors{"8:20 mapping-kind: `a` is an empty list, where at least one text belongs"});
  EXPECT_EQ(errors_of_row("is: deal\ndeal: d\n? [a, b]\n: c"),
            Errors{"8:11 mapping-kind: a key of a deal row is a list, where a text belongs"});
  EXPECT_EQ(errors_of_field("{ value: [a] }"), Errors{"9:23 mapping-kind: `value` is a list, where a text belongs"});
  EXPECT_EQ(errors_of_field("{ column: {} }"),
            Errors{"9:24 mapping-kind: `column` is a map of keys, where a text or a list of texts belongs"});
  EXPECT_EQ(errors_of_field("{ column: [a, \"\"] }"),
            Errors{"9:24 mapping-kind: `column` is a list, where a column's header belongs"});
}

TEST(MappingErrors, WordsThatMayNotStandThere) {
  EXPECT_EQ(errors_of(head + one_file + "recorded: sometimes\n"),
            Errors{"4:11 unknown-mapping-word: `recorded` cannot be `sometimes`"});
  EXPECT_EQ(errors_of(head + one_file + "people: { actors: perhaps }\n"),
            Errors{"4:19 unknown-mapping-word: `actors` cannot be `perhaps`"});
  EXPECT_EQ(errors_of("zone: UTC\ncoverage: { everything: mostly }\n" + one_file),
            Errors{"2:25 unknown-mapping-word: `everything` cannot be `mostly`"});
  EXPECT_EQ(errors_of_field("{ column: c, dates: US }"), Errors{"9:34 unknown-mapping-word: `dates` cannot be `US`"});
  EXPECT_EQ(errors_of_field("{ column: c, decimal: ';' }"),
            Errors{"9:36 unknown-mapping-word: `decimal` cannot be `;`"});
  EXPECT_EQ(errors_of_field("{ column: c, thousands: dot }"),
            Errors{"9:38 unknown-mapping-word: `thousands` cannot be `dot`"});
  EXPECT_EQ(
      errors_of(head + "files: [ { file: a.csv, delimiter: ';', sequence: time, rows: [ { is: deal, deal: d } ] } ]"),
      (Errors{"3:36 unknown-mapping-word: `delimiter` cannot be `;`",
              "3:51 unknown-mapping-word: `sequence` cannot be `time`"}));
  EXPECT_EQ(errors_of_row("is: deal\ndeal: d\nfields: all"),
            Errors{"8:17 unknown-mapping-word: `fields` cannot be `all`"});
  EXPECT_EQ(errors_of_row("is: deal\ndeal: d\nvalues as of: now"),
            Errors{"8:23 unknown-mapping-word: `values as of` cannot be `now`"});
  EXPECT_EQ(errors_of_row("is: activity call\ndeal: d\nat: t\nsource: { value: rumour }"),
            Errors{"9:26 unknown-mapping-word: `source` cannot be `rumour`"});
  EXPECT_EQ(errors_of_row("is: activity call\ndeal: d\nat: t\nsource: { column: s, names: { a: buyer, b: rumour } }"),
            Errors{"9:52 unknown-mapping-word: `source` cannot be `rumour`"});
}

TEST(MappingErrors, WhatARowIs) {
  for (const std::string& word :
       {"deel", "deal x", "move of d", "change amount", "activity two words", "change of a b"}) {
    EXPECT_EQ(errors_of_row("is: " + word + "\ndeal: d"),
              Errors{"6:13 unknown-mapping-word: `is` cannot be `" + word + "`"});
  }
  const ReadMapping result = read(with_row("is: deel\ndeal: d"));
  EXPECT_EQ(result.suggestion, "deal");
  EXPECT_EQ(result.help.back(),
            "what `is` may be: `deal`, `account`, `person`, `leave`, `contact`, `rate`, `move`, `change of FIELD`, "
            "`activity NAME`, `record NAME` or `refused`");
}

TEST(MappingErrors, ConflictsPointAtTheSecond) {
  EXPECT_EQ(errors_of_field("{ column: c, value: v }"),
            Errors{"9:27 mapping-conflict: `x` says both `column` and `value`"});
  EXPECT_EQ(errors_of_field("{ column: c, currency: EUR, currency column: iso }"),
            Errors{"9:42 mapping-conflict: `x` says both `currency` and `currency column`"});
  EXPECT_EQ(errors_of_field("{ column: c, thousands: point }"),
            Errors{"9:38 mapping-conflict: `x` says both `decimal` and `thousands`"});
  EXPECT_EQ(errors_of_row("is: activity call\nname: n\ndeal: d\nat: t"),
            Errors{"7:9 mapping-conflict: an activity row says both `is` and `name`"});
  EXPECT_EQ(errors_of_row("is: record told\ndeal: d\nperson: p\nat: t"),
            Errors{"8:9 mapping-conflict: a record row says both `deal` and `person`"});
  EXPECT_EQ(errors_of_row("is: deal\ndeal: d\nwhen: { a: { not: b, is: c } }"),
            Errors{"8:30 mapping-conflict: `when` of `a` says both `is` and `not`"});
  EXPECT_EQ(errors_of(head + "files:\n  - file: a.csv\n    sequence: file order\n    rows:\n"
                             "      - { is: deal, deal: d, sequence: n }\n"),
            Errors{"7:30 mapping-conflict: a deal row says both `sequence: file order` and `sequence`"});
}

TEST(MappingErrors, ValuesOfTheExportNeedToKnowTheExportsDay) {
  const std::string row = with_row("is: deal\ndeal: d\nvalues as of: export\nfields: { amount: a }");
  EXPECT_EQ(errors_of(row), Errors{"9:19 missing-mapping-key: the mapping does not say `complete until`"});
  EXPECT_EQ(
      errors_of(
          "zone: UTC\ncomplete until: 2026-01-01\ncoverage: { everything: always, amount: always }\n"
          "files: [ { file: a.csv, rows: [ { is: deal, deal: d, values as of: export, fields: { amount: a } } ] } ]"),
      Errors{"4:86 mapping-conflict: the mapping says both `values as of: export` and `coverage`"});
  EXPECT_EQ(errors_of("complete until: 2026-01-01\n" +
                      with_row("is: deal\ndeal: d\nvalues as of: export\nfields: by header")),
            Errors{"9:23 mapping-conflict: a deal row says both `fields: by header` and `values as of: export`"});
}

TEST(MappingErrors, ZonesDatesCurrenciesAndPaths) {
  const ReadMapping zone = read("zone: Europe/Berlim\ncoverage: { everything: always }\n" + one_file);
  EXPECT_EQ(zone.errors, Errors{"1:7 mapping-zone: there is no time zone `Europe/Berlim`"});
  EXPECT_EQ(zone.suggestion, "Europe/Berlin");
  EXPECT_EQ(errors_of_row("is: move\ndeal: d\nat: { column: t, zone: Mars }\nto: s"),
            Errors{"8:32 mapping-zone: there is no time zone `Mars`"});
  EXPECT_EQ(errors_of_field("{ column: c, currency: euro }"), Errors{"9:37 mapping-currency: `euro` is no currency"});
  EXPECT_EQ(errors_of("zone: UTC\ncoverage: { everything: { from: 2026-03-01, until: 2026-03-01 } }\n" + one_file),
            Errors{"2:52 mapping-backwards: `2026-03-01` is not after `2026-03-01`"});
  for (const std::string& path : {"/etc/passwd", "../a.csv", "x/../../a.csv", "C:a.csv", "..\\a.csv"}) {
    EXPECT_EQ(errors_of(head + "files: [ { file: '" + path + "', rows: [ { is: deal, deal: d } ] } ]"),
              Errors{"3:18 mapping-path: `" + path + "` is no file inside the history's folder"});
  }
}

TEST(MappingErrors, DatesThatAreNone) {
  for (const std::string& date : {"2026-02-30", "yesterday", "01/02/2026", "0000-00-00"}) {
    const Errors errors = errors_of(head + one_file + "complete until: " + date + "\n");
    ASSERT_EQ(errors.size(), 1u) << date;
    EXPECT_EQ(errors[0].rfind("4:17 mapping-date: `" + date + "` ", 0), 0u) << errors[0];
  }
  EXPECT_EQ(errors_of("zone: UTC\ncoverage: { everything: { from: 2026-13-01 } }\n" + one_file).size(), 1u);
  const Errors constant = errors_of_row("is: move\ndeal: d\nat: { value: 2026-02-30 }\nto: s");
  ASSERT_EQ(constant.size(), 1u);
  EXPECT_EQ(constant[0].rfind("8:22 mapping-date: ", 0), 0u) << constant[0];
  EXPECT_TRUE(errors_of_row("is: move\ndeal: d\nat: { value: 28.02.2026, dates: day first }\nto: s").empty());
}

TEST(MappingErrors, EveryMistakeOfAFileIsFound) {
  EXPECT_EQ(errors_of("zone: Mars\nrecorded: x\ncoverage: { everything: y }\nfiles:\n  - file: ../a.csv\n    rows:\n"
                      "      - is: deel\n      - is: move\n        deal: d\n        at: { column: t, dates: z }\n")
                .size(),
            7u);
}

}  // namespace

}  // namespace plumb::adapters

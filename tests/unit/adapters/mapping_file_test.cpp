#include <optional>

#include "time/calendar.h"
#include "time/parse_time.h"
#include "unit/adapters/reading_a_mapping.h"

namespace plumb::adapters {

namespace {

using history::FileSpec;
using history::RowKind;
using history::RowSpec;
using history::ValueFrom;
using time::DateOrder;
using time::Instant;
using time::Interval;
using Words = std::vector<std::string>;
using Names = std::vector<std::pair<std::string, std::string>>;

Instant at(const std::string& text) {
  const auto read = time::parse_reading(text, time::Zone::utc());
  return read->at.known() ? read->at : time::Zone::utc().start_of(read->day);
}

ValueFrom field(const std::string& text) {
  const RowSpec spec = row("is: deal\ndeal: id\nfields: { amount: " + text + " }");
  return spec.fields.size() == 1 ? spec.fields[0].second : ValueFrom{};
}

TEST(Mapping, ASmallOneSaysWhatTheColumnsMean) {
  const ReadMapping result = read(with_row("is: deal\ndeal: deal_id"));
  ASSERT_TRUE(result.errors.empty()) << testing::PrintToString(result);
  EXPECT_EQ(result.mapping.path, "mapping.yaml");
  EXPECT_EQ(result.mapping.zone, "UTC");
  EXPECT_FALSE(result.mapping.recorded_is_at);
  EXPECT_FALSE(result.mapping.actors_are_people);
  EXPECT_EQ(result.mapping.unnamed_actor, "");
  EXPECT_EQ(result.mapping.complete_until, Instant::max());
  EXPECT_EQ(result.mapping.coverage.everything, (Interval{Instant::unknown(), Instant::max()}));
  ASSERT_EQ(result.mapping.files.size(), 1u);
  const FileSpec& file = result.mapping.files[0];
  EXPECT_EQ(file.path, "deals.csv");
  EXPECT_EQ(file.delimiter, ',');
  EXPECT_FALSE(file.optional);
  EXPECT_FALSE(file.every_row_counts);
  EXPECT_FALSE(file.file_order_is_sequence);
  EXPECT_EQ(file.place.line, 4u);
  ASSERT_EQ(file.rows.size(), 1u);
  EXPECT_EQ(file.rows[0].kind, RowKind::deal);
  EXPECT_EQ(file.rows[0].place.line, 6u);
  EXPECT_EQ(file.rows[0].place.column, 9u);
  EXPECT_EQ(file.rows[0].subject.column.names, Words{"deal_id"});
  EXPECT_EQ(file.rows[0].subject.column.place.line, 7u);
  EXPECT_EQ(file.rows[0].subject.column.place.column, 15u);
}

TEST(Mapping, TheHeadSaysWhatHoldsForAllFiles) {
  const ReadMapping result = read(
      "zone: Europe/Berlin\nrecorded: at\ncomplete until: 2012-03-15\npeople: { actors: true, unnamed: nobody }\n"
      "coverage:\n  everything: { from: 2011-10-01, until: 2012-04-01 }\n  note: never\n  amount: always\n"
      "  call: { from: 2012-01-01 09:00 }\n  task: { until: 2012-01-01T09:00:00Z }\n"
      "files:\n  - file: a.csv\n    rows:\n      - { is: deal, deal: id }\n");
  ASSERT_TRUE(result.errors.empty()) << testing::PrintToString(result);
  const history::Mapping& mapping = result.mapping;
  EXPECT_EQ(mapping.zone, "Europe/Berlin");
  EXPECT_TRUE(mapping.recorded_is_at);
  EXPECT_TRUE(mapping.actors_are_people);
  EXPECT_EQ(mapping.unnamed_actor, "nobody");
  EXPECT_EQ(mapping.complete_until, at("2012-03-14T23:00:00Z"));
  EXPECT_EQ(mapping.coverage.everything, (Interval{at("2011-09-30T22:00:00Z"), at("2012-03-31T22:00:00Z")}));
  EXPECT_EQ(mapping.coverage.of.at("note"), (Interval{Instant::max(), Instant::max()}));
  EXPECT_EQ(mapping.coverage.of.at("amount"), (Interval{Instant::unknown(), Instant::max()}));
  EXPECT_EQ(mapping.coverage.of.at("call"), (Interval{at("2012-01-01T08:00:00Z"), Instant::max()}));
  EXPECT_EQ(mapping.coverage.of.at("task"), (Interval{Instant::unknown(), at("2012-01-01T09:00:00Z")}));
  EXPECT_EQ(mapping.coverage.of.size(), 4u);
}

TEST(Mapping, AFileSaysHowItIsWritten) {
  const ReadMapping result =
      read(head +
           "files:\n"
           "  - { file: a.csv, delimiter: semicolon, optional: true, zone: Asia/Kathmandu,\n"
           "      sequence: file order, every row counts: true, rows: [ { is: deal, deal: d } ] }\n"
           "  - { file: sub/b.tsv, delimiter: tab, rows: [ { is: deal, deal: d } ] }\n"
           "  - { file: c.csv, delimiter: pipe, optional: false, rows: [ { is: deal, deal: d } ] }\n");
  ASSERT_TRUE(result.errors.empty()) << testing::PrintToString(result);
  const auto& files = result.mapping.files;
  ASSERT_EQ(files.size(), 3u);
  EXPECT_EQ(files[0].delimiter, ';');
  EXPECT_TRUE(files[0].optional);
  EXPECT_EQ(files[0].zone, "Asia/Kathmandu");
  EXPECT_TRUE(files[0].file_order_is_sequence);
  EXPECT_TRUE(files[0].every_row_counts);
  EXPECT_EQ(files[1].path, "sub/b.tsv");
  EXPECT_EQ(files[1].delimiter, '\t');
  EXPECT_FALSE(files[1].optional);
  EXPECT_EQ(files[2].delimiter, '|');
  EXPECT_FALSE(files[2].optional);
}

TEST(Mapping, DealRow) {
  const RowSpec spec =
      row("is: deal\ndeal: Id\ncreated: CreatedDate\naccount: AccountId\nowner: OwnerId\nactor: CreatedById\n"
          "recorded: SystemModstamp\nsequence: Version\nvalues as of: creation\nfields: { next_step: NextStep, type: "
          "Type }");
  EXPECT_EQ(spec.kind, RowKind::deal);
  EXPECT_EQ(spec.subject.column.names, Words{"Id"});
  EXPECT_EQ(spec.at.column.names, Words{"CreatedDate"});
  EXPECT_EQ(spec.account.column.names, Words{"AccountId"});
  EXPECT_EQ(spec.owner.column.names, Words{"OwnerId"});
  EXPECT_EQ(spec.actor.column.names, Words{"CreatedById"});
  EXPECT_EQ(spec.recorded.column.names, Words{"SystemModstamp"});
  EXPECT_EQ(spec.sequence.column.names, Words{"Version"});
  ASSERT_EQ(spec.fields.size(), 2u);
  EXPECT_EQ(spec.fields[0].first, "next_step");
  EXPECT_EQ(spec.fields[0].second.column.names, Words{"NextStep"});
  EXPECT_EQ(spec.fields[1].first, "type");
  EXPECT_FALSE(spec.fields_by_header);
}

TEST(Mapping, AccountPersonAndLeaveRows) {
  const RowSpec account = row("is: account\naccount: name\nfields: by header");
  EXPECT_EQ(account.kind, RowKind::account);
  EXPECT_EQ(account.subject.column.names, Words{"name"});
  EXPECT_FALSE(account.account.given());
  EXPECT_TRUE(account.fields_by_header);
  const RowSpec person = row("is: person\nperson: id\nfrom: since\njoined: hired\nleft: gone\nfields: { team: unit }");
  EXPECT_EQ(person.kind, RowKind::person);
  EXPECT_EQ(person.subject.column.names, Words{"id"});
  EXPECT_EQ(person.from.column.names, Words{"since"});
  EXPECT_EQ(person.joined.column.names, Words{"hired"});
  EXPECT_EQ(person.left.column.names, Words{"gone"});
  EXPECT_EQ(person.fields.at(0).first, "team");
  const RowSpec leave = row("is: leave\nperson: id\nfrom: first_day\nto: last_day");
  EXPECT_EQ(leave.kind, RowKind::leave);
  EXPECT_EQ(leave.from.column.names, Words{"first_day"});
  EXPECT_EQ(leave.to.column.names, Words{"last_day"});
}

TEST(Mapping, ChangeRowNamesItsFieldOrReadsItFromAColumn) {
  const RowSpec one = row("is: change of amount\ndeal: d\nat: t\nfrom: old\nto: { column: new, currency: USD }");
  EXPECT_EQ(one.kind, RowKind::change);
  EXPECT_EQ(one.name.constant, "amount");
  EXPECT_EQ(one.name.place.line, 6u);
  EXPECT_EQ(one.from.column.names, Words{"old"});
  EXPECT_EQ(one.to.currency, "USD");
  const RowSpec many =
      row("is: change\nname: { column: Field, names: { Amount: amount, Owner: owner }, only these: true }\n"
          "deal: OpportunityId\nat: CreatedDate\nfrom: OldValue\nto: NewValue");
  EXPECT_FALSE(many.name.constant);
  EXPECT_EQ(many.name.column.names, Words{"Field"});
  EXPECT_EQ(many.name.rename, (Names{{"Amount", "amount"}, {"Owner", "owner"}}));
  EXPECT_TRUE(many.name.rename_all);
}

TEST(Mapping, ActivityAndRecordRows) {
  const RowSpec call =
      row("is: activity call\ndeal: d\nat: t\nactor: who\nrecorded: r\nsequence: n\n"
          "source: { value: system }\nfields: { channel: kind }");
  EXPECT_EQ(call.kind, RowKind::activity);
  EXPECT_EQ(call.name.constant, "call");
  EXPECT_EQ(call.subject.column.names, Words{"d"});
  EXPECT_EQ(call.source.constant, "system");
  EXPECT_EQ(call.recorded.column.names, Words{"r"});
  const RowSpec any =
      row("is: activity\nname: kind\ndeal: d\nat: t\nsource: { column: s, names: { ext: third_party } }");
  EXPECT_EQ(any.name.column.names, Words{"kind"});
  EXPECT_EQ(any.source.rename, (Names{{"ext", "third_party"}}));
  const RowSpec told = row("is: record told\nperson: p\nat: t");
  EXPECT_EQ(told.kind, RowKind::record);
  EXPECT_TRUE(told.about_person);
  EXPECT_EQ(told.subject.column.names, Words{"p"});
  const RowSpec waiver = row("is: record waiver\ndeal: d\nat: t");
  EXPECT_FALSE(waiver.about_person);
  EXPECT_EQ(waiver.subject.column.names, Words{"d"});
}

TEST(Mapping, WhenChoosesRows) {
  const RowSpec spec =
      row("is: deal\ndeal: d\n"
          "when: { stage: [Won, Lost], IsDeleted: { not: [true], optional: true }, kind: call, gone: , note: { not: "
          "\"\" },\n"
          "        old: { is: }, state: { is: [open, \"\"] } }");
  ASSERT_EQ(spec.when.size(), 7u);
  EXPECT_EQ(spec.when[0].column.names, Words{"stage"});
  EXPECT_EQ(spec.when[0].is_one_of, (Words{"Won", "Lost"}));
  EXPECT_FALSE(spec.when[0].negated);
  EXPECT_FALSE(spec.when[0].column.optional);
  EXPECT_EQ(spec.when[0].column.place.line, 8u);
  EXPECT_EQ(spec.when[1].is_one_of, Words{"true"});
  EXPECT_TRUE(spec.when[1].negated);
  EXPECT_TRUE(spec.when[1].column.optional);
  EXPECT_EQ(spec.when[2].is_one_of, Words{"call"});
  EXPECT_EQ(spec.when[3].is_one_of, Words{""});
  EXPECT_EQ(spec.when[4].is_one_of, Words{""});
  EXPECT_TRUE(spec.when[4].negated);
  EXPECT_EQ(spec.when[5].is_one_of, Words{""});
  EXPECT_EQ(spec.when[6].is_one_of, (Words{"open", ""}));
}

TEST(Mapping, AValueSaysHowItsCellsAreWritten) {
  const ValueFrom value = field(
      "{ column: [Amount, Value], names: { a: b }, only these: true, dates: day first, zone: Europe/Paris,"
      " decimal: comma, thousands: blank, currency: EUR, empty: [NULL, '-', ~], optional: true }");
  EXPECT_EQ(value.column.names, (Words{"Amount", "Value"}));
  EXPECT_TRUE(value.column.optional);
  EXPECT_EQ(value.rename, (Names{{"a", "b"}}));
  EXPECT_TRUE(value.rename_all);
  EXPECT_EQ(value.order, DateOrder::day_month_year);
  EXPECT_EQ(value.zone, "Europe/Paris");
  EXPECT_EQ(value.decimal_point, ',');
  EXPECT_EQ(value.group_mark, ' ');
  EXPECT_EQ(value.currency, "EUR");
  EXPECT_EQ(value.empty_words, (Words{"NULL", "-", "~"}));
  EXPECT_EQ(field("{ column: a, currency column: iso }").currency_column.names, Words{"iso"});
  EXPECT_EQ(field("{ column: a, dates: month first }").order, DateOrder::month_day_year);
  EXPECT_EQ(field("{ column: a, dates: year first }").order, DateOrder::year_month_day);
  EXPECT_EQ(field("{ column: a, decimal: comma }").group_mark, '.');
  EXPECT_EQ(field("{ column: a, decimal: point, thousands: apostrophe }").group_mark, '\'');
  EXPECT_EQ(field("{ column: a, empty: NULL }").empty_words, Words{"NULL"});
  EXPECT_EQ(field("{ value: smb }").constant, "smb");
  EXPECT_EQ(field("{ value: \"\" }").constant, "");
  EXPECT_EQ(field("{ value: }").constant, "");
  EXPECT_FALSE(field("{ value: smb }").column.given());
  EXPECT_EQ(field("\"a: b\"").column.names, Words{"a: b"});
  EXPECT_EQ(field("null").column.names, Words{"null"});
}

TEST(Mapping, WhatTheMappingAndTheFileSayHoldsForTheirValues) {
  const ReadMapping result =
      read(head +
           "dates: day first\ndecimal: comma\nempty: [NULL]\nfiles:\n"
           "  - { file: a.csv, rows: [ { is: deal, deal: d, created: c, fields: { x: x } } ] }\n"
           "  - { file: b.csv, dates: month first, decimal: point, thousands: blank, empty: '-',\n"
           "      rows: [ { is: deal, deal: d, created: c,\n"
           "                fields: { x: { column: x, dates: year first, empty: none } } } ] }\n");
  ASSERT_TRUE(result.errors.empty()) << testing::PrintToString(result);
  const RowSpec& a = result.mapping.files.at(0).rows.at(0);
  EXPECT_EQ(a.at.order, DateOrder::day_month_year);
  EXPECT_EQ(a.fields[0].second.decimal_point, ',');
  EXPECT_EQ(a.fields[0].second.group_mark, '.');
  EXPECT_EQ(a.subject.empty_words, Words{"NULL"});
  const RowSpec& b = result.mapping.files.at(1).rows.at(0);
  EXPECT_EQ(b.at.order, DateOrder::month_day_year);
  EXPECT_EQ(b.at.empty_words, Words{"-"});
  EXPECT_EQ(b.fields[0].second.order, DateOrder::year_month_day);
  EXPECT_EQ(b.fields[0].second.empty_words, Words{"none"});
  EXPECT_EQ(b.fields[0].second.group_mark, ' ');
}

TEST(Mapping, StageLabelsAreTranslatedInMovesUnlessTheMoveSaysOtherwise) {
  const ReadMapping result =
      read(head +
           "stages: { Closed Won: won, \"Id. Decision Makers\": decision }\nfiles:\n  - file: a.csv\n    rows:\n"
           "      - { is: move, deal: d, at: t, from: f, to: { column: g, names: { Closed Won: lost, Old: new } } }\n"
           "      - { is: move, deal: d, at: t, from: { column: f, names: { A: a }, only these: true }, to: { value: "
           "Closed Won } }\n"
           "      - { is: activity call, deal: d, at: t, fields: { channel: c } }\n");
  ASSERT_TRUE(result.errors.empty()) << testing::PrintToString(result);
  const auto& rows = result.mapping.files.at(0).rows;
  EXPECT_EQ(rows[0].from.rename, (Names{{"Closed Won", "won"}, {"Id. Decision Makers", "decision"}}));
  EXPECT_EQ(rows[0].to.rename, (Names{{"Closed Won", "lost"}, {"Old", "new"}, {"Id. Decision Makers", "decision"}}));
  EXPECT_EQ(rows[1].from.rename, (Names{{"A", "a"}}));
  EXPECT_TRUE(rows[1].to.rename.empty());
  EXPECT_TRUE(rows[2].fields[0].second.rename.empty());
}

TEST(Mapping, ValuesOfTheExportAreUnobservedBeforeIt) {
  const ReadMapping result =
      read("complete until: 2026-01-01\n" +
           with_row("is: deal\ndeal: d\nvalues as of: export\nfields: { amount: a, segment: s }"));
  ASSERT_TRUE(result.errors.empty()) << testing::PrintToString(result);
  const Interval since_export{at("2026-01-01"), Instant::max()};
  EXPECT_EQ(result.mapping.coverage.of.size(), 2u);
  EXPECT_EQ(result.mapping.coverage.of.at("amount"), since_export);
  EXPECT_EQ(result.mapping.coverage.of.at("segment"), since_export);
  EXPECT_EQ(result.mapping.files[0].rows[0].fields.size(), 2u);
}

TEST(Mapping, ByteOrderMarkAndLineEndingsDoNotMatter) {
  const std::string plain = with_row("is: deal\ndeal: d");
  std::string windows, old;
  for (const char c : plain) {
    windows += c == '\n' ? "\r\n" : std::string(1, c);
    old += c == '\n' ? '\r' : c;
  }
  for (const std::string& text : {"\xEF\xBB\xBF" + plain, windows, old, "---\n" + plain, plain + "...\n"}) {
    const ReadMapping result = read(text);
    EXPECT_TRUE(result.errors.empty()) << testing::PrintToString(result);
    ASSERT_EQ(result.mapping.files.size(), 1u);
    EXPECT_EQ(result.mapping.files[0].rows.at(0).subject.column.names, Words{"d"});
  }
}

TEST(ReferenceMapping, Bpic2012) {
  const ReadMapping result = read(reference_mapping("bpic2012"));
  ASSERT_TRUE(result.errors.empty()) << testing::PrintToString(result);
  const history::Mapping& mapping = result.mapping;
  EXPECT_EQ(mapping.zone, "UTC");
  EXPECT_TRUE(mapping.recorded_is_at);
  EXPECT_TRUE(mapping.actors_are_people);
  EXPECT_EQ(mapping.unnamed_actor, "(blank)");
  EXPECT_EQ(mapping.coverage.everything, (Interval{Instant::unknown(), Instant::max()}));
  ASSERT_EQ(mapping.files.size(), 4u);
  for (const FileSpec& file : mapping.files) {
    EXPECT_TRUE(file.file_order_is_sequence) << file.path;
    EXPECT_EQ(file.rows.size(), 1u) << file.path;
  }
  EXPECT_EQ(mapping.files[0].rows[0].fields.at(0).first, "amount");
  EXPECT_EQ(mapping.files[0].rows[0].fields.at(0).second.column.names, Words{"amount_req"});
  EXPECT_EQ(mapping.files[0].rows[0].fields.at(0).second.currency, "EUR");
  EXPECT_EQ(mapping.files[1].rows[0].kind, RowKind::move);
  EXPECT_EQ(mapping.files[1].rows[0].to.column.names, Words{"to_stage"});
  EXPECT_EQ(mapping.files[2].rows[0].name.constant, "offer");
  EXPECT_EQ(mapping.files[2].rows[0].fields.at(0).second.column.names, Words{"offer_event"});
  EXPECT_EQ(mapping.files[3].rows[0].name.constant, "task");
  EXPECT_EQ(mapping.files[3].rows[0].fields.size(), 2u);
}

TEST(ReferenceMapping, MavenCrm) {
  const ReadMapping result = read(reference_mapping("maven_crm"));
  ASSERT_TRUE(result.errors.empty()) << testing::PrintToString(result);
  const history::Mapping& mapping = result.mapping;
  EXPECT_FALSE(mapping.recorded_is_at);
  EXPECT_EQ(mapping.complete_until, at("2018-01-01"));
  EXPECT_EQ(mapping.coverage.everything, (Interval{Instant::max(), Instant::max()}));
  EXPECT_EQ(mapping.coverage.of.at("amount"), (Interval{Instant::unknown(), Instant::max()}));
  ASSERT_EQ(mapping.files.size(), 3u);
  const auto& rows = mapping.files[0].rows;
  ASSERT_EQ(rows.size(), 6u);
  EXPECT_EQ(rows[0].fields.at(0).second.rename, (Names{{"GTXPro", "GTX Pro"}}));
  EXPECT_EQ(rows[0].fields.at(1).second.constant, "");
  EXPECT_EQ(rows[1].kind, RowKind::change);
  EXPECT_EQ(rows[1].when.at(0).is_one_of, (Words{"Won", "Lost"}));
  EXPECT_EQ(rows[1].from.constant, "");
  EXPECT_EQ(rows[1].to.currency, "USD");
  std::vector<std::string> moves;
  for (std::size_t i = 2; i < rows.size(); ++i) {
    ASSERT_EQ(rows[i].kind, RowKind::move);
    for (const std::string& state : rows[i].when.at(0).is_one_of) {
      moves.push_back(state + " -> " + *rows[i].to.constant + " at " + rows[i].at.column.names.at(0));
    }
  }
  EXPECT_EQ(moves, (Words{"Prospecting -> prospecting at engage_date", "Engaging -> engaging at engage_date",
                          "Won -> engaging at engage_date", "Lost -> engaging at engage_date",
                          "Won -> won at close_date", "Lost -> lost at close_date"}));
  EXPECT_EQ(mapping.files[1].rows.at(0).kind, RowKind::person);
  EXPECT_EQ(mapping.files[2].rows.at(0).kind, RowKind::account);
}

}  // namespace

}  // namespace plumb::adapters

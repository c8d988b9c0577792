#include "history/write.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "history/revise.h"
#include "unit/history/folder.h"

namespace plumb::history {
namespace {

// A folder in which every file, and what can be doubtful about a fact, occurs.
Folder& everything(Folder& folder) {
  return folder
      .with("deals.csv",
            "deal,created,recorded,account,owner,amount,segment,close_date,close_date.recorded,share,signed,seen\n"
            "D2,2026-03-01T10:00:00Z,,A1,ana,20000 USD,smb,2026-04-01,2026-03-02T10:00:00Z,0.125,yes,\n"
            "D1,2026-03-01,2026-03-04T00:00:00Z,,,\"1,234.5 EUR\",,,,60%,no,2026-03-05T08:00:00Z\n"
            "D3,,,A2,ben,?,mid_market,,,,?,\n")
      .with("events.csv",
            "deal,at,recorded,kind,name,from,to,actor,source,sequence,contact,goal,goal.recorded,held,new_deals\n"
            "D1,2026-03-02T09:00:00Z,,move,,,lead,ana,system,2,,,,,\n"
            "D1,2026-03-02T09:00:00Z,,move,,lead,prospecting,ana,system,1,,,,,\n"
            "D1,2026-03-02T09:00:00Z,,change,amount,,\"2,000 USD\",,claim,,,,,,\n"
            "D1,2026-03-03,2026-03-06T00:00:00Z,activity,meeting,,,,buyer,,C2,\"says \"\"a, "
            "b\"\"\",2026-03-02T08:00:00Z,yes,\n"
            "D1,,,activity,call,,,max,,,,,,,\n"
            "D2,2026-03-02T09:00:00Z,later,record,report,,,ana,third_party,,C1,,,,7\n"
            "D2,2026-03-05T09:00:00Z,,change,close_date,2026-04-01,,,,,,,,,\n")
      .with("contacts.csv",
            "contact,deal,created,recorded,source,decides\n"
            "C1,D1,2026-03-02T09:00:00Z,,buyer,yes\n"
            "C2,D1,,,,\n"
            "C1,D2,2026-03-01T11:00:00Z,2026-03-07T00:00:00Z,claim,no\n")
      .with("rates.csv", "date,from,to,rate\n2026-01-01,EUR,USD,1.08\n2026-02-01,EUR,USD,1.1\n")
      .with("people.csv",
            "person,from,joined,left,role,team,manager,workload\n"
            "ana,,2024-01-01,,rep,north,max,80%\n"
            "ana,2026-03-03,,2026-09-01,manager,south,,\n"
            "max,,,,manager,,,\n")
      .with("leave.csv",
            "person,from,to,recorded\n"
            "ana,2026-03-09,2026-03-13,2026-02-01T09:00:00Z\n"
            "ana,2026-06-01,2026-06-05,\n"
            "ben,2026-04-01,,?\n")
      .with("records.csv",
            "person,name,at,recorded,actor,source,new_deals,new_deals.recorded\n"
            "ana,report,2026-03-06T16:00:00Z,,max,,3,2026-03-07T00:00:00Z\n"
            "ana,report,2026-03-13,,,,,\n")
      .with("accounts.csv", "account,industry\nA1,\"tools\nand more\"\n")
      .with("coverage.csv", "what,from,until\neverything,2026-01-01T00:00:00Z,\ncall,,2026-03-20T00:00:00Z\n");
}

Loaded loaded_again(const History& history, const Schema& schema, const LoadOptions& options) {
  auto again = load_texts(write_canonical(history, options.default_zone), canonical_mapping(), schema, options);
  EXPECT_TRUE(again) << (again ? "" : again.error());
  return again ? std::move(*again) : Loaded{};
}

std::string shown(const History& history, const Column& column, std::uint32_t row) {
  std::string text = column.name + "=" + canonical_cell(history.words, column, row);
  if (!column.recorded.empty()) text += "@" + time::to_text_utc(column.recorded[row]);
  return text + " ";
}

// Everything that a history says, in its order, apart from where its rows stand and how its words are numbered.
std::vector<std::string> told(const History& history) {
  std::vector<std::string> all;
  const auto name = [&](std::uint32_t person) {
    return std::string(person == UINT32_MAX ? "nobody" : history.words[history.people.names.ids[person]]);
  };
  for (std::uint32_t deal = 0; deal < history.deals.size(); ++deal) {
    const std::uint32_t account = history.deal_account[deal];
    std::string line = "deal " + std::string(history.words[history.deals.ids[deal]]) + " of " +
                       std::string(account == UINT32_MAX ? "none" : history.words[history.accounts.ids[account]]) + " ";
    for (const Column& column : history.deals.columns) line += shown(history, column, deal);
    all.push_back(line);
  }
  for (std::uint32_t row = 0; row < history.accounts.size(); ++row) {
    std::string line = "account " + std::string(history.words[history.accounts.ids[row]]) + " ";
    for (const Column& column : history.accounts.columns) line += shown(history, column, row);
    all.push_back(line);
  }
  const People& people = history.people;
  for (std::uint32_t person = 0; person < people.names.size(); ++person) {
    all.push_back("person " + name(person) + " joined " + time::to_text(people.joined[person]) + " left " +
                  time::to_text(people.left[person]));
    for (std::uint32_t row = people.first[person]; row < people.first[person + 1]; ++row) {
      std::string line = "  from " + time::to_text(people.from[row]) + " ";
      for (const Column& column : people.columns) line += shown(history, column, row);
      all.push_back(line);
    }
  }
  for (const People::Leave& leave : people.leave) {
    all.push_back("leave " + name(leave.person) + " " + time::to_text(leave.from) + " " + time::to_text(leave.to) +
                  " stated " + time::to_text_utc(leave.recorded));
  }
  const Contacts& contacts = history.contacts;
  for (std::uint32_t deal = 0; deal + 1 < contacts.first.size(); ++deal) {
    for (std::uint32_t row = contacts.first[deal]; row < contacts.first[deal + 1]; ++row) {
      std::string line = "contact " + std::string(history.words[contacts.ids[row]]) + " of " + std::to_string(deal) +
                         " " + time::to_text_utc(contacts.since[row]) + " stated " +
                         time::to_text_utc(contacts.recorded[row]) + " " +
                         std::to_string(static_cast<int>(contacts.source[row])) + " ";
      for (const Column& column : contacts.columns) line += shown(history, column, row);
      all.push_back(line);
    }
  }
  for (const Rate& rate : history.rates) {
    all.push_back("rate " + std::string(history.words[rate.from]) + " " + std::string(history.words[rate.into]) + " " +
                  time::to_text(rate.day) + " " + plumb::to_text(rate.rate));
  }
  for (const Timeline* events : {&history.deal_events, &history.person_events}) {
    for (std::size_t subject = 0; subject + 1 < events->first.size(); ++subject) {
      for (std::uint32_t i = events->first[subject]; i < events->first[subject + 1]; ++i) {
        const Kind& kind = history.kinds[events->kind[i]];
        std::string line = std::to_string(subject) + " " + kind.name + " " + time::to_text_utc(events->at[i]) +
                           (events->by_day[i] ? " by day " : " ") + time::to_text_utc(events->recorded[i]) + " by " +
                           name(events->actor[i]) + " " + std::to_string(static_cast<int>(events->source[i])) + " ";
        const std::uint32_t contact = events->contact.empty() ? 0 : events->contact[i];
        if (contact) line += "with " + std::string(history.words[contact]) + " ";
        for (const Column& column : kind.columns) line += shown(history, column, events->row[i]);
        all.push_back(line);
      }
    }
  }
  for (const auto& [what, observed] : history.coverage.of) {
    all.push_back("coverage " + what + " " + time::to_text_utc(observed.from) + " " +
                  time::to_text_utc(observed.until));
  }
  for (const auto& [fact, column] : history.supplier) all.push_back("supplied " + fact);
  return all;
}

TEST(WriteCanonical, WhatIsWrittenIsReadAsTheSame) {
  Folder folder;
  LoadOptions options;
  options.default_zone = *time::Zone::find("America/New_York");
  auto first = load(everything(folder).path(), canonical_mapping(), acme(), options);
  ASSERT_TRUE(first);
  const History again = loaded_again(first->history, acme(), options).history;
  std::vector<std::string> written = told(first->history), read = told(again);
  // Every file that is written names all its columns.
  std::erase_if(read, [&](const std::string& line) {
    return line.starts_with("supplied ") && std::find(written.begin(), written.end(), line) == written.end();
  });
  EXPECT_EQ(written, read);
  EXPECT_EQ(first->history.coverage.everything, again.coverage.everything);
}

// The starts of leaves are events that no row of events.csv or records.csv stands for.
TEST(WriteCanonical, TheStartsOfLeavesAreMadeAgainFromTheLeaves) {
  Folder folder;
  Schema schema = acme();
  schema.activities.push_back({std::string(leave_start), {}});
  const auto first = load(everything(folder).path(), canonical_mapping(), schema, {});
  ASSERT_TRUE(first);
  const Loaded again = loaded_again(first->history, schema, {});
  for (const Problem& problem : again.report.problems) EXPECT_FALSE(problem.refused) << problem.message;
  const auto starts = [](const History& history) {
    return std::count_if(history.deal_events.kind.begin(), history.deal_events.kind.end(),
                         [&](std::uint16_t kind) { return history.kinds[kind].name == leave_start; });
  };
  EXPECT_GT(starts(first->history), 0);
  EXPECT_EQ(starts(again.history), starts(first->history));
}

// Empty, not said, not known, and texts that look like one of these.
TEST(WriteCanonical, MarksAndWhatLooksLikeThemStayApart) {
  Schema schema;
  schema.deal_fields = {{"note", ValueType::text, {}}, {"size", ValueType::text, {}}};
  const std::vector<TextFile> given = {{"deals.csv",
                                        "deal,created,recorded,note,size\n"
                                        "1,2026-01-05T10:00:00Z,,\\?,?\n"
                                        "2,2026-01-05T10:00:00Z,?,\\\\?,\n"
                                        "3,2026-01-05T10:00:00Z,,-,\\-\n"},
                                       {"events.csv",
                                        "deal,at,recorded,kind,name,from,to,actor,source,sequence\n"
                                        "1,2026-01-05T11:00:00Z,,move,,,talk,,,\n"
                                        "1,2026-01-06T11:00:00Z,,move,,?,won,,,\n"
                                        "1,2026-01-07T11:00:00Z,,change,note,-,a,,,\n"
                                        "1,2026-01-08T11:00:00Z,,change,note,,b,,,\n"
                                        "1,2026-01-09T11:00:00Z,,change,note,?,\\-,,,\n"
                                        "1,2026-01-10T11:00:00Z,,change,note,\\-,?,,,\n"
                                        "1,2026-01-11T11:00:00Z,,change,note,\\\\-,,,,\n"}};
  const auto first = load_texts(given, canonical_mapping(), schema, {});
  ASSERT_TRUE(first);
  const Kind* note = nullptr;
  for (const Kind& kind : first->history.kinds) note = kind.name == "note" ? &kind : note;
  ASSERT_NE(note, nullptr);
  const auto& from = note->columns[0].values;
  EXPECT_EQ(from[0], missing);
  EXPECT_EQ(from[1], unobserved);
  EXPECT_EQ(from[2], unreadable);
  EXPECT_EQ(first->history.words[static_cast<std::uint32_t>(from[3])], "-");
  EXPECT_EQ(first->history.words[static_cast<std::uint32_t>(from[4])], "\\-");
  const auto texts = write_canonical(first->history, time::Zone::utc());
  ASSERT_GE(texts.size(), 2u);
  EXPECT_EQ(texts[1].text, given[1].text);
  const auto again = load_texts(texts, canonical_mapping(), schema, {});
  ASSERT_TRUE(again);
  EXPECT_EQ(write_canonical(again->history, time::Zone::utc())[0].text, texts[0].text);
  EXPECT_EQ(texts[0].text,
            "deal,created,recorded,note,size\n"
            "1,2026-01-05T10:00:00Z,,\\?,?\n"
            "2,2026-01-05T10:00:00Z,?,\\\\?,\n"
            "3,2026-01-05T10:00:00Z,,\\-,\\-\n");
}

TEST(WriteCanonical, SaysUntilWhenItIsComplete) {
  Mapping mapping = canonical_mapping();
  mapping.complete_until = time::Zone::utc().start_of(*time::day_of(2026, 2, 1));
  const std::vector<TextFile> given = {{"deals.csv", "deal,created\n1,2026-01-05\n"}};
  const auto first = load_texts(given, mapping, {}, {});
  ASSERT_TRUE(first);
  const auto again = load_texts(write_canonical(first->history, time::Zone::utc()), canonical_mapping(), {}, {});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->history.complete_until, mapping.complete_until);
  EXPECT_EQ(again->report.problem_count, 0u);
}

History many_deals() {
  TextFile deals{"deals.csv", "deal,created\n"};
  for (int i = 0; i < 100'000; ++i) deals.text += fmt::format("{},2026-01-05T10:00:00Z\n", i);
  auto loaded = load_texts({deals}, canonical_mapping(), {}, {});
  EXPECT_TRUE(loaded);
  return std::move(loaded->history);
}

TEST(WriteCanonical, NoMoreThanAPieceIsHeld) {
  const History history = many_deals();
  std::string text;
  std::size_t pieces = 0;
  const auto take = [&](const std::string& file, std::string_view piece) -> Result<bool> {
    EXPECT_EQ(file, "deals.csv");
    EXPECT_EQ(piece.back(), '\n');
    EXPECT_LT(piece.size(), 1'100'000u);
    text += piece;
    ++pieces;
    return true;
  };
  ASSERT_TRUE(write_canonical(history, time::Zone::utc(), take));
  EXPECT_GT(pieces, 2u);
  EXPECT_EQ(text, write_canonical(history, time::Zone::utc())[0].text);
}

TEST(WriteCanonical, StopsWhereNothingMoreIsTaken) {
  const History history = many_deals();
  std::size_t pieces = 0;
  const auto take = [&](const std::string&, std::string_view) -> Result<bool> {
    if (++pieces == 2) return Failure{"the disk is full"};
    return true;
  };
  const Result<bool> written = write_canonical(history, time::Zone::utc(), take);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error(), "the disk is full");
  EXPECT_EQ(pieces, 2u);
}

TEST(WriteCanonical, TheDealsAskedForAreWrittenAlone) {
  Folder folder;
  const auto first = load(everything(folder).path(), canonical_mapping(), acme(), {});
  ASSERT_TRUE(first);
  const auto texts = write_canonical(first->history, time::Zone::utc(), std::vector<std::uint32_t>{1});
  const auto again = load_texts(texts, canonical_mapping(), acme(), {});
  ASSERT_TRUE(again);
  ASSERT_EQ(again->history.deals.size(), 1u);
  EXPECT_EQ(again->history.words[again->history.deals.ids[0]], "D2");
  EXPECT_EQ(again->history.deal_events.size(), 3u);
}

// What nothing supplied is not observed, also where a column of events.csv could name it.
TEST(WriteCanonical, WhatNothingSuppliesStaysUnobserved) {
  Folder folder;
  folder.with("calls.csv", "deal,at\nD1,2026-03-02T09:00:00Z\n");
  Mapping mapping;
  RowSpec call;
  call.kind = RowKind::activity;
  call.subject = from_column("deal");
  call.at = from_column("at");
  call.name.constant = "call";
  mapping.files.resize(1);
  mapping.files[0].path = "calls.csv";
  mapping.files[0].rows = {call};
  const auto first = load(folder.path(), mapping, acme(), {});
  ASSERT_TRUE(first);
  const History again = loaded_again(first->history, acme(), {}).history;
  EXPECT_EQ(again.coverage.at("call"), again.coverage.everything);
  EXPECT_GT(again.coverage.at("meeting").from, again.extent.last);
  EXPECT_GT(again.coverage.at("amount").from, again.extent.last);
  EXPECT_FALSE(again.deal_events.recorded[again.deal_events.size() - 1].known()) << "nobody said when";
}

std::vector<std::string> kinds_of(const History& history, std::uint32_t deal) {
  std::vector<std::string> kinds;
  for (std::uint32_t i = history.deal_events.first[deal]; i < history.deal_events.first[deal + 1]; ++i) {
    kinds.push_back(history.kinds[history.deal_events.kind[i]].name);
  }
  return kinds;
}

Instant utc(const char* day, int hour) {
  const auto reading = time::parse_reading(day, time::Zone::utc());
  return Instant{time::Zone::utc().start_of(reading->day).micros + hour * time::micros_per_hour};
}

TEST(Revise, APartIsTheDealsAskedForBeforeAnInstant) {
  Folder folder;
  const auto whole = load(everything(folder).path(), canonical_mapping(), acme(), {});
  ASSERT_TRUE(whole);
  const History part = part_of(whole->history, {0, 1}, utc("2026-03-03", 0));
  EXPECT_EQ(kinds_of(part, 0), (std::vector<std::string>{"call", "created", "amount", "moved", "moved"}));
  EXPECT_EQ(kinds_of(part, 1), (std::vector<std::string>{"created", "report"}));
  EXPECT_EQ(part.deals.size(), 2u);
  EXPECT_EQ(part.accounts.size(), 1u);
  EXPECT_EQ(part.people.names.size(), 3u);
  EXPECT_EQ(canonical_cell(part.words, part.deals.columns[0], 0), "1234.5 EUR");
  EXPECT_LT(part.words.size(), whole->history.words.size());
}

TEST(Revise, FactsAreAddedAlteredAndLeftOut) {
  Folder folder;
  const auto whole = load(everything(folder).path(), canonical_mapping(), acme(), {});
  ASSERT_TRUE(whole);
  const History part = part_of(whole->history, {0, 1}, Instant::max());
  ASSERT_EQ(kinds_of(part, 0), (std::vector<std::string>{"call", "created", "amount", "moved", "moved", "meeting"}));
  using What = Revision::What;
  Revision call{What::happens, false, "D1", KindClass::activity, "call", utc("2026-03-02", 9)};
  Revision change{What::happens, false, "D1", KindClass::change, "segment", utc("2026-03-02", 9)};
  change.values = {{"to", ValueType::text, 0, "enterprise"}};
  Revision goal{What::alters};
  goal.index = 5, goal.at = utc("2026-03-03", 0), goal.recorded = utc("2026-03-01", 12);
  goal.values = {{"goal", ValueType::text, 0, "agreed"}};
  Revision gone{What::leaves_out};
  gone.index = 2;
  Revision fresh{What::new_deal, false, "D15"};
  fresh.at = utc("2026-03-04", 9);
  fresh.values = {{"owner", ValueType::text, 0, "max"}, {"amount", ValueType::money, 5'000'000, "CHF"}};
  const History now = revised(part, {call, goal, change, gone, fresh});
  EXPECT_EQ(kinds_of(now, 0),
            (std::vector<std::string>{"call", "created", "segment", "moved", "moved", "call", "meeting"}));
  EXPECT_EQ(now.words[now.deals.ids[1]], "D15");
  EXPECT_EQ(kinds_of(now, 1), (std::vector<std::string>{"created"}));
  EXPECT_EQ(kinds_of(now, 2), (std::vector<std::string>{"created", "report", "close_date"}));
  const std::uint32_t meeting = 6;
  const Kind& kind = now.kinds[now.deal_events.kind[meeting]];
  EXPECT_EQ(canonical_cell(now.words, kind.columns[0], now.deal_events.row[meeting]), "agreed");
  EXPECT_EQ(kind.columns[0].recorded[now.deal_events.row[meeting]], goal.recorded);
  EXPECT_EQ(kinds_of(part, 0).size(), 6u) << "the part stays as it is";
}

}  // namespace
}  // namespace plumb::history

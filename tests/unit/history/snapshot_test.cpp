#include "history/snapshot.h"

#include <functional>

#include "folder.h"
#include "history/checksum.h"
#include "history/snapshot_layout.h"

namespace plumb::history {
namespace {

using layout::Header;

Loaded a_history() {
  Folder folder;
  folder
      .with("deals.csv",
            "deal,created,account,owner,amount,segment,amount.recorded\n"
            "D2,2026-03-01T09:00:00Z,Globex,ana,20000 USD,SMB,2026-03-02T08:00:00Z\n"
            "D1,2026-03-02,,max,,,\n")
      .with("events.csv",
            "deal,at,kind,name,from,to,actor,source,goal,goal.recorded\n"
            "D2,2026-03-02T09:00:00+01:00,move,,lead,prospecting,ana,,,\n"
            "D2,2026-03-03T10:00:00Z,activity,meeting,,,ana,buyer,agree_problem,2026-03-02T17:00:00Z\n"
            "D2,2026-03-04T10:00:00Z,change,amount,20000 USD,EUR 15000.5,,,,\n"
            "D1,2026-03-05T10:00:00Z,activity,lunch,,,max,,,\n")
      .with("people.csv", "person,from,joined,left,role,team\nana,,2020-01-01,2026-12-31,rep,north\n")
      .with("leave.csv", "person,from,to\nana,2026-03-10,2026-03-12\n")
      .with("records.csv", "person,name,at,new_deals\nana,report,2026-03-09T16:00:00Z,4\n")
      .with("accounts.csv", "account,industry\nGlobex,steel\n")
      .with("coverage.csv", "what,from,until\neverything,2026-01-01,\nmeeting,2026-02-01T00:00:00Z,2026-06-01\n");
  return load_well(folder, canonical_mapping(), acme());
}

std::string bytes_of(const Loaded& loaded, const Schema& schema = acme()) {
  const SnapshotBytes bytes = snapshot_of(loaded, schema, time::Zone::utc());
  std::string text = bytes.front;
  for (std::string_view piece : bytes.rows) text += piece;
  EXPECT_EQ(text.size(), bytes.size());
  return text;
}

Result<Loaded> read(const std::string& bytes, const Schema& schema = acme(), const LoadOptions& options = {}) {
  Folder folder;
  folder.with("a.snapshot", bytes);
  return read_snapshot(folder.path("a.snapshot"), schema, options);
}

std::string error_of(const std::string& bytes, const Schema& schema = acme(), const LoadOptions& options = {}) {
  const Result<Loaded> loaded = read(bytes, schema, options);
  return loaded ? "no error" : loaded.error();
}

// The header's own checksum made right again after a change.
std::string with_header(std::string bytes, const std::function<void(Header&)>& change) {
  Header header;
  std::memcpy(&header, bytes.data(), sizeof header);
  change(header);
  Checksum own;
  own.take({reinterpret_cast<const char*>(&header), sizeof header - sizeof header.own_checksum});
  header.own_checksum = own.value();
  std::memcpy(bytes.data(), &header, sizeof header);
  return bytes;
}

TEST(Snapshot, HoldsAllThatWasLoaded) {
  const Loaded loaded = a_history();
  const Result<Loaded> again = read(bytes_of(loaded));
  ASSERT_TRUE(again) << again.error();
  const History& was = loaded.history;
  const History& is = again->history;
  EXPECT_EQ(dump(is), dump(was));
  EXPECT_EQ(is.files, was.files);
  EXPECT_EQ(is.supplier, was.supplier);
  EXPECT_EQ(is.complete_until, was.complete_until);
  EXPECT_EQ(is.coverage.of, was.coverage.of);
  EXPECT_EQ(is.coverage.everything, was.coverage.everything);
  EXPECT_EQ(problems_of(*again), problems_of(loaded));
  ASSERT_EQ(again->report.files.size(), loaded.report.files.size());
  for (std::size_t i = 0; i < loaded.report.files.size(); ++i) {
    EXPECT_EQ(again->report.files[i].path, loaded.report.files[i].path);
    EXPECT_EQ(again->report.files[i].rows, loaded.report.files[i].rows);
    EXPECT_EQ(again->report.files[i].ignored, loaded.report.files[i].ignored);
  }
  for (std::size_t i = 0; i < was.deal_events.size(); ++i) {
    EXPECT_EQ(is.deal_events.origin[i].line, was.deal_events.origin[i].line);
  }
  EXPECT_EQ(is.words.find("agree_problem"), was.words.find("agree_problem"));
  EXPECT_EQ(is.words.find("nobody said this"), Dictionary::none);
}

TEST(Snapshot, OutlivesNothingButWhoHoldsIt) {
  History kept;
  {
    Result<Loaded> loaded = read(bytes_of(a_history()));
    ASSERT_TRUE(loaded) << loaded.error();
    kept = std::move(loaded->history);
  }
  const History copy = kept;
  kept = History();
  EXPECT_EQ(dump(copy), dump(a_history().history));
}

TEST(Snapshot, IsTheSameBytesForTheSameHistory) { EXPECT_EQ(bytes_of(a_history()), bytes_of(a_history())); }

TEST(Snapshot, OfAHistoryWithoutEvents) {
  Folder folder;
  folder.with("deals.csv", "deal,created\n");
  const Result<Loaded> again = read(bytes_of(load_well(folder, canonical_mapping(), acme())));
  ASSERT_TRUE(again) << again.error();
  EXPECT_EQ(again->history.deals.size(), 0u);
  EXPECT_FALSE(again->history.extent.last.known());
}

TEST(Snapshot, RefusesEveryByteThatIsNotWhatWasWritten) {
  const std::string bytes = bytes_of(a_history());
  Folder folder;
  folder.with("a.snapshot", bytes);
  std::fstream file(folder.path("a.snapshot"), std::ios::binary | std::ios::in | std::ios::out);
  const auto put = [&](std::size_t at, char byte) {
    file.seekp(static_cast<std::streamoff>(at));
    file.put(byte).flush();
  };
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    put(at, static_cast<char>(bytes[at] ^ (1 << at % 8)));
    ASSERT_FALSE(read_snapshot(folder.path("a.snapshot"), acme(), {})) << "byte " << at;
    put(at, bytes[at]);
  }
  EXPECT_TRUE(read_snapshot(folder.path("a.snapshot"), acme(), {}));
}

TEST(Snapshot, RefusesWhatIsCutShortOrGoesOn) {
  const std::string bytes = bytes_of(a_history());
  Folder folder;
  folder.with("a.snapshot", bytes);
  for (std::size_t size = bytes.size() - 1; size > 0; size -= std::min<std::size_t>(size, 5)) {
    std::filesystem::resize_file(folder.path("a.snapshot"), size);
    ASSERT_FALSE(read_snapshot(folder.path("a.snapshot"), acme(), {})) << size;
  }
  EXPECT_FALSE(read(bytes + '\0'));
  EXPECT_FALSE(read(bytes + bytes));
  EXPECT_EQ(error_of(bytes.substr(0, bytes.size() - 64)),
            fmt::format("is a damaged snapshot (it has {} bytes of {}): make it again with `plumb snapshot`",
                        bytes.size() - 64, bytes.size()));
}

TEST(Snapshot, RefusesWhatIsNone) {
  const char* const none =
      "is no snapshot of a history: give the folder of CSV files, or a file that `plumb snapshot` "
      "has written";
  EXPECT_EQ(error_of(""), none);
  EXPECT_EQ(error_of("deal,created\n"), none);
  EXPECT_EQ(error_of(std::string(100'000, 'x')), none);
  EXPECT_EQ(read_snapshot("/dev/null", acme(), {}).error(), "is neither a folder nor an ordinary file");
  EXPECT_FALSE(read_snapshot("/nowhere/at/all", acme(), {}));
}

TEST(Snapshot, RefusesAnotherVersionAndAnotherOrderOfBytes) {
  const std::string bytes = bytes_of(a_history());
  EXPECT_EQ(error_of(with_header(bytes, [](Header& header) { header.version += 1; })),
            "is a snapshot in version 15 of its format, and this program reads version 14: make it again with `plumb "
            "snapshot`");
  EXPECT_EQ(error_of(with_header(bytes, [](Header& header) { header.order = layout::other_order; })),
            "is a snapshot of a machine with another order of bytes: make it again on this one");
}

TEST(Snapshot, BelongsToTheDeclarationsItWasMadeFor) {
  const std::string bytes = bytes_of(a_history());
  Schema more = acme();
  more.deal_fields.push_back({"budget", ValueType::money, {}});
  more.activities.push_back({"visit", {}});
  EXPECT_EQ(error_of(bytes, more),
            "is a snapshot for other declarations than this rulebook's: it lacks the activity `visit`; the field "
            "`budget` of deals, money. Make it again with `plumb snapshot` and this rulebook");
  Schema fewer = acme();
  fewer.deal_fields.pop_back();
  EXPECT_EQ(error_of(bytes, fewer),
            "is a snapshot for other declarations than this rulebook's: it was made for the field `seen` of deals, an "
            "instant. Make it again with `plumb snapshot` and this rulebook");
  Schema other = acme();
  other.deal_fields[1].choices.push_back("public");
  EXPECT_EQ(error_of(bytes, other),
            "is a snapshot for other declarations than this rulebook's: it lacks the field `segment` of deals, one of "
            "enterprise, mid_market, public, smb; it was made for the field `segment` of deals, one of enterprise, "
            "mid_market, smb. Make it again with `plumb snapshot` and this rulebook");
  Schema reordered = acme();
  std::reverse(reordered.deal_fields.begin(), reordered.deal_fields.end());
  EXPECT_TRUE(read(bytes, reordered));
  LoadOptions elsewhere;
  elsewhere.default_zone = *time::Zone::find("Asia/Tokyo");
  EXPECT_EQ(error_of(bytes, acme(), elsewhere),
            "is a snapshot for other declarations than this rulebook's: it lacks the default calendar's zone "
            "\"Asia/Tokyo\"; it was made for the default calendar's zone \"UTC\". Make it again with `plumb snapshot` "
            "and this rulebook");
}

// A program with a mistake, or an ill will, can write a right checksum; it still leads nobody astray.
TEST(Snapshot, RefusesWhatLeadsNowhere) {
  const std::function<void(History&)> wrongs[] = {
      [](History& h) { h.deal_events.row[2] = 1'000'000; },
      [](History& h) { h.deal_events.kind[0] = 60'000; },
      [](History& h) { h.deal_events.actor[0] = 77; },
      [](History& h) { h.deal_events.source.rows[0] = static_cast<Source>(9); },
      [](History& h) { h.deal_events.by_day = {3}; },
      [](History& h) { h.deal_events.recorded.rows.resize(99, Instant{0}); },
      [](History& h) { h.deal_events.origin.lines_before[0] = 1; },
      [](History& h) { h.deal_events.origin.lines_before.resize(99, 1'000); },
      [](History& h) { h.deal_events.origin.lines_before.clear(); },
      [](History& h) { h.deal_events.first[1] = 100; },
      [](History& h) { h.deal_events.first.push_back(1); },
      [](History& h) { h.deal_events.at.push_back(Instant{0}); },
      [](History& h) { h.person_events.actor.clear(); },
      [](History& h) { h.deals.ids[0] = 1'000'000; },
      [](History& h) { h.deals.columns[0].currency.clear(); },
      [](History& h) { h.deals.columns[1].values.set(0, -5); },
      [](History& h) { h.deals.columns[1].values.set(0, 1'000'000); },
      [](History& h) { h.deals.columns[1].values.widen(); },
      [](History& h) { h.deals.columns[0].values.narrow = {1}; },
      [](History& h) { h.deals.columns[0].type = static_cast<ValueType>(200); },
      [](History& h) { h.deal_account[0] = 9; },
      [](History& h) { h.people.leave[0].person = 9; },
      [](History& h) { h.people.first[0] = 1; },
      [](History& h) { h.people.joined.push_back(Day{1}); },
      [](History& h) { h.kinds[1].columns.pop_back(); },
      [](History& h) { h.kinds[1].of = static_cast<KindClass>(9); },
      [](History& h) { h.kinds[2].columns[0].values.push_back(1); },
      [](History& h) { h.files.clear(); }};
  for (std::size_t i = 0; i < std::size(wrongs); ++i) {
    Loaded loaded = a_history();
    wrongs[i](loaded.history);
    const Result<Loaded> again = read(bytes_of(loaded));
    ASSERT_FALSE(again) << i;
    EXPECT_NE(again.error().find("do not fit together"), std::string::npos) << again.error();
  }
}

TEST(Checksum, DoesNotCareWhereTheBytesAreCut) {
  std::string bytes;
  for (int i = 0; i < 500; ++i) bytes += static_cast<char>(i * 7);
  Checksum whole;
  whole.take(bytes);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    Checksum parts;
    parts.take(std::string_view(bytes).substr(0, cut / 2));
    parts.take(std::string_view(bytes).substr(cut / 2, cut - cut / 2));
    parts.take(std::string_view(bytes).substr(cut));
    ASSERT_EQ(parts.value(), whole.value()) << cut;
  }
  Checksum longer;
  longer.take(bytes);
  longer.take(std::string_view("\0", 1));
  EXPECT_NE(longer.value(), whole.value());
}

}  // namespace
}  // namespace plumb::history

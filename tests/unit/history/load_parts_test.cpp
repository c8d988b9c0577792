#include "history/load_parts.h"

#include <random>

#include "folder.h"

namespace plumb::history {
namespace {

using loading::Piece;
using loading::Pieces;
using Rows = std::vector<std::vector<std::string>>;

void add_rows(CsvReader& reader, Rows& rows, std::vector<std::uint32_t>& lines) {
  while (reader.next()) {
    rows.emplace_back(reader.cells().begin(), reader.cells().end());
    lines.push_back(reader.line());
  }
}

// Wherever a text is cut, its pieces have the rows and lines that the whole has.
TEST(Pieces, HaveTheRowsOfTheWhole) {
  std::mt19937 random(20120315);
  const std::string_view letters = "ab,,\"\"\r\n\n ";
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (auto length = random() % 60; length > 0; --length) text += letters[random() % letters.size()];
    Rows whole, cut;
    std::vector<std::uint32_t> whole_lines, cut_lines;
    CsvReader reader(Text::copy_of(text), ',');
    add_rows(reader, whole, whole_lines);
    Pieces pieces(text, ',');
    Piece piece;
    std::uint32_t line = 1;
    for (const std::size_t wanted = 1 + random() % 30; *pieces.next(piece, wanted);) {
      CsvReader part(piece.begin(), piece.end(), ',', line);
      add_rows(part, cut, cut_lines);
      line = part.next_line();
    }
    ASSERT_EQ(cut, whole) << text;
    ASSERT_EQ(cut_lines, whole_lines) << text;
  }
}

// Rows of events that are long enough for several pieces, with all that can be wrong with them.
std::string many_events(std::size_t rows) {
  std::mt19937 random(7);
  std::string text = "deal,at,kind,name,from,to,actor,goal,sequence,contact\n";
  for (std::size_t i = 0; i < rows; ++i) {
    const auto pick = random() % 100;
    const std::string start = fmt::format("D{},2026-03-{:02}T{:02}:00:00{}", random() % 300, 1 + random() % 28,
                                          random() % 24, pick == 1 && i > rows / 2 ? "" : "Z");
    if (pick < 30) {
      text += start + ",move,,lead,proposal,ana,,,\n";
    } else if (pick < 60) {
      text += start + fmt::format(",activity,meeting,,,max,goal {},{},\n", i, pick < 40 ? std::to_string(i % 7) : "");
    } else if (pick < 70) {
      text += start + ",activity,meeting,,,\"zoe \"\"z\"\"\",\"two\nlines, and more\",,carl\r\n\n";
    } else if (pick < 75) {
      text += start + ",activity,lunch,,,max,,,\n";
    } else if (pick < 80) {
      text += "D1,yesterday,activity,call,,,,,,\n";
    } else if (pick < 85) {
      text += start + ",activity,call\n";
    } else {
      text += start + ",activity,call,,,ana,,,\n";
    }
  }
  return text;
}

Loaded load_with(unsigned threads, const std::string& events) {
  std::string deals = "deal,created\n";
  for (int i = 1; i < 300; ++i) deals += fmt::format("D{},2026-01-01T00:00:00Z\n", i);
  LoadOptions options;
  options.threads = threads;
  auto loaded = load_texts({{"deals.csv", deals}, {"events.csv", events}}, canonical_mapping(), acme(), options);
  EXPECT_TRUE(loaded && loaded->mapping_problems.empty());
  return std::move(*loaded);
}

std::string origins_of(const History& history) {
  std::string text;
  for (std::size_t i = 0; i < history.deal_events.size(); ++i) {
    const Origin origin = history.deal_events.origin[i];
    text += fmt::format("{}:{} ", origin.file, origin.line);
  }
  return text;
}

TEST(LoadParts, SayWhatTheFileSaysWithAnyNumberOfThreads) {
  const std::string text = many_events(40'000);
  ASSERT_GT(text.size(), 3 * loading::piece_size);
  const Loaded one = load_with(1, text);
  EXPECT_GT(one.report.problem_count, one.report.problems.size());
  for (unsigned threads : {2u, 5u}) {
    const Loaded other = load_with(threads, text);
    EXPECT_TRUE(dump(other.history) == dump(one.history));
    EXPECT_TRUE(origins_of(other.history) == origins_of(one.history));
    EXPECT_EQ(problems_of(other), problems_of(one));
    EXPECT_EQ(other.report.problem_count, one.report.problem_count);
    // A snapshot of it is the same, too.
    EXPECT_EQ(other.history.words.size(), one.history.words.size());
    for (std::uint32_t id = 0; id < one.history.words.size(); ++id)
      ASSERT_EQ(other.history.words[id], one.history.words[id]);
  }
}

// What is read in pieces is what is read in one: each half is short enough for that.
TEST(LoadParts, SayWhatTheirRowsSayInOnePiece) {
  const std::string row = "D1,2026-03-02T09:00:00Z,activity,meeting,,,ana,";
  std::string text = "deal,at,kind,name,from,to,actor,goal\n";
  while (text.size() < loading::piece_size + 5'000) text += row + fmt::format("goal {}\n", text.size());
  text += "D1,2026-03-02T09:00:00Z,activity,meeting\n";
  const auto lines = static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n'));
  const Loaded loaded = load_with(2, text);
  EXPECT_EQ(loaded.report.files[1].rows, lines - 1);
  EXPECT_EQ(loaded.report.files[1].used, lines - 2);
  ASSERT_EQ(loaded.report.problems.size(), 1u);
  EXPECT_EQ(loaded.report.problems[0].line, lines);
  const Kind& meeting = loaded.history.kinds[loaded.history.deal_events.kind[loaded.history.deal_events.first[1] - 1]];
  ASSERT_EQ(meeting.columns[0].values.size(), lines - 2);
}

// Of a part of a table each row has its place among those of all parts, however long the part is.
TEST(LoadParts, StandInTheOrderOfTheirTable) {
  std::string text = "deal,at,kind,name,actor,goal\n";
  TextFile events{"events.csv", ""};
  std::uint32_t rows = 0;
  while (text.size() < 2 * loading::piece_size) {
    text += fmt::format("D1,2026-03-02T09:00:00Z,activity,meeting,ana,goal {}\n", rows++);
    events.lines.push_back(rows + 1);
  }
  for (std::uint32_t row = 0; row < rows; ++row) events.ranks.push_back(rows - 1 - row);
  events.text = text;
  Mapping mapping = canonical_mapping();
  for (FileSpec& file : mapping.files) file.file_order_is_sequence |= file.path == "events.csv";
  const auto loaded =
      load_texts({{"deals.csv", "deal,created\nD1,2026-01-01T00:00:00Z\n"}, events}, mapping, acme(), {});
  ASSERT_TRUE(loaded && loaded->mapping_problems.empty());
  const Timeline& timeline = loaded->history.deal_events;
  ASSERT_EQ(timeline.size(), rows + 1);
  for (std::uint32_t i = 1; i <= rows; ++i) ASSERT_EQ(Origin(timeline.origin[i]).line, rows + 2 - i) << i;
}

TEST(LoadParts, AreNoTextWhereOneIsNone) {
  std::string text = many_events(40'000);
  text[text.size() - 10] = '\xFF';
  const auto line = std::count(text.begin(), text.end() - 10, '\n') + 1;
  const auto loaded =
      load_texts({{"deals.csv", "deal,created\n"}, {"events.csv", text}}, canonical_mapping(), acme(), {});
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error(),
            fmt::format("`events.csv` is no text that can be read: line {} is not UTF-8 (byte 0xff); save it as UTF-8",
                        line));
}

}  // namespace
}  // namespace plumb::history

#include "source/source.h"

#include <gtest/gtest.h>

#include <chrono>

#include "source/utf8.h"

namespace plumb::source {
namespace {

Place place_of(const std::string& content, std::uint32_t offset) {
  Map texts;
  return texts.place(texts.add("a.plumb", content), offset);
}

void expect_place(const Place& place, std::uint32_t line, std::uint32_t column, std::uint32_t column_utf16) {
  EXPECT_EQ(place.line, line);
  EXPECT_EQ(place.column, column);
  EXPECT_EQ(place.column_utf16, column_utf16);
}

TEST(Text, KnowsAllThreeLineBreaks) {
  const Text text("a.plumb", "one\ntwo\r\nthree\rfour");
  ASSERT_EQ(text.line_count(), 4u);
  EXPECT_EQ(text.line(1), "one");
  EXPECT_EQ(text.line(2), "two");
  EXPECT_EQ(text.line(3), "three");
  EXPECT_EQ(text.line(4), "four");
  EXPECT_EQ(text.line_start(3), 9u);
  EXPECT_EQ(text.line_at(3), 1u) << "a line break belongs to the line that it ends";
  EXPECT_EQ(text.line_at(8), 2u);
  EXPECT_EQ(text.line_at(9), 3u);
}

TEST(Text, EndsWithAnEmptyLineAfterItsLastBreak) {
  EXPECT_EQ(Text("a", "").line_count(), 1u);
  EXPECT_EQ(Text("a", "").line(1), "");
  const Text text("a", "x\n");
  EXPECT_EQ(text.line_count(), 2u);
  EXPECT_EQ(text.line(2), "");
  EXPECT_EQ(text.line_start(2), 2u);
}

TEST(Text, RefusesALineThatItDoesNotHave) {
  const Text text("a", "x");
  EXPECT_THROW(text.line(0), Bug);
  EXPECT_THROW(text.line(2), Bug);
  EXPECT_THROW(text.place(2), Bug);
}

TEST(Place, CountsCodePointsAndUtf16Units) {
  const std::string content = "a\xC3\xA9\xF0\x9F\x98\x80z";
  expect_place(place_of(content, 0), 1, 1, 1);
  expect_place(place_of(content, 3), 1, 3, 3);
  expect_place(place_of(content, 7), 1, 4, 5);
  expect_place(place_of(content, 8), 1, 5, 6);
}

TEST(Place, InsideACharacterIsThatCharacter) { expect_place(place_of("a\xF0\x9F\x98\x80z", 3), 1, 2, 2); }

TEST(Place, InsideALineBreakIsTheEndOfItsLine) {
  expect_place(place_of("ab\r\ncd", 2), 1, 3, 3);
  expect_place(place_of("ab\r\ncd", 3), 1, 3, 3);
  expect_place(place_of("ab\r\ncd", 4), 2, 1, 1);
  expect_place(place_of("ab\r\n", 4), 2, 1, 1);
}

TEST(Place, CountsEachByteThatIsNoUtf8) {
  expect_place(place_of("\xFF\x80\xC3z", 3), 1, 4, 4);
  expect_place(place_of("\xED\xA0\x80z", 3), 1, 4, 4);
}

TEST(Place, DoesNotCountTheByteOrderMark) {
  expect_place(place_of("\xEF\xBB\xBFrulebook", 3), 1, 1, 1);
  expect_place(place_of("\xEF\xBB\xBFrulebook", 5), 1, 3, 3);
}

TEST(Place, AgreesWithCountingFromTheLinesBegin) {
  // Widths of one to four bytes and three line breaks, over many times the distance of the marks.
  std::string content;
  const char* const pieces[] = {"a", "\xC3\xA9", "\xE4\xB8\x96", "\xF0\x9F\x98\x80", "\xFF", "bc"};
  for (int i = 0; i < 20'000; ++i) {
    content += pieces[i % 6];
    if (i % 7'001 == 7'000) content += i % 2 ? "\n" : "\r\n";
  }
  const Text text("a", content);
  ASSERT_EQ(text.line_count(), 3u);
  for (std::uint32_t line = 1; line <= 3; ++line) {
    Place expected{line, 1, 1};
    const std::string_view words = text.line(line);
    for (std::size_t at = 0; at < words.size();) {
      const Place place = text.place(text.line_start(line) + static_cast<std::uint32_t>(at));
      ASSERT_EQ(place.line, expected.line);
      ASSERT_EQ(place.column, expected.column) << "byte " << at << " of line " << line;
      ASSERT_EQ(place.column_utf16, expected.column_utf16);
      const Character character = decode(words, at);
      at += character.size;
      expected.column += 1;
      expected.column_utf16 += character.utf16_units();
    }
  }
}

TEST(Place, IsCheapInALineOfTenMegabytes) {
  const std::uint32_t size = 10'000'000;
  const Text text("a", std::string(size, 'x'));
  const auto start = std::chrono::steady_clock::now();
  for (std::uint32_t i = 0; i < 500; ++i) ASSERT_EQ(text.place(size - i).column, size - i + 1);
  // Counting from the line's begin each time would take some five thousand million steps.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(4));
}

TEST(Place, OfNoTextIsNowhere) {
  const Map texts;
  expect_place(texts.begin(Span{}), 0, 0, 0);
  EXPECT_EQ(texts.words(Span{}), "");
}

TEST(Span, JoinsAndKeepsTheKnownOne) {
  Map texts;
  const Id<Text> a = texts.add("a", "one two three");
  const Span one{a, 0, 3}, three{a, 8, 13};
  EXPECT_EQ(texts.words(join(one, three)), "one two three");
  EXPECT_EQ(join(three, one), join(one, three));
  EXPECT_EQ(join(Span{}, three), three);
  EXPECT_EQ(join(one, Span{}), one);
  EXPECT_FALSE(join(Span{}, Span{}).known());
  EXPECT_THROW(join(one, Span{texts.add("b", "x"), 0, 1}), Bug);
}

TEST(Map, KeepsATextsAddress) {
  Map texts;
  const Id<Text> first = texts.add("first", "short");
  const std::string_view before = texts[first].content();
  for (int i = 0; i < 1'000; ++i) texts.add("more", "x");
  EXPECT_EQ(texts[first].content().data(), before.data());
  EXPECT_EQ(texts.size(), 1'001u);
  EXPECT_THROW(texts[Id<Text>(std::size_t{5'000})], Bug);
}

TEST(Utf8, RefusesWhatIsNoCharacter) {
  for (const std::string bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                                "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC3", "\xE4\xB8", "\xC3z"}) {
    const Character character = decode(bad, 0);
    EXPECT_FALSE(character.valid);
    EXPECT_EQ(character.size, 1u);
    EXPECT_EQ(character.value, U'\xFFFD');
  }
}

TEST(Utf8, WalksBackAsItWalksOn) {
  const std::string text = "a\xC3\xA9\xFF\xE4\xB8\x96\x80\xF0\x9F\x98\x80";
  std::vector<std::size_t> starts;
  for (std::size_t at = 0; at < text.size(); at += decode(text, at).size) starts.push_back(at);
  std::size_t at = text.size();
  for (auto expected = starts.rbegin(); expected != starts.rend(); ++expected) {
    at = previous(text, at);
    EXPECT_EQ(at, *expected);
  }
  EXPECT_EQ(at, 0u);
}

}  // namespace
}  // namespace plumb::source

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include <zlib.h>

#include "cells.h"
#include "sources/encoding.h"
#include "sources/gzip.h"
#include "sources/json.h"
#include "sources/xes.h"

namespace plumb::sources {
namespace {

using namespace std::string_literals;

Result<JsonRead> json_in(const Bytes& bytes) { return read_json(bytes, Scratch()); }
Result<Gathered> xes_in(const Bytes& bytes) { return read_xes(bytes, Scratch()); }
Result<Decoded> decoded(const Bytes& bytes) { return decode(bytes, Scratch()); }
Result<Bytes> unpacked(const Bytes& packed, std::size_t most) { return gunzip(packed, most, Scratch()); }

TEST(Json, IsTablesOfItsLists) {
  auto read = json_in(R"({"results": [
    {"id": "1", "amount": 12.50, "owner": {"name": "ana"}, "tags": [], "steps": [{"at": "t1"}, {"at": "t2", "record": 7}]},
    {"id": 2, "open": true, "gone": null}]})");
  ASSERT_TRUE(read) << read.error();
  ASSERT_EQ(read->records.size(), 2u);
  const Cells outer = cells(read->records[0].rows), inner = cells(read->records[1].rows);
  EXPECT_EQ(read->records[0].name, "");
  EXPECT_EQ(column(outer, "id"), (Texts{"1", "2"}));
  EXPECT_EQ(column(outer, "amount"), (Texts{"12.50", ""}));  // no digit is lost
  EXPECT_EQ(column(outer, "owner.name"), (Texts{"ana", ""}));
  EXPECT_EQ(column(outer, "tags"), (Texts{"", ""}));
  EXPECT_EQ(column(outer, "open"), (Texts{"", "true"}));
  EXPECT_EQ(column(outer, "gone"), (Texts{"", ""}));
  EXPECT_EQ(outer.lines, (std::vector<std::uint32_t>{2, 3}));
  EXPECT_EQ(inner.lines, (std::vector<std::uint32_t>{2, 3}));  // a line holds one row of a table
  EXPECT_EQ(read->records[1].name, "steps");
  EXPECT_EQ(column(inner, "record"), (Texts{"1", "1"}));
  EXPECT_EQ(column(inner, "own record"), (Texts{"", "7"}));
}

TEST(Json, SaysWhichRecordIsAround) {
  auto read = json_in(R"([{"id": "1", "a": [{"id": "x", "b": [{"v": 1, "within": 5}]}]}])");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->records.size(), 3u);
  const Cells inner = cells(read->records[2].rows);
  EXPECT_EQ(read->records[2].name, "a.b");
  EXPECT_EQ(column(inner, "record"), (Texts{"1"}));
  EXPECT_EQ(column(inner, "within"), (Texts{"x"}));
  EXPECT_EQ(column(inner, "own within"), (Texts{"5"}));
}

TEST(Json, IsRefusedWhereNobodyKnowsWhatIsMeant) {
  EXPECT_EQ(json_in(R"([{"a": 1, "b": {"a": 2, "c": 3}, "a": 4}])").error(),
            "the key `a` stands twice in one object, and nobody knows which counts");
  EXPECT_EQ(json_in("[{\"\\u0001line\": 7}]").error().substr(0, 7), "the key");
  EXPECT_EQ(column(cells(json_in(R"([{"a": [1, {"b": 2}]}])")->records[0].rows), "a"), (Texts{R"([1,{"b":2}])"}));
  EXPECT_FALSE(json_in(R"([{"a": 1},)"));
  EXPECT_TRUE(json_in("\"text\"")->other);
  EXPECT_TRUE(json_in(R"({"a": 1})")->other);
  EXPECT_FALSE(json_in(std::string(70, '[') + std::string(70, ']')));
}

TEST(Json, IsReadOneRecordAtATimeWhereverListsStand) {
  auto read =
      json_in(R"({"z": [{"v": 1}, {"v": 2, "more": [{"x": 1}]}], "text": "[{\"v\": 9}]", "none": [], "map": {"v": 3},
    "mixed": [{"v": 4}, 5], "lists": [[{"v": 6}]], "a": [{"w": {"k": "7"}}], "n": null})");
  ASSERT_TRUE(read) << read.error();
  std::vector<std::pair<std::string, Rows>> found;
  for (Records& list : read->records) found.emplace_back(list.name, rows_of(cells(list.rows)));
  EXPECT_EQ(found, (std::vector<std::pair<std::string, Rows>>{
                       {"a", {{"7"}}}, {"z", {{"1"}, {"2"}}}, {"z.more", {{"", "1"}}}}));
}

TEST(Json, MayBeCalledByAnyKey) {
  auto read = json_in(R"({"": [{"": 1, "b": [{"": 2}]}]})");
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(rows_of(cells(read->records.front().rows)), (Rows{{"1"}}));
  read = json_in(R"({"": [{"a": 1}], "b": [{"a": 2}]})");
  ASSERT_TRUE(read && read->records.size() == 2);
  EXPECT_EQ(rows_of(cells(read->records[0].rows)), (Rows{{"1"}}));
  EXPECT_EQ(rows_of(cells(read->records[1].rows)), (Rows{{"2"}}));
}

TEST(Json, IsTheSameHoweverLongItIs) {
  // Pieces end in the middle of names, of characters and of numbers.
  std::string text = "[\n", numbers;
  for (int i = 0; i < 30'000; ++i)
    text +=
        (i == 0 ? "" : ",\n") + ("{\"köln\": \"ä" + std::to_string(i) + "\", \"n\": 1" + std::to_string(i) + ".50}");
  auto read = json_in(text + "]");
  ASSERT_TRUE(read) << read.error();
  const Cells of = cells(read->records[0].rows);
  ASSERT_EQ(of.size(), 30'000u);
  for (const int row : {0, 12'345, 29'999}) {
    EXPECT_EQ(of.at(row, of.column("köln")), "ä" + std::to_string(row));
    EXPECT_EQ(of.at(row, of.column("n")), "1" + std::to_string(row) + ".50");
    EXPECT_EQ(of.lines[row], static_cast<std::uint32_t>(row + 2));
  }
  EXPECT_NE(json_in(text).error().find("line 30001"), std::string::npos) << json_in(text).error();
  EXPECT_NE(json_in(text + ",\n{\"a\": \"\xFF\"}]").error().find("line 30002"), std::string::npos);
}

TEST(Json, RefusesAKeyTwiceInAnObjectOfManyKeys) {
  std::string text = "[{";
  for (int i = 0; i < 100; ++i) text += "\"k" + std::to_string(i) + "\": {\"a\": 1, \"b\": {\"a\": 1}}, ";
  EXPECT_TRUE(json_in(text + "\"k\": 1}]"));
  EXPECT_EQ(json_in(text + "\"k7\": 1}]").error(),
            "the key `k7` stands twice in one object, and nobody knows which counts");
  EXPECT_EQ(json_in(text + "\"k99\": 1}]").error().substr(0, 13), "the key `k99`");
}

TEST(Json, MayBeNestedUpToALevel) {
  const auto nested = [](int levels) {
    const auto inner = static_cast<std::size_t>(levels - 2);
    return json_in("[{\"a\": " + std::string(inner, '[') + std::string(inner, ']') + "}]");
  };
  EXPECT_TRUE(nested(64));
  EXPECT_EQ(nested(65).error(), "it is nested more than 64 levels deep");
}

TEST(Ocel, MayHaveItsEventsBeforeItsObjects) {
  const std::string objects = R"("objects": [{"id": "o", "type": "T", "attributes": [
    {"name": "n", "time": "2026-01-02T00:00:00Z", "value": 2}, {"name": "n", "time": "2026-01-01T00:00:00Z", "value": 1}]}])";
  const std::string events =
      R"("events": [{"id": "e", "type": "A", "time": "t", "attributes": [{"name": "by", "value": "ana"}],
    "relationships": [{"objectId": "o", "qualifier": ""}, {"objectId": "other", "qualifier": "q"}]}, {"id": "f"}])";
  for (const std::string& text : {"{" + objects + "," + events + "}", "{" + events + "," + objects + "}"}) {
    auto read = json_in(text);
    ASSERT_TRUE(read && read->log);
    EXPECT_EQ(rows_of(cells(read->log->objects)), (Rows{{"o", "T", "1"}}));
    EXPECT_EQ(rows_of(cells(read->log->events)), (Rows{{"e", "A", "t", "o", "T", "", "e", "ana"},
                                                       {"e", "A", "t", "other", "", "q", "e q", "ana"},
                                                       {"f", "", "", "", "", "", "", ""}}));
    EXPECT_EQ(rows_of(cells(read->log->changes)), (Rows{{"o", "n", "1", "2", "2026-01-02T00:00:00Z"}}));
  }
  EXPECT_EQ(json_in(R"({"objects": 7, "events": []})").error(), "object 1 has no `id`");
  EXPECT_EQ(json_in(R"({"objects": [], "events": [{"id": "e"}, 7]})").error(), "event 2 has no `id`");
  EXPECT_TRUE(json_in(R"({"objects": null, "events": []})"));
}

TEST(Ocel, OfTheFirstFormHasItsRowsInTheOrderOfTheFile) {
  auto read = json_in(R"({"ocel:events": {"e10": {"ocel:activity": "b", "ocel:timestamp": "t", "ocel:omap": ["o2"],
    "ocel:vmap": {"by": "ana"}}, "e9": {"ocel:activity": "a", "ocel:timestamp": "t", "ocel:omap": []}},
    "ocel:objects": {"o2": {"ocel:type": "T", "ocel:ovmap": {"n": 1}}, "o1": {}}})");
  ASSERT_TRUE(read && read->log) << read.error();
  EXPECT_EQ(rows_of(cells(read->log->objects)), (Rows{{"o2", "T", "1"}, {"o1", "", ""}}));
  EXPECT_EQ(rows_of(cells(read->log->events)),
            (Rows{{"e10", "b", "t", "o2", "T", "", "e10", "ana"}, {"e9", "a", "t", "", "", "", "", ""}}));
  EXPECT_EQ(json_in(R"({"ocel:events": {}, "ocel:objects": {"o": 1}})").error(), "the object `o` is no map");
}

TEST(Json, KnowsAnAnswerWithoutARecord) {
  for (const char* text : {"[]", R"({"results": [], "more": false})"}) {
    const auto read = json_in(text);
    ASSERT_TRUE(read) << text;
    EXPECT_TRUE(read->empty && read->records.empty()) << text;
  }
}

TEST(Encoding, IsRecognised) {
  EXPECT_EQ(decoded("\xEF\xBB\xBF"
                    "a,\xC3\xA9")
                ->was,
            "");
  const auto windows = decoded("caf\xE9 \x80");
  ASSERT_TRUE(windows);
  EXPECT_EQ(all_of(windows->text), "caf\xC3\xA9 \xE2\x82\xAC");
  EXPECT_FALSE(windows->was.empty());
  EXPECT_EQ(all_of(decoded("\xFF\xFE"
                           "a\0\xE9\0"s)
                       ->text),
            "a\xC3\xA9");
  EXPECT_EQ(all_of(decoded("\xFE\xFF"
                           "\0a\0\xE9"s)
                       ->text),
            "a\xC3\xA9");
  EXPECT_FALSE(
      decoded("\xFF\xFE"
              "a\0\xE9"s));  // half of a character
}

TEST(Encoding, IsTheSameHoweverLongTheTextIs) {
  std::string text, windows, wide = "\xFF\xFE"s;
  for (int i = 0; i < 300'000; ++i) {
    text += i % 3 == 0 ? "é" : "a";
    windows += i % 3 == 0 ? '\xE9' : 'a';
    wide += {i % 3 == 0 ? '\xE9' : 'a', '\0'};
  }
  EXPECT_EQ(all_of(decoded(text)->text), text);
  EXPECT_EQ(decoded(text)->was, "");
  EXPECT_EQ(all_of(decoded(windows)->text), text);
  EXPECT_EQ(all_of(decoded(wide)->text), text);
  EXPECT_EQ(
      decode("a" + text + "\n\xE9", "UTF-8", "somebody says", Scratch()).error(),
      "somebody says that it is UTF-8, and byte 400003 (line 2) does not belong to a character of it; say another "
      "`encoding`, or none, so that it is recognised");
  EXPECT_EQ(decoded("\n" + text + "\n\xE9").error().substr(0, 78),
            "it is UTF-8, but 1 byte is no part of it, first in line 3 (byte 0xe9): put tha");
  EXPECT_EQ(decoded("\n" + text + "\n\0"s).error(),
            "line 3 holds a NUL byte, as in a file that is damaged or was copied in part; export it again");
  EXPECT_EQ(decoded("\xEF\xBB\xBF" + text + "\xE9").error(),
            "it begins with the byte order mark of UTF-8, and line 1 is not UTF-8 (byte 0xe9); save it as UTF-8");
}

/// As gzip packs it, without compressing it.
std::string packed(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 0, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string into(text.size() + text.size() / 1000 + 1000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(into.data());
  stream.avail_out = static_cast<uInt>(into.size());
  deflate(&stream, Z_FINISH);
  into.resize(stream.total_out);
  deflateEnd(&stream);
  return into;
}

TEST(Gzip, IsUnpackedMemberByMember) {
  // The second begins with the last byte of what is read at once.
  std::string first;
  while (packed(first).size() < (std::size_t{1} << 18U) - 1)
    first += packed(first).size() + 2000 < (1U << 18U) ? std::string(1000, 'x') : "x";
  const std::string second = "and\nmore";
  const auto all = unpacked(packed(first) + packed(second) + std::string(600'000, '\0'), 1'000'000);
  ASSERT_TRUE(all) << all.error();
  EXPECT_EQ(all_of(*all), first + second);
  EXPECT_EQ(unpacked(packed(first) + packed(second).substr(0, 9), 1'000'000).error(),
            "the packed file ends too early: it was not copied to its end");
  for (const std::string behind : {"1,a\n", "\x1F"}) {  // what is not packed, and half of the beginning of a member
    EXPECT_EQ(unpacked(packed(first) + packed(second) + std::string(600'000, '\0') + behind, 1'000'000).error(),
              "behind the end of what is packed stands something else: the packed file is damaged");
  }
  EXPECT_EQ(unpacked(packed(first) + packed(second), 200'000).error(), "it unpacks to more than 0 MB");
}

TEST(Gzip, IsRefusedWhenItIsCutOrTooLarge) {
  // `ab` thrice, as gzip packs it.
  const std::string packed("\x1f\x8b\x08\0\0\0\0\0\0\x03\x4b\x4c\x02\x42\0\x54\xfe\x25\x45\x06\0\0\0", 23);
  EXPECT_TRUE(is_gzip(packed));
  EXPECT_FALSE(is_gzip("ab"));
  EXPECT_FALSE(unpacked(packed.substr(0, packed.size() - 4), 1000));
  EXPECT_FALSE(unpacked(packed, 3));
}

TEST(Xes, GivesEventsTheAttributesOfTheirTrace) {
  auto read = xes_in(R"(<log>
<trace><string key="concept:name" value="c1"/>
<event><string key="concept:name" value="a"/><date key="time:timestamp" value="t1"/></event>
</trace>
<trace><string key="concept:name" value="c2"/></trace>
</log>)");
  ASSERT_TRUE(read) << read.error();
  const Cells log = cells(*read);
  EXPECT_EQ(column(log, "case:concept:name"), (Texts{"c1", "c2"}));
  EXPECT_EQ(column(log, "concept:name"), (Texts{"a", ""}));
  EXPECT_EQ(log.lines, (std::vector<std::uint32_t>{3, 5}));
  EXPECT_FALSE(xes_in("<log><trace>"));
  EXPECT_FALSE(xes_in("<!DOCTYPE log [<!ENTITY a 'b'>]><log/>"));
  EXPECT_FALSE(xes_in("<html/>"));
}

TEST(Xes, HasWhatATraceSaysBehindItsEvents) {
  auto read = xes_in(R"(<log><trace><event><string key="a" value="1"/></event><event/>
<string key="b" value="2"/><event><string key="case:b" value="2"/></event></trace></log>)");
  ASSERT_TRUE(read) << read.error();
  const Cells log = cells(*read);
  EXPECT_EQ(column(log, "a"), (Texts{"1", "", ""}));
  EXPECT_EQ(column(log, "case:b"), (Texts{"2", "2", "2"}));
  EXPECT_EQ(
      xes_in(R"(<log><trace><event><string key="case:b" value="3"/></event><string key="b" value="2"/></trace></log>)")
          .error(),
      "line 1: `case:b` stands twice, as `3` and as `2`: nobody could tell which one counts");
}

TEST(Xes, IsTheSameHoweverLongItIs) {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<log>\n";
  for (int i = 0; i < 100'000; ++i)
    text += "<trace><string key=\"é\" value=\"ä" + std::to_string(i) + "\"/>\n<event></event>\n</trace>\n";
  auto read = xes_in(text + "</log>\n");
  ASSERT_TRUE(read) << read.error();
  const Cells log = cells(*read);
  ASSERT_EQ(log.size(), 100'000u);
  for (const int row : {0, 1000, 54'321, 99'999}) {
    EXPECT_EQ(log.at(row, log.column("case:é")), "ä" + std::to_string(row));
    if (row < 20'000) EXPECT_EQ(log.lines[row], static_cast<std::uint32_t>(3 * row + 4));
  }
  EXPECT_EQ(xes_in(text).error(), "it ends before its log does: the file was not copied to its end");
  EXPECT_NE(xes_in(text + "</trace></log>").error().find("it is no well-formed XML"), std::string::npos);
}

}  // namespace
}  // namespace plumb::sources

#include <gtest/gtest.h>

#include "cells.h"
#include "sources/encoding.h"
#include "sources/gzip.h"
#include "sources/json.h"
#include "sources/xes.h"

namespace plumb::sources {
namespace {

using namespace std::string_literals;

TEST(Json, IsTablesOfItsLists) {
  const auto read = read_json(R"({"results": [
    {"id": "1", "amount": 12.50, "owner": {"name": "ana"}, "tags": [], "steps": [{"at": "t1"}, {"at": "t2", "record": 7}]},
    {"id": 2, "open": true, "gone": null}]})");
  ASSERT_TRUE(read) << read.error();
  ASSERT_EQ(read->records.size(), 2u);
  const Cells& outer = read->records[0].cells;
  EXPECT_EQ(read->records[0].name, "");
  EXPECT_EQ(column(outer, "id"), (Texts{"1", "2"}));
  EXPECT_EQ(column(outer, "amount"), (Texts{"12.50", ""}));  // no digit is lost
  EXPECT_EQ(column(outer, "owner.name"), (Texts{"ana", ""}));
  EXPECT_EQ(column(outer, "tags"), (Texts{"", ""}));
  EXPECT_EQ(column(outer, "open"), (Texts{"", "true"}));
  EXPECT_EQ(column(outer, "gone"), (Texts{"", ""}));
  EXPECT_EQ(outer.lines, (std::vector<std::uint32_t>{2, 3}));
  EXPECT_EQ(read->records[1].cells.lines, (std::vector<std::uint32_t>{2, 2}));
  EXPECT_EQ(read->records[1].name, "steps");
  EXPECT_EQ(column(read->records[1].cells, "record"), (Texts{"1", "1"}));
  EXPECT_EQ(column(read->records[1].cells, "own record"), (Texts{"", "7"}));
}

TEST(Json, SaysWhichRecordIsAround) {
  const auto read = read_json(R"([{"id": "1", "a": [{"id": "x", "b": [{"v": 1, "within": 5}]}]}])");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->records.size(), 3u);
  const Records& inner = read->records[2];
  EXPECT_EQ(inner.name, "a.b");
  EXPECT_EQ(column(inner.cells, "record"), (Texts{"1"}));
  EXPECT_EQ(column(inner.cells, "within"), (Texts{"x"}));
  EXPECT_EQ(column(inner.cells, "own within"), (Texts{"5"}));
}

TEST(Json, IsRefusedWhereNobodyKnowsWhatIsMeant) {
  EXPECT_EQ(read_json(R"([{"a": 1, "b": {"a": 2, "c": 3}, "a": 4}])").error(),
            "the key `a` stands twice in one object, and nobody knows which counts");
  EXPECT_EQ(read_json("[{\"\\u0001line\": 7}]").error().substr(0, 7), "the key");
  EXPECT_EQ(column(read_json(R"([{"a": [1, {"b": 2}]}])")->records[0].cells, "a"), (Texts{R"([1,{"b":2}])"}));
  EXPECT_FALSE(read_json(R"([{"a": 1},)"));
  EXPECT_FALSE(read_json("\"text\""));
  EXPECT_FALSE(read_json(R"({"a": 1})"));
  EXPECT_FALSE(read_json(std::string(70, '[') + std::string(70, ']')));
}

TEST(Json, KnowsAnAnswerWithoutARecord) {
  for (const char* text : {"[]", R"({"results": [], "more": false})"}) {
    const auto read = read_json(text);
    ASSERT_TRUE(read) << text;
    EXPECT_TRUE(read->empty && read->records.empty()) << text;
  }
}

TEST(Encoding, IsRecognised) {
  EXPECT_EQ(decode("\xEF\xBB\xBF"
                   "a,\xC3\xA9")
                ->was,
            "");
  const auto windows = decode("caf\xE9 \x80");
  ASSERT_TRUE(windows);
  EXPECT_EQ(windows->text.view(), "caf\xC3\xA9 \xE2\x82\xAC");
  EXPECT_FALSE(windows->was.empty());
  EXPECT_EQ(decode("\xFF\xFE"
                   "a\0\xE9\0"s)
                ->text.view(),
            "a\xC3\xA9");
  EXPECT_EQ(decode("\xFE\xFF"
                   "\0a\0\xE9"s)
                ->text.view(),
            "a\xC3\xA9");
  EXPECT_FALSE(
      decode("\xFF\xFE"
             "a\0\xE9"s));  // half of a character
}

TEST(Gzip, IsRefusedWhenItIsCutOrTooLarge) {
  // `ab` thrice, as gzip packs it.
  const std::string packed("\x1f\x8b\x08\0\0\0\0\0\0\x03\x4b\x4c\x02\x42\0\x54\xfe\x25\x45\x06\0\0\0", 23);
  EXPECT_TRUE(is_gzip(packed));
  EXPECT_FALSE(is_gzip("ab"));
  EXPECT_FALSE(gunzip(packed.substr(0, packed.size() - 4), 1000));
  EXPECT_FALSE(gunzip(packed, 3));
}

TEST(Xes, GivesEventsTheAttributesOfTheirTrace) {
  const auto read = read_xes(R"(<log>
<trace><string key="concept:name" value="c1"/>
<event><string key="concept:name" value="a"/><date key="time:timestamp" value="t1"/></event>
</trace>
<trace><string key="concept:name" value="c2"/></trace>
</log>)");
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(column(*read, "case:concept:name"), (Texts{"c1", "c2"}));
  EXPECT_EQ(column(*read, "concept:name"), (Texts{"a", ""}));
  EXPECT_EQ(read->lines, (std::vector<std::uint32_t>{3, 5}));
  EXPECT_FALSE(read_xes("<log><trace>"));
  EXPECT_FALSE(read_xes("<!DOCTYPE log [<!ENTITY a 'b'>]><log/>"));
  EXPECT_FALSE(read_xes("<html/>"));
}

}  // namespace
}  // namespace plumb::sources

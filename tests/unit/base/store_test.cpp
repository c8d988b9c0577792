#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "base/assert.h"
#include "base/id.h"
#include "base/result.h"

namespace plumb {
namespace {

TEST(Store, keeps_items_in_the_order_they_came) {
  Store<std::string> store;
  EXPECT_TRUE(store.empty());
  const auto first = store.add("one");
  const auto second = store.add("two");
  EXPECT_EQ(store[first], "one");
  EXPECT_EQ(store[second], "two");
  EXPECT_EQ(store.size(), 2u);
  EXPECT_LT(first, second);
  std::string all;
  for (const auto& item : store) all += item;
  EXPECT_EQ(all, "onetwo");
}

TEST(Store, refuses_an_id_it_never_gave_out) {
  Store<std::string> store;
  store.add("one");
  EXPECT_THROW(store[Id<std::string>(1)], Bug);
  EXPECT_THROW(store[Id<std::string>::none()], Bug);
}

TEST(Id, none_is_false_and_all_others_are_true) {
  EXPECT_FALSE(Id<int>());
  EXPECT_FALSE(Id<int>::none());
  EXPECT_TRUE(Id<int>(std::size_t{0}));
  EXPECT_NE(Id<int>(std::size_t{0}), Id<int>::none());
}

TEST(Result, holds_a_value_or_a_sentence) {
  const Result<int> good = 7;
  ASSERT_TRUE(good);
  EXPECT_EQ(*good, 7);
  EXPECT_THROW(good.error(), Bug);
  const Result<int> bad = Failure{"there is no such zone"};
  EXPECT_FALSE(bad.ok());
  EXPECT_EQ(bad.error(), "there is no such zone");
  EXPECT_THROW(bad.value(), Bug);
}

TEST(Result, gives_up_a_value_that_can_only_be_moved) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(3);
  const std::unique_ptr<int> taken = std::move(result.value());
  EXPECT_EQ(*taken, 3);
}

TEST(Assert, says_what_should_have_held) {
  EXPECT_NO_THROW(PLUMB_ASSERT(1 + 1 == 2, "sums are right"));
  try {
    PLUMB_ASSERT(1 + 1 == 3, "sums are right");
    FAIL() << "the assertion passed";
  } catch (const Bug& bug) {
    const std::string text = bug.what();
    EXPECT_NE(text.find("sums are right"), std::string::npos) << text;
    EXPECT_NE(text.find("1 + 1 == 3"), std::string::npos) << text;
    EXPECT_NE(text.find("store_test.cpp"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace plumb

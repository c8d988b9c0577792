#include "project/glob.h"

#include <string>

#include <gtest/gtest.h>

namespace plumb::project {
namespace {

TEST(Glob, AStarStaysInOneName) {
  EXPECT_TRUE(matches("*.plumb", "a.plumb"));
  EXPECT_TRUE(matches("*.plumb", ".plumb"));
  EXPECT_FALSE(matches("*.plumb", "b/a.plumb"));
  EXPECT_FALSE(matches("*.plumb", "a.plumbs"));
  EXPECT_TRUE(matches("a*b*c", "a-bb-c"));
  EXPECT_FALSE(matches("a*b*c", "a-c-b"));
  EXPECT_TRUE(matches("*", "a"));
}

TEST(Glob, TwoStarsAreFoldersOrNone) {
  EXPECT_TRUE(matches("**/*.plumb", "a.plumb"));
  EXPECT_TRUE(matches("**/*.plumb", "b/c/a.plumb"));
  EXPECT_TRUE(matches("b/**/a.plumb", "b/a.plumb"));
  EXPECT_FALSE(matches("b/**/a.plumb", "c/b/a.plumb"));
}

TEST(Glob, HostilePatternsCostLittle) {
  std::string pattern;
  for (int i = 0; i < 2'000; ++i) pattern += "*a";
  EXPECT_FALSE(matches(pattern + "b", std::string(2'000, 'a')));
  std::string folders;
  for (int i = 0; i < 1'000; ++i) folders += "**/";
  EXPECT_FALSE(matches(folders + "b", "a/a/a/a/a/a"));
}

}  // namespace
}  // namespace plumb::project

#include "project/header.h"

#include <gtest/gtest.h>

namespace plumb::project {
namespace {

TEST(Header, IsFoundWhereverItStands) {
  EXPECT_EQ(name_in_header("rulebook acme.sales { title \"x\" }"), "acme.sales");
  EXPECT_EQ(name_in_header("# rulebook no\nuse a.b\nfields deal { amount money }\nrulebook acme"), "acme");
  EXPECT_EQ(name_in_header("\xEF\xBB\xBFrulebook \"a b\" . \"c\""), "a b.c");
}

TEST(Header, IsNoWordInsideOfSomethingElse) {
  EXPECT_EQ(name_in_header(""), "");
  EXPECT_EQ(name_in_header("fields deal { rulebook text }"), "");
  EXPECT_EQ(name_in_header("use rulebook\nextends a.rulebook"), "");
  EXPECT_EQ(name_in_header("must a \"rulebook b\" { }"), "");
  EXPECT_EQ(name_in_header("rulebook"), "");
  EXPECT_EQ(name_in_header("rulebook \"open"), "open");
}

}  // namespace
}  // namespace plumb::project

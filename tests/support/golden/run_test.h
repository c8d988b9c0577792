#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "support/golden/test_file.h"

namespace plumb::golden {

/// What is wrong with a test, each as text for a person; empty when all is as expected.
using Problems = std::vector<std::string>;

/// Runs the commands of the test in a fresh folder and compares what they do with what the test says.
Problems run_test(const Test& test, const std::filesystem::path& plumb);

/// The test with what really happened as its expectation. Errors: when that cannot be written down, as for a child that
/// died.
Result<Test> update_test(Test test, const std::filesystem::path& plumb);

/// The lines of both texts: ` ` what they share (three around each difference), `-` expected, `+` actual.
std::string difference(std::string_view expected, std::string_view actual);

}  // namespace plumb::golden

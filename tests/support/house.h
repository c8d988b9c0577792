#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// What the tests of the house's rules read of the repository.
namespace plumb::house {

/// The repository that these tests were built from.
std::filesystem::path repository();

/// Every file below the folder whose name ends in one of the endings, in the order of the paths.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder,
                                               const std::vector<std::string>& endings);

/// The file's text; a test fails when it cannot be read.
std::string text_of(const std::filesystem::path& path);

}  // namespace plumb::house

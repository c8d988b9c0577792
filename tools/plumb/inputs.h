#pragma once

#include <string>
#include <vector>

namespace plumb::tool {

/// How standard input is called in messages, and how it is read.
inline constexpr const char* standard_input_name = "<stdin>";
inline constexpr const char* standard_input_path = "/dev/stdin";

/// One rulebook that is asked for: a file, the folder of a package, or `-`.
struct Input {
  std::string path;
  std::string name;     // as messages say it: `<stdin>` for `-`
  std::string trouble;  // the sentence that says why there is nothing to read
};

/// What paths on the command line stand for, in their order. A file is itself; a folder with a `plumb.yaml` is one
/// package, and so is its `plumb.yaml`; any other folder is every `*.plumb` and every package below it, sorted. Hidden
/// names are left out below a folder, and no folder is entered twice, so links cannot lead in a circle. Rows: what is
/// given twice is there once. Missing: a folder with nothing to check has a trouble.
std::vector<Input> find_inputs(const std::vector<std::string>& paths);

/// Whether the path is one of the inputs, or lies in a package that is one, and not in another package inside it.
bool is_given(const std::vector<Input>& inputs, const std::string& path);

}  // namespace plumb::tool

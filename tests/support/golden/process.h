#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace plumb::golden {

struct Command {
  std::filesystem::path program;
  std::vector<std::string> arguments;
  std::vector<std::string> environment;  // NAME=VALUE, besides what every child gets
  std::string input;
  std::chrono::milliseconds patience = std::chrono::seconds(20);
};

enum class End : std::uint8_t { exited, signalled, timed_out, flooded };

struct Outcome {
  End end = End::exited;
  int number = 0;  // the exit code, or the signal
  std::string output;
  std::string errors;
};

/// A fresh folder that goes away with its owner. Runs happen in `inside`; what is captured lies beside it.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::filesystem::path inside() const { return path_ / "dir"; }
  std::filesystem::path beside(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// Runs the program in the folder, with an environment of its own, and waits for its end. A child that is too slow or
/// prints without end is killed with its whole process group. Errors: when the program cannot be started.
Result<Outcome> run(const Command& command, const Folder& folder);

/// The file's bytes. Errors: when it cannot be read.
Result<std::string> read_file(const std::filesystem::path& path);
/// Writes a file, with the folders on its way. Errors: when it cannot be written.
Result<bool> write_file(const std::filesystem::path& path, std::string_view content);

}  // namespace plumb::golden

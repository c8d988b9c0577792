#include "support/golden/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <thread>

namespace plumb::golden {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t most_output = 64 * 1024 * 1024;

// What a run may see of the machine: nothing that differs from one to the next, save what sanitizers are told.
std::vector<std::string> environment_of(const Command& command, const Folder& folder) {
  std::vector<std::string> all = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC",
                                  fmt::format("HOME={}", folder.inside().string())};
  for (const char* name : {"ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "LD_LIBRARY_PATH"}) {
    if (const char* value = std::getenv(name)) all.push_back(fmt::format("{}={}", name, value));
  }
  all.insert(all.end(), command.environment.begin(), command.environment.end());
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

Result<pid_t> start(const Command& command, const Folder& folder) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const int write_new = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&actions, 0, folder.beside("stdin").c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, folder.beside("stdout").c_str(), write_new, 0600);
  posix_spawn_file_actions_addopen(&actions, 2, folder.beside("stderr").c_str(), write_new, 0600);
  posix_spawn_file_actions_addchdir_np(&actions, folder.inside().c_str());
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);

  std::vector<std::string> words = {command.program.string()};
  words.insert(words.end(), command.arguments.begin(), command.arguments.end());
  std::vector<std::string> environment = environment_of(command, folder);
  pid_t child = 0;
  const int error = posix_spawn(&child, command.program.c_str(), &actions, &attributes, pointers(words).data(),
                                pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return Failure{fmt::format("{} cannot be started: {}", command.program.string(), strerror(error))};
  return child;
}

bool floods(const Folder& folder) {
  std::error_code ignored;
  const auto size = [&](const char* name) {
    const std::uintmax_t bytes = fs::file_size(folder.beside(name), ignored);
    return ignored ? 0 : bytes;
  };
  return size("stdout") > most_output || size("stderr") > most_output;
}

// Waits for the child; what it returns is why the child had to be killed, if it had to be.
std::optional<End> watch(pid_t child, int& status, const Command& command, const Folder& folder) {
  const auto deadline = std::chrono::steady_clock::now() + command.patience;
  auto pause = std::chrono::milliseconds(1);
  while (waitpid(child, &status, WNOHANG) == 0) {
    const bool late = std::chrono::steady_clock::now() > deadline;
    if (late || floods(folder)) {
      kill(-child, SIGKILL);
      waitpid(child, &status, 0);
      return late ? End::timed_out : End::flooded;
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::milliseconds(20));
  }
  return std::nullopt;
}

}  // namespace

Folder::Folder() {
  std::string pattern = (fs::canonical(fs::temp_directory_path()) / "plumb-golden-XXXXXX").string();
  PLUMB_ASSERT(mkdtemp(pattern.data()) != nullptr, "the machine's folder for temporary files can be written to");
  path_ = pattern;
  fs::create_directory(inside());
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Result<Outcome> run(const Command& command, const Folder& folder) {
  if (const auto written = write_file(folder.beside("stdin"), command.input); !written) {
    return Failure{written.error()};
  }
  const auto child = start(command, folder);
  if (!child) return Failure{child.error()};
  int status = 0;
  const std::optional<End> killed = watch(*child, status, command, folder);
  Outcome outcome;
  outcome.end = killed ? *killed : WIFSIGNALED(status) ? End::signalled : End::exited;
  outcome.number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  if (outcome.end == End::flooded) return outcome;
  auto output = read_file(folder.beside("stdout"));
  auto errors = read_file(folder.beside("stderr"));
  if (!output || !errors) return Failure{(output ? errors : output).error()};
  outcome.output = std::move(*output);
  outcome.errors = std::move(*errors);
  return outcome;
}

Result<std::string> read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in || fs::is_directory(path)) return Failure{fmt::format("{} cannot be read", path.string())};
  return std::string(std::istreambuf_iterator<char>(in), {});
}

Result<bool> write_file(const fs::path& path, std::string_view content) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  std::ofstream out(path, std::ios::binary);
  out << content;
  out.close();
  if (error || !out) return Failure{fmt::format("{} cannot be written", path.string())};
  return true;
}

}  // namespace plumb::golden

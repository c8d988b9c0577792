#include "bench/timing.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

extern char** environ;

namespace plumb::bench {

namespace {

[[noreturn]] void give_up(const std::string& why) {
  std::fputs(("bench: " + why + "\n").c_str(), stderr);
  std::exit(2);
}

double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

pid_t start(const std::vector<std::string>& command) {
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int failed = posix_spawn(&child, words[0], &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) give_up("cannot start " + command.front());
  return child;
}

}  // namespace

double computing_time() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double clock_time() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::milli>(now).count();
}

std::string Timings::shown() const {
  if (all_.empty()) return "-";
  std::vector<double> sorted = all_;
  std::sort(sorted.begin(), sorted.end());
  const auto quantile = [&sorted](std::size_t quarters) { return sorted[(sorted.size() - 1) * quarters / 4]; };
  return fmt::format("{:8.2f} ms  ({:.2f} to {:.2f})", quantile(2), quantile(1), quantile(3));
}

Starts time_starts(const std::vector<std::string>& command, std::size_t times) {
  using Clock = std::chrono::steady_clock;
  Starts starts;
  for (std::size_t i = 0; i < times; ++i) {
    const Clock::time_point begin = Clock::now();
    const pid_t child = start(command);
    int status = 0;
    rusage used{};
    while (wait4(child, &status, 0, &used) < 0) {
      if (errno != EINTR) give_up("cannot wait for " + command.front());
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) give_up(fmt::format("`{}` fails", fmt::join(command, " ")));
    starts.elapsed.add(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
    starts.computing.add(milliseconds(used.ru_utime) + milliseconds(used.ru_stime));
  }
  return starts;
}

}  // namespace plumb::bench

#include "plumb/waiting.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include "plumb/console.h"
#include "plumb/files.h"
#include "report/words.h"

namespace plumb::tool {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds patience(2);
constexpr std::chrono::milliseconds between_looks(200);

/// When the first work of this program began.
Clock::time_point beginning() {
  static const Clock::time_point first = Clock::now();
  return first;
}

bool can_erase() {
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

void put(std::string_view text) { (void)write_all(STDERR_FILENO, text).ok(); }

}  // namespace

Waiting::Waiting(std::string doing, std::function<std::string()> how_far)
    : doing_(std::move(doing)), how_far_(std::move(how_far)) {
  beginning();
  if (!can_erase()) return;
  // Signals are for the thread that works: it knows what it has to take away.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { watch(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Waiting::~Waiting() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  ended_.notify_all();
  thread_.join();
}

void Waiting::watch() {
  std::unique_lock lock(mutex_);
  const auto over = [this] { return over_; };
  if (ended_.wait_until(lock, beginning() + patience, over)) return;
  do {
    const std::string how_far = how_far_ ? how_far_() : std::string();
    std::string line = how_far.empty() ? doing_ : fmt::format("{}: {}", doing_, how_far);
    // A line that the terminal breaks could not be erased.
    if (const std::size_t width = terminal_width(STDERR_FILENO); line.size() >= width) line.resize(width - 1);
    put("\r" + line + "\x1b[K");
  } while (!ended_.wait_for(lock, between_looks, over));
  put("\r\x1b[K");
}

std::string megabytes(std::uint64_t bytes) {
  return fmt::format("{}.{} MB", report::number_text(bytes / 1'000'000), bytes / 100'000 % 10);
}

}  // namespace plumb::tool

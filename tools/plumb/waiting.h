#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace plumb::tool {

/// One line on standard error for whoever waits, while it lives: what is being done and how far it is. Nothing where
/// standard error is no terminal, or one that cannot erase a line, and nothing before the program has worked for two
/// seconds. The line is erased at the end: what is to be shown to people is written before or after.
class Waiting {
 public:
  /// `how_far` is asked from another thread. Missing: nothing is said of it, as where it says nothing.
  explicit Waiting(std::string doing, std::function<std::string()> how_far = {});
  ~Waiting();
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  void watch();

  std::string doing_;
  std::function<std::string()> how_far_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool over_ = false;
  std::thread thread_;
};

/// `310.4 MB`.
std::string megabytes(std::uint64_t bytes);

}  // namespace plumb::tool

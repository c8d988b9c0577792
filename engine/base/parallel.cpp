#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace plumb {

unsigned threads_for(unsigned wanted) {
  return wanted > 0 ? wanted : std::max(1u, std::thread::hardware_concurrency());
}

void in_parallel(unsigned threads, std::size_t tasks,
                 const std::function<void(unsigned worker, std::size_t task)>& work) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr thrown;
  std::size_t thrown_by = tasks;
  const auto take = [&](unsigned worker) {
    for (std::size_t task = next++; task < tasks; task = next++) {
      try {
        work(worker, task);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (task < thrown_by) thrown = std::current_exception(), thrown_by = task;
        next = tasks;
      }
    }
  };
  std::vector<std::thread> others;
  const auto count = static_cast<unsigned>(std::min<std::size_t>(threads, tasks));
  try {
    for (unsigned worker = 1; worker < count; ++worker) others.emplace_back(take, worker);
  } catch (const std::system_error&) {
    // The machine gives no more threads: those there are do the work.
  }
  take(0);
  for (std::thread& other : others) other.join();
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace plumb

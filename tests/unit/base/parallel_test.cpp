#include "base/parallel.h"

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace plumb {
namespace {

TEST(InParallel, DoesEveryTaskOnce) {
  for (const unsigned threads : {1u, 2u, 7u}) {
    for (const std::size_t tasks : {0u, 1u, 3u, 1000u}) {
      std::vector<std::atomic<int>> done(tasks);
      std::atomic<unsigned> largest{0};
      in_parallel(threads, tasks, [&](unsigned worker, std::size_t task) {
        ++done[task];
        for (unsigned seen = largest; worker > seen && !largest.compare_exchange_weak(seen, worker);) {
        }
      });
      for (const auto& times : done) EXPECT_EQ(times, 1);
      EXPECT_LT(largest, threads);
    }
  }
}

TEST(InParallel, ThrowsWhatTheLowestTaskThrew) {
  for (const unsigned threads : {1u, 4u}) {
    try {
      in_parallel(threads, 100, [](unsigned, std::size_t task) {
        if (task % 10 == 3) throw std::runtime_error(std::to_string(task));
      });
      FAIL() << "nothing was thrown";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "3");
    }
  }
}

TEST(ThreadsFor, IsAtLeastOne) {
  EXPECT_EQ(threads_for(3), 3u);
  EXPECT_GE(threads_for(0), 1u);
}

}  // namespace
}  // namespace plumb

#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace plumb::bench {

/// The time that this process has been computing. Unit: milliseconds. What other processes do meanwhile is not in it.
double computing_time();
/// The time that has passed by the clock. Unit: milliseconds.
double clock_time();

/// What many runs of the same took. Unit: milliseconds.
class Timings {
 public:
  void add(double milliseconds) { all_.push_back(milliseconds); }
  /// `12.3 ms (11.9 to 14.0)`: the median, and between which a half of the runs lay.
  std::string shown() const;

 private:
  std::vector<double> all_;
};

/// What many starts of the same command took: as the clock says, and what the command itself computed.
struct Starts {
  Timings elapsed;
  Timings computing;
};
/// Starts a command again and again, its output thrown away. Errors: one that fails ends the program.
Starts time_starts(const std::vector<std::string>& command, std::size_t times);

}  // namespace plumb::bench

#pragma once

#include <cstddef>
#include <functional>

namespace plumb {

/// How many threads to use when `wanted` are asked for; 0: as many as the machine runs at once. At least one.
unsigned threads_for(unsigned wanted);

/// Does `work(worker, task)` once for every task below `tasks`, taken in their order by `threads` workers at the same
/// time; worker 0 is the caller's own thread. Nothing says which worker takes which task, so that a result must not
/// depend on it. Errors: what a task throws ends all work, and is thrown again; of several the lowest task's.
void in_parallel(unsigned threads, std::size_t tasks,
                 const std::function<void(unsigned worker, std::size_t task)>& work);

}  // namespace plumb

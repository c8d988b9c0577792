#include "base/pages.h"

#include <algorithm>
#include <climits>
#include <cstdint>
#include <iterator>
#include <map>
#include <mutex>
#include <new>

#include <sys/mman.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace plumb::pages {

namespace {

constexpr std::size_t granule = std::size_t{1} << 16U;
constexpr std::size_t large_page = std::size_t{2} << 20U;
// Asked of the system at a time. Only what is touched of it counts.
constexpr std::size_t least_asked = std::size_t{64} << 20U;

std::size_t rounded(std::size_t bytes, std::size_t to) { return (bytes + to - 1) / to * to; }

struct Pool {
  std::mutex mutex;
  std::map<char*, std::size_t> free;  // by address; neighbours are one
};

// Never ended: columns of static duration may outlive everything else.
Pool& pool() {
  static Pool& the = *new Pool;
  return the;
}

void put(Pool& pool, char* begin, std::size_t bytes) {
  auto next = pool.free.lower_bound(begin);
  if (next != pool.free.end() && begin + bytes == next->first) {
    bytes += next->second;
    next = pool.free.erase(next);
  }
  if (next != pool.free.begin()) {
    const auto before = std::prev(next);
    if (before->first + before->second == begin) {
      before->second += bytes;
      return;
    }
  }
  pool.free.emplace_hint(next, begin, bytes);
}

void ask_system(Pool& pool, std::size_t bytes) {
  const std::size_t size = std::max(rounded(bytes, large_page), least_asked);
  const std::size_t asked = size + large_page;
  if (asked < bytes) throw std::bad_alloc();
  void* const got = mmap(nullptr, asked, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (got == MAP_FAILED) throw std::bad_alloc();
  const std::size_t skipped =
      rounded(reinterpret_cast<std::uintptr_t>(got), large_page) - reinterpret_cast<std::uintptr_t>(got);
  char* const begin = static_cast<char*>(got) + skipped;
  if (skipped > 0) munmap(got, skipped);
  if (skipped < large_page) munmap(begin + size, large_page - skipped);
#ifdef MADV_HUGEPAGE
  madvise(begin, size, MADV_HUGEPAGE);  // refused where there are none: small ones do
#endif
  put(pool, begin, size);
}

// The smallest that is large enough, and of these the first: what lies behind stays together.
auto best(Pool& pool, std::size_t bytes) {
  auto found = pool.free.end();
  for (auto at = pool.free.begin(); at != pool.free.end(); ++at) {
    if (at->second >= bytes && (found == pool.free.end() || at->second < found->second)) found = at;
  }
  return found;
}

}  // namespace

void* take(std::size_t& bytes) {
  if (bytes > SIZE_MAX / 4) throw std::bad_alloc();
  bytes = rounded(bytes, granule);
  Pool& all = pool();
  const std::lock_guard lock(all.mutex);
  auto found = best(all, bytes);
  if (found == all.free.end()) {
    ask_system(all, bytes);
    found = best(all, bytes);
  }
  char* const begin = found->first;
  const std::size_t left = found->second - bytes;
  const auto next = all.free.erase(found);
  if (left > 0) all.free.emplace_hint(next, begin + bytes, left);
  return begin;
}

void give_back(void* begin, std::size_t bytes) {
  Pool& all = pool();
  const std::lock_guard lock(all.mutex);
  put(all, static_cast<char*>(begin), rounded(bytes, granule));
}

void keep_freed_memory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
  mallopt(M_TOP_PAD, 1 << 20);
#endif
}

}  // namespace plumb::pages

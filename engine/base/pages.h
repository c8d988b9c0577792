#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

/// Memory for long columns. A page that is touched for the first time costs far more than one that was touched before,
/// so what is given back is kept for the next who asks, and large pages are used where the system has them.
namespace plumb::pages {

/// What is smaller is better asked of malloc. Unit: bytes.
inline constexpr std::size_t worthwhile = std::size_t{1} << 20U;

/// At least `bytes`, aligned to 64 KiB, with anything in it; `bytes` becomes what there is. Cost: a walk over the free
/// spans, of which there are few. Errors: std::bad_alloc. Any thread may ask.
void* take(std::size_t& bytes);

/// `bytes` as `take` was asked for them, or as it left them.
void give_back(void* begin, std::size_t bytes);

/// What vectors are of that may be long: these lie in such memory, short ones in malloc's.
template <class T>
struct Allocator {
  using value_type = T;

  Allocator() = default;
  template <class Other>
  Allocator(const Allocator<Other>&) {}

  T* allocate(std::size_t count) {
    if (count > SIZE_MAX / sizeof(T)) throw std::bad_alloc();
    std::size_t bytes = count * sizeof(T);
    return static_cast<T*>(bytes < worthwhile ? ::operator new(bytes) : take(bytes));
  }
  void deallocate(T* begin, std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    bytes < worthwhile ? ::operator delete(begin) : give_back(begin, bytes);
  }
  friend bool operator==(const Allocator&, const Allocator&) { return true; }
};
template <class T>
using Vector = std::vector<T, Allocator<T>>;

/// For the start of a command that ends with its work: what malloc is given back it keeps.
void keep_freed_memory();

}  // namespace plumb::pages

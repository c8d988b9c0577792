#pragma once

#include <cstddef>

/// Memory for long columns. A page that is touched for the first time costs far more than one that was touched before,
/// so what is given back is kept for the next who asks, and large pages are used where the system has them.
namespace plumb::pages {

/// What is smaller is better asked of malloc. Unit: bytes.
inline constexpr std::size_t worthwhile = std::size_t{1} << 20U;

/// At least `bytes`, aligned to 64 KiB, with anything in it; `bytes` becomes what there is. Cost: a walk over the free
/// spans, of which there are few. Errors: std::bad_alloc. Any thread may ask.
void* take(std::size_t& bytes);

/// `bytes` as `take` left it.
void give_back(void* begin, std::size_t bytes);

/// Gives the system the memory of what nobody uses at present.
void trim();

/// For the start of a command that ends with its work: what malloc is given back it keeps.
void keep_freed_memory();

}  // namespace plumb::pages

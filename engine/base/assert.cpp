#include "base/assert.h"

#include <fmt/format.h>

namespace plumb {

void violated(const char* condition, const char* promise, const char* file, int line) {
  throw Bug(fmt::format("{}:{}: it does not hold that {} ({})", file, line, promise, condition));
}

}  // namespace plumb

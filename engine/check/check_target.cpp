#include "check/expr.h"

namespace plumb::check {

void declare_targets(Context&) {}

void check_targets(Context&) {}

}  // namespace plumb::check

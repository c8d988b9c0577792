#include "check/expr.h"

namespace plumb::check {

void declare_plans(Context&) {}

void check_plans(Context&) {}

}  // namespace plumb::check

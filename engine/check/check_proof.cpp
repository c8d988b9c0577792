#include "check/expr.h"

namespace plumb::check {

void check_proofs(Context&) {}

}  // namespace plumb::check

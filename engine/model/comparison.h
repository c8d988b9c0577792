#pragma once

#include "model/expr.h"

namespace plumb::model {

/// What is so where the comparison is not; of one with several values what is so of each of them: `is not one of` is
/// `is not`.
Comparison opposite(Comparison comparison);

}  // namespace plumb::model

#include "model/comparison.h"

namespace plumb::model {

Comparison opposite(Comparison c) {
  switch (c) {
    case Comparison::is:
    case Comparison::is_one_of: return Comparison::is_not;
    case Comparison::is_not: return Comparison::is;
    case Comparison::at_least: return Comparison::less_than;
    case Comparison::less_than: return Comparison::at_least;
    case Comparison::at_most: return Comparison::more_than;
    case Comparison::more_than: return Comparison::at_most;
    case Comparison::before: return Comparison::not_before;
    case Comparison::not_before: return Comparison::before;
    case Comparison::after: return Comparison::not_after;
    case Comparison::not_after: return Comparison::after;
  }
  return c;
}

}  // namespace plumb::model

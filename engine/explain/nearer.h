#pragma once

#include <functional>
#include <map>
#include <string>

#include "explain/case.h"
#include "explain/ways.h"

/// A change whose facts are nearer to what stood there before.
namespace plumb::explain {

/// What the numbers of fields are compared with, by the fields' names, as a cell would say it.
using NumbersAsked = std::map<std::string, std::int64_t>;
NumbersAsked numbers_asked(const Looked& looked);

/// The change with each number, date and instant as near as can be to what was said there before, or else, of a number,
/// to what is asked, where `keeps` says so of it. Unit: whole numbers and per cent, days, minutes.
Revisions nearer(const Case& c, Revisions revisions, const NumbersAsked& asked,
                 const std::function<bool(const Revisions&)>& keeps);

}  // namespace plumb::explain

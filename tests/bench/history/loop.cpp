#include "bench/history/loop.h"

#include <algorithm>
#include <vector>

namespace plumb::bench {

namespace {

using eval::Verdict;
using time::Instant;

const history::Kind* kind_named(const history::History& history, std::string_view name) {
  for (const history::Kind& kind : history.kinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

const std::int32_t* values(const history::Kind& kind, std::string_view name) {
  for (const history::Column& column : kind.columns) {
    if (column.name == name) return column.values.narrow.data();
  }
  return nullptr;
}

struct Offer {
  std::uint32_t deal, sent, called;
  Instant opened, deadline, settled;
  Verdict verdict;
};

// From the deal's last event to its first: the next call is the last that was seen.
struct Loop {
  std::vector<Offer> offers;
  Instant as_of;
  std::uint32_t deal = 0, call = UINT32_MAX;
  Instant called = Instant::max();

  void send(std::uint32_t index, Instant at) {
    const Instant deadline{at.micros + 120 * time::micros_per_hour};
    const Verdict verdict = called < deadline          ? Verdict::kept
                            : deadline > as_of         ? Verdict::due
                            : called != Instant::max() ? Verdict::late
                                                       : Verdict::missed;
    const Instant settled = verdict == Verdict::due      ? Instant::unknown()
                            : verdict == Verdict::missed ? deadline
                                                         : called;
    offers.push_back({deal, index, call, at, deadline, settled, verdict});
  }
};

}  // namespace

eval::Counts offers_called(const history::History& history, Instant as_of) {
  eval::Counts counts{};
  const history::Kind *offer = kind_named(history, "offer"), *task = kind_named(history, "task");
  if (!offer || !task) return counts;
  const auto word = [&](std::string_view text) { return static_cast<std::int32_t>(history.words.find(text)); };
  const std::int64_t sent = word("O_SENT"), call = word("call_offer"), complete = word("COMPLETE");
  const std::int32_t *kind = values(*offer, "kind"), *type = values(*task, "type");
  const std::int32_t* lifecycle = values(*task, "lifecycle");
  const auto number = [&](const history::Kind* of) { return static_cast<std::uint16_t>(of - history.kinds.data()); };
  const std::uint16_t offers = number(offer), tasks = number(task);
  const history::Timeline& events = history.deal_events;
  Loop loop{{}, as_of};
  for (std::uint32_t deal = 0; deal + 1 < events.first.size(); ++deal) {
    loop.deal = deal, loop.call = UINT32_MAX, loop.called = Instant::max();
    for (std::uint32_t i = events.first[deal + 1]; i-- > events.first[deal];) {
      if (events.at[i] >= as_of) continue;
      const std::uint32_t row = events.row[i];
      if (events.kind[i] == offers) {
        if (kind[row] == sent) loop.send(i, events.at[i]);
      } else if (events.kind[i] == tasks && type[row] == call && lifecycle[row] == complete) {
        loop.call = i, loop.called = events.at[i];
      }
    }
  }
  for (const Offer& found : loop.offers) ++counts[static_cast<std::size_t>(found.verdict)];
  return counts;
}

}  // namespace plumb::bench

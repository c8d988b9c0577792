#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/parallel.h"
#include "base/spelling.h"
#include "history/lacking.h"
#include "history/load_finish.h"
#include "history/load_order.h"
#include "history/untold_stage.h"
#include "history/words.h"

namespace plumb::history::loading {

namespace {

struct Unknown {
  std::uint64_t rows = 0;
  std::uint32_t word = 0;
  Place first;
};

// Per word: whether some process has a stage of that name, however people write it.
std::vector<std::uint8_t> stages_known(const Raw& raw, const Schema& schema) {
  std::vector<std::uint8_t> known(raw.words.size(), 0);
  for (std::uint32_t word = 0; word < known.size(); ++word) known[word] = is_untold_stage(raw.words[word]) ? 1 : 0;
  const auto is_known = [&](const std::string& stage) {
    if (const std::uint32_t word = raw.words.find(stage); word != Dictionary::none) known[word] = 1;
  };
  for (const std::string& stage : schema.stages) {
    is_known(stage);
    for (const std::string& spelling : spelled_out(stage)) is_known(spelling);
  }
  return known;
}

void report_stages(Raw& raw, const Schema& schema, const Ordered& ordered) {
  if (schema.stages.empty()) return;
  const std::vector<std::uint8_t> known = stages_known(raw, schema);
  const std::uint16_t moved = raw.kind_of.at({KindClass::move, "moved"});
  const Cells& to_of = raw.kinds[moved].table.columns[1].values;
  const auto fits = [&](std::int64_t to) { return !is_value(to) || known[static_cast<std::size_t>(to)] != 0; };
  if (std::all_of(to_of.begin(), to_of.end(), fits)) return;
  WordIndex index;
  std::vector<Unknown> unknown;
  for (std::uint32_t i : ordered.events) {
    if (raw.deal_events.kind(i) != moved) continue;
    const std::int64_t entered = to_of[raw.deal_events.row(i)];
    if (fits(entered)) continue;
    const auto to = static_cast<std::uint32_t>(entered);
    const Place place = raw.deal_events.place(i);
    if (index.find(to) == nobody) {
      index.set(to, static_cast<std::uint32_t>(unknown.size()));
      unknown.push_back({0, to, place});
    }
    Unknown& seen = unknown[index.find(to)];
    ++seen.rows;
    seen.first = std::min(seen.first, place);
  }
  for (const Unknown& stage : unknown) {
    raw.complain(stage.first, false, [&] {
      const std::string_view name = raw.words[stage.word];
      const std::string_view near = nearest_word(name, schema.stages);
      const std::string rows = stage.rows == 1 ? "1 row" : fmt::format("{} rows", stage.rows);
      const std::string says = fmt::format("; did you mean {}? Then say there `was \"{}\"`", in_ticks(near), name);
      return fmt::format("no process has a stage {} ({}){}", in_ticks(name), rows, near.empty() ? "" : says);
    });
  }
}

std::string_view word_for(KindClass of) {
  return of == KindClass::change ? "field of deals" : of == KindClass::activity ? "activity" : "record";
}

void report_unknown_names(Raw& raw) {
  for (const auto& [what, unknown] : raw.unknown_names) {
    raw.complain(unknown.first, false, [&, of = what.first, &name = what.second] {
      const std::vector<std::string> declared = raw.names_of(of);
      const std::string_view near = nearest_word(name, declared);
      return fmt::format("the rulebook declares no {} {} ({} ignored){}", word_for(of), in_ticks(name),
                         unknown.rows == 1 ? "1 row" : fmt::format("{} rows", unknown.rows),
                         near.empty() ? "" : fmt::format("; did you mean {}?", in_ticks(near)));
    });
  }
}

struct Break {
  std::uint64_t rows = 0;
  Place first;
  std::int64_t stated = 0, known = 0;
  std::uint32_t deal = nobody;  // whose own row says what was known; nobody: the change before does
};

std::string shown(const Raw& raw, ValueType type, std::int64_t value) {
  if (!is_value(value)) return "nothing";
  switch (type) {
    case ValueType::text: return in_ticks(raw.words[static_cast<std::uint32_t>(value)]);
    case ValueType::date: return time::to_text(Day{static_cast<std::int32_t>(value)});
    case ValueType::instant: return time::to_text_utc(Instant{value});
    case ValueType::boolean: return value ? "yes" : "no";
    default: return to_text(Decimal{value});
  }
}

// The kinds of moves and changes whose `from` says something. Rows: kinds.
std::vector<std::uint8_t> chained(const Raw& raw) {
  std::vector<std::uint8_t> kinds;
  for (const RawKind& kind : raw.kinds) {
    const bool two = kind.of == KindClass::move || kind.of == KindClass::change;
    const auto said = [](std::int64_t from) { return from != unobserved; };
    kinds.push_back(two && std::any_of(kind.table.columns[0].values.begin(), kind.table.columns[0].values.end(), said));
  }
  return kinds;
}

struct Breaks {
  const Raw& raw;
  const Ordered& ordered;
  const std::vector<std::uint8_t>& chained;
  const AsCreated& as_created;
  std::vector<Break> of;  // per kind

  void look_at(std::size_t subject, std::vector<std::int64_t>& last, std::vector<bool>& first) {
    std::vector<std::uint8_t> behind(last.size(), 0);
    const auto observed = [](std::int64_t value) { return is_value(value) || value == missing; };
    for (std::size_t kind = 0; kind < last.size(); ++kind) {
      last[kind] = as_created[kind] ? as_created[kind]->values[subject] : unobserved;
      // An empty cell of a deal says nothing of what it was created with where its changes do.
      if (last[kind] == missing) last[kind] = unobserved;
      first[kind] = true;
    }
    for (std::uint32_t i = ordered.first[subject]; i < ordered.first[subject + 1]; ++i) {
      const std::uint32_t event = ordered.events[i];
      const std::uint16_t kind = raw.deal_events.kind(event);
      // Of what has no time nobody knows what came before it.
      if (chained[kind] == 0 || !raw.deal_events.at(event).known()) continue;
      const auto& columns = raw.kinds[kind].table.columns;
      const std::uint32_t row = raw.deal_events.row(event);
      const std::int64_t from = columns[0].values[row];
      const bool any_order = std::ranges::binary_search(ordered.placed, event);
      // Where the order of a day is not known an empty cell says nothing, and behind it nobody knows where that ended.
      const bool unsaid = !first[kind] && (any_order ? from == missing : behind[kind] != 0);
      if (observed(from) && observed(last[kind]) && from != last[kind] && !unsaid) {
        const auto deal = first[kind] ? static_cast<std::uint32_t>(subject) : nobody;
        add(kind, {1, raw.deal_events.place(event), from, last[kind], deal});
      }
      first[kind] = false, behind[kind] = any_order ? 1 : 0;
      last[kind] = columns[1].values[row];
    }
  }
  void add(std::size_t kind, const Break& found) {
    Break& all = of[kind];
    const std::uint64_t rows = all.rows + found.rows;
    if (all.rows == 0 || (found.rows > 0 && found.first < all.first)) all = found;
    all.rows = rows;
  }
};

// A change or move that says it begins where the one before did not end. Said once per kind; the new value wins.
void report_breaks(Raw& raw, const Ordered& ordered, const Subjects& deals, const AsCreated& as_created,
                   unsigned threads) {
  const std::vector<std::uint8_t> kinds = chained(raw);
  if (std::count(kinds.begin(), kinds.end(), 1) == 0) return;
  const std::vector<Range> ranges = ranges_of(ordered.first);
  const std::vector<Break> none(raw.kinds.size());
  std::vector<Breaks> found(ranges.size() + 1, Breaks{raw, ordered, kinds, as_created, none});
  in_parallel(threads, ranges.size(), [&](unsigned, std::size_t task) {
    std::vector<std::int64_t> last(raw.kinds.size());
    std::vector<bool> first(raw.kinds.size());
    for (std::size_t s = ranges[task].begin; s < ranges[task].end; ++s) found[task].look_at(s, last, first);
  });
  Breaks& all = found.back();
  for (std::size_t range = 0; range < ranges.size(); ++range) {
    for (std::size_t k = 0; k < none.size(); ++k) all.add(k, found[range].of[k]);
  }
  const std::vector<Break>& breaks = all.of;
  for (std::size_t k = 0; k < breaks.size(); ++k) {
    if (breaks[k].rows == 0) continue;
    raw.complain(breaks[k].first, false, [&] {
      const Break& found = breaks[k];
      const RawKind& kind = raw.kinds[k];
      const ValueType type = kind.table.columns[0].type;
      if (found.deal != nobody) {
        const Origin row = deals.origin[found.deal];
        return fmt::format(
            "a change from {}, and {}:{} says {} as of creation (such rows of `{}`: {}); the change counts",
            shown(raw, type, found.stated), raw.files[row.file].stands_in, row.line, shown(raw, type, found.known),
            kind.name, found.rows);
      }
      return fmt::format("{} from {}, and the one before went to {} (such rows of `{}`: {}); the new value counts",
                         kind.of == KindClass::move ? "a move" : "a change", shown(raw, type, found.stated),
                         shown(raw, type, found.known), kind.name, found.rows);
    });
  }
}

}  // namespace

void report_misfits(Raw& raw, const Schema& schema, const Ordered& ordered, const Subjects& deals,
                    const AsCreated& as_created, unsigned threads) {
  report_unknown_names(raw);
  report_stages(raw, schema, ordered);
  report_breaks(raw, ordered, deals, as_created, threads);
}

}  // namespace plumb::history::loading

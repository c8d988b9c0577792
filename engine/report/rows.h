#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "base/parallel.h"
#include "report/escape.h"
#include "report/report.h"
#include "report/told.h"
#include "report/words.h"

/// Reports of many rows: rendered a part at a time by each thread, put together in order.
namespace plumb::report {

/// The text of reasons, of which most rows of a rule have the same. For one thread.
class ReasonTexts {
 public:
  explicit ReasonTexts(const Input& input) : input_(input) {}

  /// As reason_text; the text is good until the next call.
  const std::string& operator()(const eval::Reason& reason, eval::Verdict verdict) {
    const auto hash = static_cast<std::size_t>(reason.ground) * 31 + reason.atom.index() * 7 + reason.event.index() +
                      static_cast<std::size_t>(reason.amount ^ reason.of_amount);
    Entry& entry = entries_[hash % entries_.size()];
    const bool same = entry.filled && same_reason(entry.of, reason) && entry.verdict == verdict;
    if (!same) entry = {true, reason, verdict, reason_text(input_, reason, verdict)};
    return entry.text;
  }

 private:
  struct Entry {
    bool filled = false;
    eval::Reason of;
    eval::Verdict verdict = eval::Verdict::kept;
    std::string text;
  };
  const Input& input_;
  std::array<Entry, 64> entries_;
};

/// Appends what `append(out, row, reasons)` makes of each row of the chosen rules, in order.
template <class Append>
void append_rows(Buffer& out, const Input& input, Append append) {
  constexpr std::size_t rows_of_part = 2048;
  const std::vector<bool> chosen = chosen_rules(input);
  const std::size_t rows = input.evaluation.verdicts.size();
  const unsigned threads = threads_for(input.threads);
  std::vector<Buffer> parts(std::size_t{threads} * 4);
  for (std::size_t first = 0; first < rows; first += parts.size() * rows_of_part) {
    const std::size_t count = std::min(parts.size(), (rows - first + rows_of_part - 1) / rows_of_part);
    in_parallel(threads, count, [&](unsigned, std::size_t part) {
      ReasonTexts reasons(input);
      const std::size_t begin = first + part * rows_of_part, end = std::min(rows, begin + rows_of_part);
      parts[part].clear();
      for (std::size_t row = begin; row < end; ++row) {
        if (chosen[input.evaluation.verdicts.rule[row]]) append(parts[part], row, reasons);
      }
    });
    std::size_t size = 0;
    for (std::size_t part = 0; part < count; ++part) size += parts[part].size();
    // By what these rows took, all will take about so much.
    if (first == 0) out.reserve(out.size() + size / std::min(rows, count * rows_of_part) * rows + size);
    for (std::size_t part = 0; part < count; ++part) out += parts[part];
  }
}

}  // namespace plumb::report

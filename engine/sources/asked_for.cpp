#include "sources/asked_for.h"

#include <algorithm>

#include "history/words.h"
#include "sources/fit.h"

namespace plumb::sources {

namespace {

using history::ColumnRef;
using history::FileSpec;
using history::RowSpec;
using history::ValueFrom;

/// `Row`: a RowSpec, const or not.
template <class Row, class Take>
void each_value(Row& row, Take&& take) {
  for (auto* from :
       {&row.subject, &row.name, &row.at, &row.recorded, &row.actor, &row.source, &row.sequence, &row.from, &row.to,
        &row.account, &row.owner, &row.joined, &row.left, &row.deal, &row.contact, &row.rate, &row.id}) {
    take(*from);
  }
  for (auto& [name, from] : row.fields) take(from);
}

/// The columns of a file that its rows and steps ask for: those that must be there, or those that may be absent.
class AskedFor {
 public:
  AskedFor(const FileSpec& file, const Steps& steps, bool optional) : added_(steps.added()), optional_(optional) {
    for (const RowSpec& row : file.rows) take(row);
    for (const std::string& name : steps.needed()) take(ColumnRef{{name}, {}, false});
  }
  std::vector<Alternatives> columns;

 private:
  void take(const ColumnRef& column) {
    if (!column.given() || column.optional != optional_) return;
    const auto is_added = [&](const std::string& name) {
      return std::any_of(added_.begin(), added_.end(), [&](const auto& a) { return history::same_letters(a, name); });
    };
    if (std::any_of(column.names.begin(), column.names.end(), is_added)) return;
    if (std::find(columns.begin(), columns.end(), column.names) == columns.end()) columns.push_back(column.names);
  }

  void take(const ValueFrom& from) {
    take(from.column);
    take(from.currency_column);
  }

  void take(const RowSpec& row) {
    for (const auto& condition : row.when) take(condition.column);
    each_value(row, [&](const ValueFrom& from) { take(from); });
  }

  std::vector<std::string> added_;
  bool optional_;
};

}  // namespace

std::vector<Alternatives> asked_for(const FileSpec& file, const Steps& steps, bool optional) {
  return AskedFor(file, steps, optional).columns;
}

bool has(const std::vector<std::string>& header, const Alternatives& names) {
  return std::any_of(names.begin(), names.end(), [&](const auto& name) {
    return std::any_of(header.begin(), header.end(), [&](const auto& h) { return history::same_letters(h, name); });
  });
}

bool same_columns(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const auto in = [](const std::vector<std::string>& all) {
    return [&all](const std::string& name) { return column_in(all, name) >= 0; };
  };
  return std::ranges::all_of(a, in(b)) && std::ranges::all_of(b, in(a));
}

void read_dates_as(time::DateOrder order, Adapter& adapter, std::size_t file) {
  adapter.steps[file].order = order;
  for (RowSpec& row : adapter.mapping.files[file].rows) each_value(row, [&](ValueFrom& from) { from.order = order; });
}

void read_dates_as(time::DateOrder order, Adapter& adapter) {
  for (std::size_t file = 0; file < adapter.steps.size(); ++file) read_dates_as(order, adapter, file);
}

Encodings encodings_of(const Adapter& adapter) {
  Encodings encodings{{adapter.encoding}, {}};
  for (std::size_t file = 0; file < adapter.steps.size(); ++file) {
    const std::string& encoding = adapter.steps[file].encoding;
    if (encoding.empty()) continue;
    encodings.of[stem_of(adapter.mapping.files[file].path)].name = encoding;
    for (const PartNames& part : adapter.steps[file].parts) encodings.of[stem_of(part.name)].name = encoding;
  }
  return encodings;
}

}  // namespace plumb::sources

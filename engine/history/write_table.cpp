#include "history/write_table.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/decimal.h"

namespace plumb::history {

namespace writing {

std::string number_cell(std::int64_t millionths) {
  std::string text = plumb::to_text(Decimal{millionths});
  std::erase(text, ',');
  return text;
}

std::string_view source_word(Source source) {
  static constexpr std::string_view words[] = {"", "claim", "third_party", "buyer", "system"};
  return words[static_cast<std::size_t>(source)];
}

bool has_row(const Kind& kind) {
  return kind.of != KindClass::created && !(kind.of == KindClass::activity && kind.name == leave_start);
}

void add_header(std::vector<Header>& headers, const Writer& writer, const Column& column, const std::string& kind) {
  if (!writer.supplied(column.name) && (kind.empty() || !writer.supplied(kind + "." + column.name))) return;
  auto found = std::find_if(headers.begin(), headers.end(), [&](const Header& h) { return h.name == column.name; });
  if (found == headers.end()) found = headers.insert(headers.end(), {column.name, false});
  found->own_time |= !column.recorded.empty();
}

std::vector<Header> headers_of(const Writer& writer, const std::vector<Column>& columns) {
  std::vector<Header> headers;
  for (const Column& column : columns) add_header(headers, writer, column);
  return headers;
}

void put_headers(Table& table, const std::vector<Header>& headers) {
  for (const Header& header : headers) {
    table.put(header.name);
    if (header.own_time) table.put(header.name + ".recorded");
  }
  table.end();
}

namespace {

std::string own_time_cell(const Column& column, std::uint32_t row) {
  if (column.recorded.empty()) return {};
  return column.recorded[row].known() ? time::to_text_utc(column.recorded[row]) : std::string(not_known);
}

}  // namespace

void put_fields(Table& table, const Writer& writer, const std::vector<Header>& headers,
                const std::vector<Column>& columns, std::uint32_t row) {
  for (const Header& header : headers) {
    const auto column =
        std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.name == header.name; });
    const bool has = column != columns.end();
    table.put(!has || header.only_changes ? std::string() : canonical_cell(writer.history.words, *column, row));
    if (header.own_time) table.put(has ? own_time_cell(*column, row) : std::string());
  }
}

}  // namespace writing

void append_cell(std::string& line, std::string_view cell) {
  if (cell.find_first_of(",\"\r\n") == std::string_view::npos) {
    line += cell;
    return;
  }
  line += '"';
  for (char c : cell) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

std::string canonical_cell(const Dictionary& words, const Column& column, std::uint32_t row) {
  const std::int64_t value = column.values[row];
  if (value == missing) return {};
  if (!is_value(value)) return std::string(not_known);
  switch (column.type) {
    case ValueType::text: {
      const std::string_view text = words[static_cast<std::uint32_t>(value)];
      return needs_escape(text) ? fmt::format("\\{}", text) : std::string(text);
    }
    case ValueType::decimal: return writing::number_cell(value);
    case ValueType::money: {
      const std::uint32_t currency = column.currency[row];
      return currency ? fmt::format("{} {}", writing::number_cell(value), words[currency])
                      : writing::number_cell(value);
    }
    case ValueType::date: return time::to_text(Day{static_cast<std::int32_t>(value)});
    case ValueType::instant: return time::to_text_utc(Instant{value});
    case ValueType::boolean: return value ? "yes" : "no";
  }
  return {};
}

}  // namespace plumb::history

#include "history/snapshot.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "history/checksum.h"
#include "history/snapshot_layout.h"

namespace plumb::history {

namespace {

using layout::Header;

constexpr char zeros[layout::alignment] = {};

std::size_t padding(std::uint64_t size) { return (layout::alignment - size % layout::alignment) % layout::alignment; }

// Numbers and texts go into the head; arrays stay where they are, and the head says where they will lie.
class Writer {
 public:
  template <class T>
  void number(const T& value) {
    put(static_cast<std::uint64_t>(value));
  }
  void text(const std::string& value) {
    put(value.size());
    head_ += value;
  }
  template <class T>
  void array(const Array<T>& array) {
    // No byte of a row is left to chance.
    static_assert(std::has_unique_object_representations_v<T>);
    put(rows_size_);
    put(array.size());
    const std::string_view bytes(reinterpret_cast<const char*>(array.data()), array.size() * sizeof(T));
    if (bytes.empty()) return;
    rows_.push_back(bytes);
    if (padding(bytes.size()) > 0) rows_.emplace_back(zeros, padding(bytes.size()));
    rows_size_ += bytes.size() + padding(bytes.size());
  }
  template <class List, class Each>
  void list(const List& list, Each each) {
    put(list.size());
    for (const auto& item : list) each(item);
  }
  template <class Map, class Each>
  void map(const Map& map, Each each) {
    put(map.size());
    for (const auto& [key, value] : map) {
      text(key);
      each(value);
    }
  }

  SnapshotBytes finish() {
    head_.append(padding(head_.size()), '\0');
    Header header{};
    std::memcpy(header.magic, layout::magic.data(), layout::magic.size());
    header.order = layout::this_order;
    header.version = layout::version;
    header.size = sizeof(Header) + head_.size() + rows_size_;
    header.head = head_.size();
    Checksum checksum;
    checksum.take(head_);
    for (std::string_view rows : rows_) checksum.take(rows);
    header.checksum = checksum.value();
    Checksum own;
    own.take({reinterpret_cast<const char*>(&header), sizeof(Header) - sizeof(header.own_checksum)});
    header.own_checksum = own.value();
    return {std::string(reinterpret_cast<const char*>(&header), sizeof(Header)) + head_, std::move(rows_)};
  }

 private:
  void put(std::uint64_t value) { head_.append(reinterpret_cast<const char*>(&value), sizeof value); }

  std::string head_;
  std::vector<std::string_view> rows_;
  std::uint64_t rows_size_ = 0;
};

std::string_view type_name(ValueType type) {
  switch (type) {
    case ValueType::text: return "text";
    case ValueType::decimal: return "a number";
    case ValueType::money: return "money";
    case ValueType::date: return "a date";
    case ValueType::instant: return "an instant";
    case ValueType::boolean: return "yes or no";
  }
  return "";
}

void declare(std::vector<std::string>& lines, std::string_view owner, const std::vector<SchemaField>& fields) {
  for (const SchemaField& field : fields) {
    std::vector<std::string> choices = field.choices;
    std::sort(choices.begin(), choices.end());
    lines.push_back(fmt::format("the field `{}` of {}, {}", field.name, owner,
                                choices.empty() ? std::string(field.whole ? "a whole number" : type_name(field.type))
                                                : fmt::format("one of {}", fmt::join(choices, ", "))));
  }
}

}  // namespace

std::vector<std::string> layout::declarations_of(const Schema& schema, const time::Zone& default_zone) {
  std::vector<std::string> lines{fmt::format("the default calendar's zone \"{}\"", default_zone.name())};
  declare(lines, "deals", schema.deal_fields);
  declare(lines, "accounts", schema.account_fields);
  declare(lines, "people", schema.person_fields);
  for (const SchemaKind& kind : schema.activities) {
    lines.push_back(fmt::format("the activity `{}`", kind.name));
    declare(lines, fmt::format("the activity `{}`", kind.name), kind.fields);
  }
  for (const SchemaKind& kind : schema.records) {
    lines.push_back(fmt::format("the record `{}`", kind.name));
    declare(lines, fmt::format("the record `{}`", kind.name), kind.fields);
  }
  for (const std::string& stage : schema.stages) lines.push_back(fmt::format("the stage `{}`", stage));
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  return lines;
}

std::uint64_t SnapshotBytes::size() const {
  std::uint64_t sum = front.size();
  for (std::string_view piece : rows) sum += piece.size();
  return sum;
}

SnapshotBytes snapshot_of(const Loaded& loaded, const Schema& schema, const time::Zone& default_zone) {
  Writer writer;
  const std::vector<std::string> declarations = layout::declarations_of(schema, default_zone);
  layout::visit(writer, declarations, loaded.history.words.parts(), loaded.history, loaded.report);
  return writer.finish();
}

}  // namespace plumb::history

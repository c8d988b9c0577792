#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "history/checksum.h"
#include "history/snapshot.h"
#include "history/snapshot_layout.h"

namespace plumb::history {

namespace {

using layout::Header;

// A file in memory, for as long as somebody holds it.
struct Mapped {
  Mapped(void* at, std::size_t size) : at(at), size(size) {}
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  ~Mapped() { ::munmap(at, size); }
  std::string_view bytes() const { return {static_cast<const char*>(at), size}; }

  void* at;
  std::size_t size;
};

Failure cannot_be_read(int error) { return Failure{fmt::format("cannot be read: {}", std::strerror(error))}; }

Failure no_snapshot() {
  return Failure{
      "is no snapshot of a history: give the folder of CSV files, or a file that `plumb snapshot` has written"};
}

Failure damaged(std::string_view what) {
  return Failure{fmt::format("is a damaged snapshot ({}): make it again with `plumb snapshot`", what)};
}

Result<std::shared_ptr<const Mapped>> map_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return cannot_be_read(errno);
  const std::unique_ptr<const int, void (*)(const int*)> closed(&file, [](const int* number) { ::close(*number); });
  struct stat status {};
  if (::fstat(file, &status) != 0) return cannot_be_read(errno);
  if (!S_ISREG(status.st_mode)) return Failure{"is neither a folder nor an ordinary file"};
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size < sizeof(Header)) return no_snapshot();
  // All of it is looked at below: fetching the pages at once is cheaper than one by one.
  void* const at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
  if (at == MAP_FAILED) return cannot_be_read(errno);
  return std::shared_ptr<const Mapped>(std::make_shared<Mapped>(at, size));
}

// Missing: nullopt when the header is one that this version reads, and the bytes are those that were written.
std::optional<Failure> refuse(const Header& header, std::string_view bytes) {
  if (std::string_view(header.magic, sizeof header.magic) != layout::magic) return no_snapshot();
  if (header.order == layout::other_order) {
    return Failure{"is a snapshot of a machine with another order of bytes: make it again on this one"};
  }
  if (header.order != layout::this_order) return damaged("its header is not what was written");
  if (header.version != layout::version) {
    return Failure{
        fmt::format("is a snapshot in version {} of its format, and this program reads version {}: make it "
                    "again with `plumb snapshot`",
                    header.version, layout::version)};
  }
  Checksum own;
  own.take(bytes.substr(0, sizeof(Header) - sizeof header.own_checksum));
  if (own.value() != header.own_checksum) return damaged("its header is not what was written");
  if (header.size != bytes.size()) {
    return damaged(fmt::format("it has {} bytes of {}", bytes.size(), header.size));
  }
  if (header.head > bytes.size() - sizeof(Header)) return damaged("its header is not what was written");
  Checksum checksum;
  checksum.take(bytes.substr(sizeof(Header)));
  if (checksum.value() != header.checksum) return damaged("its checksum does not fit");
  return std::nullopt;
}

// Takes from the head what `Writer` put there. What does not fit is `broken`, and the rest is empty.
class Reader {
 public:
  Reader(std::string_view head, std::string_view rows) : head_(head), rows_(rows) {}

  template <class T>
  void number(T& value) {
    const std::uint64_t bits = take();
    value = static_cast<T>(bits);
    if (static_cast<std::uint64_t>(value) != bits) broken_ = true;
  }
  void text(std::string& value) {
    const std::uint64_t size = take();
    if (size > head_.size()) return give_up();
    value = head_.substr(0, size);
    head_.remove_prefix(size);
  }
  template <class T>
  void array(Array<T>& array) {
    const std::uint64_t from = take(), size = take();
    if (from > rows_.size() || size > (rows_.size() - from) / sizeof(T) || from % layout::alignment != 0) {
      return give_up();
    }
    array = Array<T>::borrow({reinterpret_cast<const T*>(rows_.data() + from), static_cast<std::size_t>(size)});
  }
  template <class List, class Each>
  void list(List& list, Each each) {
    // Every item has at least one number.
    const std::uint64_t size = take();
    if (size > head_.size() / sizeof size) return give_up();
    list.resize(size);
    for (auto& item : list) each(item);
  }
  template <class Map, class Each>
  void map(Map& map, Each each) {
    for (std::uint64_t left = take(); left > 0 && !broken_; --left) {
      std::string key;
      text(key);
      each(map[key]);
    }
  }
  /// Only padding is left.
  bool whole() const { return !broken_ && head_.size() < layout::alignment; }

 private:
  std::uint64_t take() {
    std::uint64_t value = 0;
    if (head_.size() < sizeof value) {
      give_up();
      return 0;
    }
    std::memcpy(&value, head_.data(), sizeof value);
    head_.remove_prefix(sizeof value);
    return value;
  }
  void give_up() {
    broken_ = true;
    head_ = {};
  }

  std::string_view head_, rows_;
  bool broken_ = false;
};

std::string first_of(const std::vector<std::string>& lines) {
  constexpr std::size_t most = 3;
  std::string text = fmt::format(
      "{}", fmt::join(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(std::min(most, lines.size())), "; "));
  if (lines.size() > most) text += fmt::format(" and {} more", lines.size() - most);
  return text;
}

// A history depends on every declaration: by them rows are read, ignored and refused, and people found.
std::optional<Failure> refuse_declarations(const std::vector<std::string>& made_for,
                                           const std::vector<std::string>& wanted) {
  std::vector<std::string> lacking, beyond;
  std::set_difference(wanted.begin(), wanted.end(), made_for.begin(), made_for.end(), std::back_inserter(lacking));
  std::set_difference(made_for.begin(), made_for.end(), wanted.begin(), wanted.end(), std::back_inserter(beyond));
  if (lacking.empty() && beyond.empty()) return std::nullopt;
  std::string text = "is a snapshot for other declarations than this rulebook's:";
  if (!lacking.empty()) text += fmt::format(" it lacks {}", first_of(lacking));
  if (!beyond.empty()) text += fmt::format("{} it was made for {}", lacking.empty() ? "" : ";", first_of(beyond));
  return Failure{text + ". Make it again with `plumb snapshot` and this rulebook"};
}

}  // namespace

bool is_snapshot(const std::string& path) {
  char begin[layout::magic.size()] = {};
  std::ifstream(path, std::ios::binary).read(begin, sizeof begin);
  return std::string_view(begin, sizeof begin) == layout::magic;
}

Result<Loaded> read_snapshot(const std::string& path, const Schema& schema, const LoadOptions& options) {
  const auto mapped = map_file(path);
  if (!mapped) return Failure{mapped.error()};
  const std::string_view bytes = (*mapped)->bytes();
  Header header;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (auto refused = refuse(header, bytes)) return *refused;
  Reader reader(bytes.substr(sizeof header, header.head), bytes.substr(sizeof header + header.head));
  Loaded loaded;
  std::vector<std::string> declarations;
  Dictionary::Parts words;
  layout::visit(reader, declarations, words, loaded.history, loaded.report);
  if (!reader.whole()) return damaged("its parts do not fit together");
  if (const std::string_view why = layout::why_broken(words); !why.empty()) return damaged(why);
  loaded.history.words = Dictionary(std::move(words));
  if (const std::string_view why = layout::why_broken(loaded.history); !why.empty()) return damaged(why);
  if (auto refused = refuse_declarations(declarations, layout::declarations_of(schema, options.default_zone))) {
    return *refused;
  }
  loaded.history.memory = *mapped;
  return loaded;
}

}  // namespace plumb::history

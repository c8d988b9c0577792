#include "history/load_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>

#include <sys/stat.h>

#include <fmt/format.h>

#include "history/most_files.h"

namespace plumb::history {

std::string too_many_files(std::size_t files) {
  if (files <= most_files) return {};
  return fmt::format("there are {} files, and one history has at most {}: put some of them together", files,
                     most_files);
}

}  // namespace plumb::history

namespace plumb::history::loading {

namespace {

namespace fs = std::filesystem;

// The length of the UTF-8 character at `at`; 0 when there is none. Refuses overlong forms and surrogates.
std::size_t character_at(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool fits = (lead != 0xE0 || byte(1) >= 0xA0) && (lead != 0xED || byte(1) < 0xA0);
    return fits && follows(1) && follows(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool fits = (lead != 0xF0 || byte(1) >= 0x90) && (lead != 0xF4 || byte(1) < 0x90);
    return fits && follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

// Whether a run of bytes is ASCII, which is nearly all of a CRM.
constexpr std::size_t run = 32;
bool is_ascii(const char* bytes) {
  std::uint64_t words[run / 8];
  std::memcpy(words, bytes, run);
  return ((words[0] | words[1] | words[2] | words[3]) & 0x8080808080808080u) == 0;
}

std::size_t line_of(std::string_view bytes, std::size_t at) {
  return 1 + static_cast<std::size_t>(std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

}  // namespace

Result<std::vector<std::string>> csv_files_in(const std::string& folder) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (!fs::exists(status)) return Failure{fmt::format("there is no folder `{}`", folder)};
  if (!fs::is_directory(status)) {
    return Failure{fmt::format("`{}` is a file; a history is a folder of CSV files", folder)};
  }
  std::vector<std::string> names;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() == ".csv") names.push_back(entry->path().filename().string());
  }
  if (error) return Failure{fmt::format("the folder `{}` cannot be read: {}", folder, error.message())};
  std::sort(names.begin(), names.end());
  return names;
}

Presence presence_of(const std::string& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  // A link that leads nowhere was to be a file.
  if (!fs::exists(status)) return fs::is_symlink(fs::symlink_status(path, error)) ? Presence::file : Presence::absent;
  return fs::is_directory(status) ? Presence::directory : Presence::file;
}

bool is_archive(std::string_view start) { return start.starts_with("PK\x03\x04") || start.starts_with("PK\x05\x06"); }

std::optional<NoText> fault_of(std::string_view bytes) {
  const std::size_t nul = bytes.find('\0');
  const std::size_t at = nul != std::string_view::npos ? nul : first_broken(bytes);
  if (at == bytes.size()) return std::nullopt;
  return NoText{at, line_of(bytes, at), static_cast<unsigned char>(bytes[at])};
}

std::string why_no_text(std::string_view bytes) { return why_no_text(bytes, fault_of(bytes)); }

std::string why_no_text(std::string_view start, const std::optional<NoText>& fault) {
  if (start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF")) return "it is UTF-16; save it as UTF-8";
  if (is_archive(start)) return "it is a spreadsheet or an archive; save it as CSV";
  if (!fault) return {};
  if (fault->byte != 0)
    return fmt::format("line {} is not UTF-8 (byte {:#04x}); save it as UTF-8", fault->line, fault->byte);
  if (fault->at < 2 && start.size() > 2) return "it looks like UTF-16; save it as UTF-8";
  return fmt::format("line {} holds a NUL byte, as in a file that is damaged or was copied in part; export it again",
                     fault->line);
}

std::size_t first_broken(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (at + run <= bytes.size() && is_ascii(bytes.data() + at)) {
      at += run;
      continue;
    }
    const std::size_t size = character_at(bytes, at);
    if (size == 0) return at;
    at += size;
  }
  return at;
}

bool is_text(std::string_view bytes) {
  return bytes.find('\0') == std::string_view::npos && first_broken(bytes) == bytes.size();
}

FileState state_of(int descriptor) {
  struct stat now {};
  if (::fstat(descriptor, &now) != 0) return {};
  return {static_cast<std::size_t>(now.st_size), now.st_mtim.tv_sec, now.st_mtim.tv_nsec};
}

std::string how_changed(const FileState& before, int descriptor) {
  const FileState now = state_of(descriptor);
  if (now == before) return {};
  const char* const how = now.size < before.size ? "made shorter" : now.size > before.size ? "made longer" : "changed";
  return fmt::format("it was {} while it was read", how);
}

Result<OpenFile> open_file(const std::string& path, const std::string& name) {
  if (presence_of(path) == Presence::directory) return Failure{fmt::format("`{}` is a folder, not a CSV file", name)};
  std::error_code error;
  if (!fs::exists(path, error)) return Failure{fmt::format("`{}` is a link that leads to no file", name)};
  // A pipe that nobody writes to would be waited for.
  if (!fs::is_regular_file(path, error)) return Failure{fmt::format("`{}` is no ordinary file", name)};
  errno = 0;
  OpenFile open{std::unique_ptr<std::FILE, OpenFile::Close>(std::fopen(path.c_str(), "rb")), 0, name};
  if (!open.file) return Failure{fmt::format("`{}` cannot be opened: {}", name, std::strerror(errno))};
  open.state = state_of(::fileno(open.file.get()));
  open.size = open.state.size;
  return open;
}

Failure no_text(const std::string& name, const std::string& why) {
  return Failure{fmt::format("`{}` is no text that can be read: {}", name, why)};
}

}  // namespace plumb::history::loading

#include "plumb/files.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/assert.h"
#include "plumb/descriptor.h"

namespace plumb::tool {

namespace {

Failure cannot_read(const std::string& path, const std::string& why) {
  if (path == "/dev/stdin") return Failure{fmt::format("cannot read standard input: {}", why)};
  return Failure{fmt::format("cannot read `{}`: {}", path, why)};
}

Failure cannot_write(const std::string& path, int error) {
  // A file that is not there yet is no obstacle to writing it; the folder that it should be in is.
  const std::string why = error == ENOENT ? "there is no such folder" : reason_of(error);
  return Failure{fmt::format("cannot write `{}`: {}", path, why)};
}

/// The file that a link leads to, so that the link stays one. Missing: the path itself for what is not there yet.
std::string behind_links(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  return real ? std::string(real.get()) : path;
}

Result<Written> write_pieces(int descriptor, Pieces pieces) {
  for (const std::string_view piece : pieces) {
    const Result<Written> written = write_all(descriptor, piece);
    if (!written || *written == Written::reader_left) return written;
  }
  return Written::all;
}

/// Into what is no ordinary file (a pipe, a terminal, /dev/null) there is nothing to rename.
Result<Written> write_into(const std::string& path, Pieces pieces) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.open()) return cannot_write(path, errno);
  Result<Written> written = write_pieces(file.number(), pieces);
  if (!written) return Failure{fmt::format("cannot write `{}`: {}", path, written.error())};
  if (!file.close()) return cannot_write(path, errno);
  return written;
}

/// The permissions that a new file gets, or those that the old one has.
mode_t mode_for(bool exists, const struct stat& old) {
  if (exists) return old.st_mode & 07777;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

/// The file that is being written and is not yet in its place: what a signal that ends the program takes away.
std::atomic<const char*> unfinished{nullptr};
static_assert(std::atomic<const char*>::is_always_lock_free, "a signal handler reads it");

void end_by(int signal) {
  if (const char* name = unfinished.load()) ::unlink(name);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

/// A new file with a name of its own, taken away again unless it is put into its place.
class Unfinished {
 public:
  explicit Unfinished(const std::string& path) : name_(path + ".XXXXXX") {
    // Between the file's making and its being noted no signal may come.
    sigset_t all, before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    number_ = ::mkostemp(name_.data(), O_CLOEXEC);
    error_ = errno;
    if (number_ >= 0) unfinished = name_.c_str();
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  ~Unfinished() {
    if (unfinished.load() != nullptr) ::unlink(name_.c_str());
    unfinished = nullptr;
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

  int number() const { return number_; }
  int error() const { return error_; }
  bool put_in_place(const std::string& path) {
    if (::rename(name_.c_str(), path.c_str()) != 0) return false;
    unfinished = nullptr;
    return true;
  }

 private:
  std::string name_;
  int number_ = -1, error_ = 0;
};

Result<Written> replace(const std::string& path, Pieces pieces, mode_t mode) {
  Unfinished unfinished_file(path);
  Descriptor file(unfinished_file.number());
  if (!file.open()) return cannot_write(path, unfinished_file.error());
  const auto give_up = [&](const std::string& why) { return Failure{fmt::format("cannot write `{}`: {}", path, why)}; };
  if (const Result<Written> written = write_pieces(file.number(), pieces); !written) return give_up(written.error());
  if (::fchmod(file.number(), mode) != 0 || ::fsync(file.number()) != 0) return give_up(reason_of(errno));
  if (!file.close()) return give_up(reason_of(errno));
  if (!unfinished_file.put_in_place(path)) return give_up(reason_of(errno));
  return Written::all;
}

const StandIns* stand_ins = nullptr;

}  // namespace

std::string reason_of(int error) {
  switch (error) {
    case ENOENT: return "there is no such file";
    case ENOTDIR: return "a part of its path is no folder";
    case EISDIR: return "it is a folder";
    case EACCES:
    case EPERM: return "you have no permission for it";
    case ENOSPC: return "the disk is full";
    case EROFS: return "its disk can only be read";
    case EBADF: return "it is closed";
    case ELOOP: return "its links lead in a circle";
    case ENAMETOOLONG: return "its name is too long";
    default: return fmt::format("the system says: {}", std::strerror(error));
  }
}

StandIns::StandIns() {
  PLUMB_ASSERT(stand_ins == nullptr, "texts stand in for files once at a time");
  stand_ins = this;
}

StandIns::~StandIns() { stand_ins = nullptr; }

const std::string* StandIns::find(const std::string& path) const {
  if (const auto exact = texts_.find(path); exact != texts_.end()) return &exact->second;
  for (const auto& [other, text] : texts_) {
    // Standard input may be the very file that is asked for; it stands in for nothing else.
    if (!other.starts_with("/dev/") && same_file(other, path)) return &text;
  }
  return nullptr;
}

Result<std::string> read_file(const std::string& path) {
  if (const std::string* text = stand_ins == nullptr ? nullptr : stand_ins->find(path)) return *text;
  // The shell opens these for us: standard input and `<(…)`. Any other pipe nobody may ever write to.
  const bool handed_over = path == "/dev/stdin" || path.starts_with("/dev/fd/");
  // Standard input is taken as it is: a socket, or what is closed, cannot be opened by that name.
  const int number = path == "/dev/stdin" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                          : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | (handed_over ? 0 : O_NONBLOCK));
  const Descriptor file(number);
  if (!file.open()) return cannot_read(path, reason_of(errno));
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) return cannot_read(path, reason_of(errno));
  if (S_ISDIR(status.st_mode)) return cannot_read(path, "it is a folder");
  if (!S_ISREG(status.st_mode) && !handed_over) return cannot_read(path, "it is no ordinary file");
  std::string text;
  std::vector<char> block(1 << 16);
  for (;;) {
    const ssize_t got = ::read(file.number(), block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot_read(path, reason_of(errno));
    if (got == 0) return text;
    text.append(block.data(), static_cast<std::size_t>(got));
    if (text.size() > most_bytes_read) return cannot_read(path, "it has more than 64 MB");
  }
}

Result<Written> write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(descriptor, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && errno == EPIPE) return Written::reader_left;
    if (put < 0) return Failure{reason_of(errno)};
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return Written::all;
}

bool same_file(const std::string& a, const std::string& b) {
  struct stat first {
  }, second{};
  if (::stat(a.c_str(), &first) != 0 || ::stat(b.c_str(), &second) != 0) return false;
  return S_ISREG(first.st_mode) && first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

std::string file_inside(const std::string& folder, const std::string& path) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (same_file(entry->path().string(), path)) return entry->path().string();
  }
  return {};
}

Result<Written> rewrite_file(const std::string& path, std::string_view before, std::string_view after) {
  if (before == after) return Written::all;
  if (::access(path.c_str(), W_OK) != 0) return cannot_write(path, errno);
  const Result<std::string> now = read_file(path);
  if (!now) return Failure{now.error()};
  if (*now != before) return Failure{fmt::format("cannot write `{}`: it was changed meanwhile", path)};
  return write_output(path, after);
}

Result<Written> write_output(const std::string& path, std::string_view text) {
  return write_output(path, Pieces(&text, 1));
}

Result<Written> write_output(const std::string& path, Pieces pieces) {
  if (path.empty()) {
    Result<Written> written = write_pieces(STDOUT_FILENO, pieces);
    if (!written) return Failure{fmt::format("cannot write the output: {}", written.error())};
    return written;
  }
  const std::string target = behind_links(path);
  struct stat status {};
  const bool exists = ::stat(target.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) return cannot_write(path, EISDIR);
  if (exists && !S_ISREG(status.st_mode)) return write_into(target, pieces);
  return replace(target, pieces, mode_for(exists, status));
}

void settle_descriptors() {
  std::signal(SIGPIPE, SIG_IGN);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    // What whoever started us ignores (nohup) stays ignored.
    if (std::signal(signal, end_by) == SIG_IGN) std::signal(signal, SIG_IGN);
  }
  // A table may be as many files as it likes; most systems allow a program far more than it begins with.
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
    files.rlim_cur = files.rlim_max;
    (void)::setrlimit(RLIMIT_NOFILE, &files);
  }
  for (int number = 0; number <= 2; ++number) {
    if (::fcntl(number, F_GETFD) != -1 || errno != EBADF) continue;
    // Opened the wrong way round on purpose: reading or writing there fails, as with the closed one. The lowest free
    // number is the one that open gives.
    const int opened = ::open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY);
    if (opened >= 0 && opened != number) ::close(opened);
  }
}

}  // namespace plumb::tool

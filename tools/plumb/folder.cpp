#include "plumb/folder.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <iterator>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "plumb/descriptor.h"
#include "plumb/files.h"

namespace plumb::tool {

namespace {

namespace fs = std::filesystem;

/// What would be lost. Missing: empty.
std::string something_else(const std::string& folder, const std::vector<std::string>& ours) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::error_code ignored;
    if (entry->is_directory(ignored) || std::find(ours.begin(), ours.end(), name) == ours.end()) return name;
  }
  return {};
}

constexpr const char* no_parent = "there is no such folder to make it in";

Failure cannot_write(const std::string& path, const std::string& why) {
  return Failure{fmt::format("cannot write the folder `{}`: {}", path, why)};
}

/// A folder beside the one to be, gone again unless it was put in its place.
class Fresh {
 public:
  explicit Fresh(const std::string& path) : path_(path + ".XXXXXX") {
    made_ = ::mkdtemp(path_.data()) != nullptr;
    error_ = errno;
  }
  ~Fresh() {
    std::error_code ignored;
    if (made_) fs::remove_all(path_, ignored);
  }
  Fresh(const Fresh&) = delete;
  Fresh& operator=(const Fresh&) = delete;

  bool made() const { return made_; }
  int error() const { return error_; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  bool made_ = false;
  int error_ = 0;
};

/// What ends the program waits until the folder is whole or gone, which then is soon. What is ignored stays so.
class Undisturbed {
 public:
  Undisturbed() {
    sigemptyset(&ending_);
    for (const int signal : signals) {
      struct sigaction action {};
      if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_IGN) sigaddset(&ending_, signal);
    }
    ::pthread_sigmask(SIG_BLOCK, &ending_, &before_);
  }
  ~Undisturbed() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  Undisturbed(const Undisturbed&) = delete;
  Undisturbed& operator=(const Undisturbed&) = delete;

  /// Whether something waits.
  bool disturbed() const {
    sigset_t waiting;
    ::sigpending(&waiting);
    return std::any_of(std::begin(signals), std::end(signals), [&](int signal) {
      return sigismember(&ending_, signal) == 1 && sigismember(&waiting, signal) == 1;
    });
  }

 private:
  static constexpr int signals[] = {SIGINT, SIGTERM, SIGHUP};
  sigset_t ending_, before_;
};

/// The files of a folder, one after the other.
class Files {
 public:
  explicit Files(const std::string& folder) : folder_(folder) {}

  /// Errors: what the system says.
  Result<bool> put(const std::string& name, std::string_view piece) {
    if (name != name_) {
      if (const auto ended = end(); !ended) return ended;
      const std::string path = fmt::format("{}/{}", folder_, name);
      file_ = Descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
      if (!file_.open()) return Failure{reason_of(errno)};
      name_ = name;
    }
    const Result<Written> written = write_all(file_.number(), piece);
    return written ? Result<bool>(true) : Failure{written.error()};
  }
  /// Nothing more comes for the present file.
  Result<bool> end() {
    if (file_.open() && ::fsync(file_.number()) != 0) return Failure{reason_of(errno)};
    return file_.close() ? Result<bool>(true) : Failure{reason_of(errno)};
  }

 private:
  std::string folder_, name_;
  Descriptor file_{-1};
};

mode_t mode_of_new_folders() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0777 & ~mask;
}

}  // namespace

Result<std::string> folder_to_write(const std::string& path, const std::vector<std::string>& ours) {
  std::string target = path;
  while (target.size() > 1 && target.back() == '/') target.pop_back();
  std::error_code error;
  if (!fs::exists(target, error)) {
    if (fs::is_symlink(target, error)) return cannot_write(path, "it is a link that leads to no folder");
    const fs::path parent = fs::path(target).parent_path();
    if (!parent.empty() && !fs::is_directory(parent, error)) return cannot_write(path, no_parent);
    return target;
  }
  if (!fs::is_directory(target, error)) return cannot_write(path, "it is a file");
  const std::string other = something_else(target, ours);
  if (!other.empty())
    return cannot_write(path, fmt::format("it holds `{}`, which would be lost: name a folder of its own", other));
  // What a link leads to is replaced, not the link.
  const fs::path whole = fs::is_symlink(target, error) ? fs::canonical(target, error) : fs::path(target);
  return error ? Result<std::string>(cannot_write(path, error.message())) : whole.string();
}

Result<bool> write_folder(const std::string& path, const std::vector<std::string>& ours,
                          const std::function<Result<bool>(const history::TakePiece&)>& write) {
  const Result<std::string> found = folder_to_write(path, ours);
  if (!found) return Failure{found.error()};
  const std::string& target = *found;
  std::error_code error;
  const bool exists = fs::exists(target, error);
  const Undisturbed undisturbed;
  const Fresh fresh(target);
  if (!fresh.made()) {
    return cannot_write(path, fresh.error() == ENOENT ? no_parent : reason_of(fresh.error()));
  }
  Files files(fresh.path());
  const Failure asked_to_end = cannot_write(path, "the program was asked to end");
  const auto put = [&](const std::string& file, std::string_view piece) -> Result<bool> {
    if (undisturbed.disturbed()) return asked_to_end;
    const Result<bool> done = files.put(file, piece);
    return done ? done : cannot_write(path, done.error());
  };
  if (const auto written = write(put); !written) return written;
  if (const auto ended = files.end(); !ended) return cannot_write(path, ended.error());
  if (undisturbed.disturbed()) return asked_to_end;
  ::chmod(fresh.path().c_str(), mode_of_new_folders());
  // The old folder comes to stand where the new one was, and goes with it.
  const int moved = ::renameat2(AT_FDCWD, fresh.path().c_str(), AT_FDCWD, target.c_str(),
                                exists ? RENAME_EXCHANGE : RENAME_NOREPLACE);
  if (moved != 0) return cannot_write(path, reason_of(errno));
  return true;
}

}  // namespace plumb::tool

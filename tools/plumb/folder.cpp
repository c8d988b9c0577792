#include "plumb/folder.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fmt/format.h>

#include "plumb/files.h"

namespace plumb::tool {

namespace {

namespace fs = std::filesystem;

/// What would be lost. Missing: empty.
std::string something_else(const std::string& folder, const std::vector<std::string>& ours) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (entry->is_directory() || std::find(ours.begin(), ours.end(), name) == ours.end()) return name;
  }
  return {};
}

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

/// What ends the program waits until the folder is whole or gone: a second at most, and it is made of many files.
class Undisturbed {
 public:
  Undisturbed() {
    sigset_t ending;
    sigemptyset(&ending);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&ending, signal);
    ::pthread_sigmask(SIG_BLOCK, &ending, &before_);
  }
  ~Undisturbed() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  Undisturbed(const Undisturbed&) = delete;
  Undisturbed& operator=(const Undisturbed&) = delete;

 private:
  sigset_t before_;
};

mode_t mode_of_new_folders() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0777 & ~mask;
}

}  // namespace

Result<bool> write_folder(const std::string& path, const std::vector<history::TextFile>& files,
                          const std::vector<std::string>& ours) {
  std::string target = path;
  while (target.size() > 1 && target.back() == '/') target.pop_back();
  std::error_code error;
  const bool exists = fs::exists(target, error);
  if (exists && !fs::is_directory(target, error)) return cannot_write(path, "it is a file");
  if (exists) {
    const std::string other = something_else(target, ours);
    if (!other.empty())
      return cannot_write(path, fmt::format("it holds `{}`, which would be lost: name a folder of its own", other));
  }
  const Undisturbed undisturbed;
  const Fresh fresh(target);
  if (!fresh.made()) {
    return cannot_write(
        path, fresh.error() == ENOENT ? "there is no such folder to make it in" : std::strerror(fresh.error()));
  }
  for (const history::TextFile& file : files) {
    const auto written = write_output(fmt::format("{}/{}", fresh.path(), file.name), file.text);
    if (!written) return Failure{written.error()};
  }
  ::chmod(fresh.path().c_str(), mode_of_new_folders());
  // The old folder comes to stand where the new one was, and goes with it.
  const int moved = ::renameat2(AT_FDCWD, fresh.path().c_str(), AT_FDCWD, target.c_str(),
                                exists ? RENAME_EXCHANGE : RENAME_NOREPLACE);
  if (moved != 0) return cannot_write(path, std::strerror(errno));
  return true;
}

}  // namespace plumb::tool

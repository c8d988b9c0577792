#include "plumb/child.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

extern char** environ;

namespace plumb::tool {

namespace {

/// Two ends, closed with their owner. Neither is inherited by a child but as one of its three standard streams.
struct Pipe {
  std::array<int, 2> ends{-1, -1};
  Pipe() = default;
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  bool open() { return ::pipe2(ends.data(), O_CLOEXEC) == 0; }
  void close_end(std::size_t end) {
    if (ends[end] >= 0) ::close(ends[end]);
    ends[end] = -1;
  }
};

struct Pipes {
  Pipe input, output, errors;
};

Result<pid_t> spawn(const std::vector<std::string>& command, Pipes& pipes) {
  if (!pipes.input.open() || !pipes.output.open() || !pipes.errors.open()) {
    return Failure{fmt::format("cannot start `{}`: the system says: {}", command[0], std::strerror(errno))};
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipes.input.ends[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, pipes.output.ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, pipes.errors.ends[1], STDERR_FILENO);
  // We ignore a reader that leaves; the child shall end with it, as programs do.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, command[0].c_str(), &actions, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error == ENOENT) return Failure{fmt::format("the program `{}` is not installed", command[0])};
  if (error != 0)
    return Failure{fmt::format("cannot start `{}`: the system says: {}", command[0], std::strerror(error))};
  pipes.input.close_end(0);
  pipes.output.close_end(1);
  pipes.errors.close_end(1);
  return child;
}

/// Takes what there is to read. False at the end.
bool drain(int descriptor, std::string& into) {
  std::array<char, 1 << 16> block;
  const ssize_t got = ::read(descriptor, block.data(), block.size());
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  into.append(block.data(), static_cast<std::size_t>(got));
  return got > 0;
}

/// Gives what the child takes. False when all is given or the child wants no more.
bool feed(int descriptor, std::string_view& input) {
  if (input.empty()) return false;
  const ssize_t put = ::write(descriptor, input.data(), input.size());
  if (put < 0) return errno == EINTR || errno == EAGAIN;
  input.remove_prefix(static_cast<std::size_t>(put));
  return !input.empty();
}

/// Writes and reads in turns: a child that is only written to would stop once nobody takes what it says.
void talk(Pipes& pipes, std::string_view input, ChildEnd& end) {
  ::fcntl(pipes.input.ends[1], F_SETFL, O_NONBLOCK);
  while (pipes.output.ends[0] >= 0 || pipes.errors.ends[0] >= 0) {
    // A negative descriptor is skipped by poll.
    std::array<pollfd, 3> waiting{
        {{pipes.input.ends[1], POLLOUT, 0}, {pipes.output.ends[0], POLLIN, 0}, {pipes.errors.ends[0], POLLIN, 0}}};
    if (::poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) return;
    if (waiting[0].revents != 0 && !feed(waiting[0].fd, input)) pipes.input.close_end(1);
    if (waiting[1].revents != 0 && !drain(waiting[1].fd, end.output)) pipes.output.close_end(0);
    if (waiting[2].revents != 0 && !drain(waiting[2].fd, end.errors)) pipes.errors.close_end(0);
  }
}

}  // namespace

Result<ChildEnd> run_child(const std::vector<std::string>& command, std::string_view input) {
  Pipes pipes;
  const Result<pid_t> child = spawn(command, pipes);
  if (!child) return Failure{child.error()};
  ChildEnd end;
  talk(pipes, input, end);
  pipes.input.close_end(1);
  int status = 0;
  while (::waitpid(*child, &status, 0) < 0 && errno == EINTR) continue;
  end.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return end;
}

}  // namespace plumb::tool

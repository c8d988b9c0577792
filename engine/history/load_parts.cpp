#include "history/load_parts.h"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <utility>

#include "base/parallel.h"
#include "history/load_rows.h"

namespace plumb::history::loading {

namespace {

// What a row comes to depends on earlier rows where two may speak of the same thing: of deals, accounts, people.
bool rows_stand_alone(const FileSpec& spec) {
  return std::all_of(spec.rows.begin(), spec.rows.end(), [](const RowSpec& row) {
    return row.kind == RowKind::move || row.kind == RowKind::change || row.kind == RowKind::activity ||
           row.kind == RowKind::record;
  });
}

// How the words that only a worker knows are called in the whole.
class Renaming {
 public:
  explicit Renaming(std::size_t known) : known_(static_cast<std::uint32_t>(known)) {}

  void go_on(const Words& own, Words& whole) {
    while (known_ + of_.size() < own.size())
      of_.push_back(whole.add(own[known_ + static_cast<std::uint32_t>(of_.size())]));
  }
  std::uint32_t operator()(std::uint32_t word) const {
    return word < known_ || word == nobody ? word : of_[word - known_];
  }
  bool is_needed() const { return !of_.empty(); }

 private:
  std::uint32_t known_;
  std::vector<std::uint32_t> of_;
};

// The rows of a file from `first` on were read from so many bytes.
void say_progress(const RowsOf& of, const FileRows& rows, std::size_t first, std::size_t bytes) {
  if (of.progress == nullptr) return;
  std::uint64_t refused = 0;
  for (std::size_t row = first; row < rows.fate.size(); ++row) refused += rows.fate[row] & FileRows::refused_bit;
  of.progress->bytes += bytes;
  of.progress->rows += rows.fate.size() - first;
  of.progress->refused += refused;
}

// How many rows there are in `all` bytes if some have so many. Room that is not used costs nothing, and moving does.
std::size_t rows_in(std::size_t all, std::size_t rows, std::size_t bytes) {
  return rows + static_cast<std::size_t>(1.1 * static_cast<double>(all) / static_cast<double>(bytes + 1) *
                                         static_cast<double>(rows));
}

// Goes through one part after the other.
struct Worker {
  Worker(const FileProgram& program, const RowsOf& of, const Raw& whole)
      : raw(whole, of.file),
        running(program, of.spec, of.written, of.file, raw, of.mapping, of.options),
        renamed(whole.words.size()) {}

  void forget_rows(FileRows& rows) {
    raw.deal_events.clear(), raw.person_events.clear();
    for (RawKind& kind : raw.kinds) kind.table.clear();
    raw.problems.clear();
    for (auto& [name, unknown] : raw.unknown_names) unknown.rows = 0;  // the program remembers where they are
    rows.line.clear(), rows.facts.clear(), rows.fate.clear();
    rows.unreadable_cells = 0;
  }

  Raw raw;
  Running running;
  Renaming renamed;
  Piece piece;
  std::vector<OffsetUse> offsets;
  std::uint32_t lines = 0;  // how many the part has
};

// Where the rows of a part go in the whole.
struct Goal {
  std::size_t deal_events = 0, person_events = 0, rows = 0;
  std::vector<std::uint32_t> kinds;
};

void put_table(const Table& part, const Renaming& renamed, std::size_t begin, Table& whole) {
  const auto word = [&](std::int32_t value) {
    return value < 0 ? value : static_cast<std::int32_t>(renamed(static_cast<std::uint32_t>(value)));
  };
  for (std::size_t c = 0; c < part.columns.size(); ++c) {
    const Column& from = part.columns[c];
    Column& to = whole.columns[c];
    if (from.type == ValueType::text && renamed.is_needed()) {
      const Array<std::int32_t>& words = from.values.narrow;
      std::transform(words.begin(), words.end(), to.values.narrow.room() + begin, word);
    } else {
      put_cells(to.values, begin, from.values, part.rows);
    }
    if (!from.currency.empty()) {
      std::transform(from.currency.begin(), from.currency.end(), to.currency.room() + begin,
                     [&](std::uint32_t currency) { return renamed(currency); });
    }
    if (!from.recorded.empty()) std::copy(from.recorded.begin(), from.recorded.end(), to.recorded.room() + begin);
  }
}

// The texts that parts are cut from, in turn.
struct Source {
  Pieces& pieces;
  std::optional<Piece> first;
  std::mutex mutex;
  std::size_t taken = 0;

  // Missing: false when there is no more.
  Result<bool> take(Piece& piece, std::size_t& number) {
    const std::lock_guard lock(mutex);
    number = taken++;
    if (!first) return pieces.next(piece, piece_size);
    piece = std::move(*first);
    first.reset();
    return true;
  }
};

// Puts the parts of a file behind one another in their order, whichever is read first.
class Joining {
 public:
  Joining(const RowsOf& of, std::uint32_t line, std::size_t bytes, Raw& whole)
      : of_(of), whole_(whole), words_(whole.words.known()), bytes_(bytes), line_(line), offsets_(of.header.size()) {}

  void work(Source& source, Worker& worker) {
    try {
      for (;;) {
        std::size_t number = 0;
        const Result<bool> more = source.take(worker.piece, number);
        if (!more) return give_up(Failure{more.error()});
        if (!*more) return;
        if (!is_text(worker.piece.text())) return give_up(std::nullopt);
        read(worker);
        join(worker, number);
      }
    } catch (...) {
      give_up(std::nullopt);
      throw;
    }
  }
  Result<bool> finish() {
    if (failure_) return *failure_;
    for (auto id = static_cast<std::uint32_t>(whole_.words.size()); id < words_.size(); ++id)
      whole_.words.add(words_[id]);
    report_offsets(whole_, of_.file, of_.header, offsets_);
    return !given_up_;
  }

 private:
  void read(Worker& worker) {
    worker.forget_rows(worker.raw.files[of_.file]);
    CsvReader reader(worker.piece.begin(), worker.piece.end(), of_.spec.delimiter);
    worker.running.run(reader);
    worker.offsets = worker.running.restart();
    worker.lines = reader.next_line() - 1;
    say_progress(of_, worker.raw.files[of_.file], 0, worker.piece.size);
  }

  // Nobody waits for a part that does not come.
  void give_up(std::optional<Failure> why) {
    const std::lock_guard lock(mutex_);
    if (!given_up_) failure_ = std::move(why);
    given_up_ = true;
    turn_.notify_all();
  }

  void join(Worker& worker, std::size_t number) {
    std::unique_lock lock(mutex_);
    turn_.wait(lock, [&] { return number == next_ || given_up_; });
    if (given_up_) return;
    const Goal goal = make_room(worker);
    take_rest(worker, goal);
    std::shared_lock putting(rows_move_);
    ++next_;
    turn_.notify_all();
    lock.unlock();
    put(worker, goal);
  }

  bool fits(const Raw& part) const {
    if (!whole_.deal_events.fits(part.deal_events.size(), part.deal_events) ||
        !whole_.person_events.fits(part.person_events.size(), part.person_events))
      return false;
    const FileRows &rows = whole_.files[of_.file], &more = part.files[of_.file];
    if (rows.facts.size() + more.facts.size() > std::min(rows.facts.capacity(), rows.fate.capacity())) return false;
    for (std::size_t k = 0; k < part.kinds.size(); ++k) {
      if (!whole_.kinds[k].table.fits(part.kinds[k].table)) return false;
    }
    return true;
  }

  // As much as the whole file comes to if it goes on like this part; events, where there is not room enough for that,
  // as for all files that are still to come: to move them takes the room of all of them once more.
  void reserve(const Raw& part, std::size_t bytes) {
    const auto all = [&](std::size_t rows) { return rows_in(bytes_, rows, bytes); };
    const auto for_all_files = [&](RawEvents& events, const RawEvents& some) {
      if (events.fits(all(some.size()), some)) return;
      events.reserve(events.size() + rows_in(of_.bytes, some.size(), bytes), some);
    };
    FileRows& rows = whole_.files[of_.file];
    for_all_files(whole_.deal_events, part.deal_events), for_all_files(whole_.person_events, part.person_events);
    rows.facts.reserve(all(part.files[of_.file].facts.size()));
    rows.fate.reserve(all(part.files[of_.file].facts.size()));
    for (std::size_t k = 0; k < part.kinds.size(); ++k) {
      Table& table = whole_.kinds[k].table;
      table.reserve(table.rows + all(part.kinds[k].table.rows), part.kinds[k].table);
    }
  }

  Goal make_room(const Worker& worker) {
    const Raw& part = worker.raw;
    std::unique_lock<std::shared_mutex> alone(rows_move_, std::defer_lock);
    if (!fits(part)) {
      alone.lock();
      if (next_ == 0) reserve(part, worker.piece.size);
    }
    FileRows& rows = whole_.files[of_.file];
    const std::size_t more = part.files[of_.file].facts.size();
    const Place first{of_.file, static_cast<std::uint32_t>(rows.facts.size())};
    Goal goal;
    goal.rows = rows.facts.size();
    rows.facts.extend(more), rows.fate.extend(more);
    for (std::size_t k = 0; k < part.kinds.size(); ++k) {
      goal.kinds.push_back(whole_.kinds[k].table.rows);
      whole_.kinds[k].table.extend(part.kinds[k].table);
    }
    goal.deal_events = whole_.deal_events.extend(part.deal_events, first, goal.kinds);
    goal.person_events = whole_.person_events.extend(part.person_events, first, goal.kinds);
    return goal;
  }

  void take_rest(Worker& worker, const Goal& goal) {
    const auto row = static_cast<std::uint32_t>(goal.rows);
    worker.renamed.go_on(worker.raw.words, words_);
    FileRows& rows = whole_.files[of_.file];
    rows.line.append(worker.raw.files[of_.file].line, line_);
    rows.unreadable_cells += worker.raw.files[of_.file].unreadable_cells;
    line_ += worker.lines;
    take_problems(worker.raw, row);
    take_offsets(worker.offsets, row);
  }

  void take_problems(Raw& part, std::uint32_t row) {
    std::vector<Problems::Noted> noted = part.problems.sorted();
    for (Problems::Noted& problem : noted) {
      whole_.problems.add({of_.file, problem.place.row + row}, problem.refused, std::move(problem.message));
    }
    whole_.problems.count(part.problems.all() - noted.size());
    for (const auto& [what, seen] : part.unknown_names) {
      if (seen.rows == 0) continue;
      UnknownName& all = whole_.unknown_names[what];
      if (all.rows == 0) all.first = {of_.file, seen.first.row + row};
      all.rows += seen.rows;
    }
  }

  void take_offsets(const std::vector<OffsetUse>& part, std::uint32_t row) {
    for (std::size_t c = 0; c < part.size(); ++c) {
      OffsetUse& all = offsets_[c];
      if (all.with == UINT32_MAX && part[c].with != UINT32_MAX) {
        all.with = part[c].with + row;
        all.with_text = part[c].with_text;
      }
      if (all.without == UINT32_MAX && part[c].without != UINT32_MAX) {
        all.without = part[c].without + row;
        all.without_text = part[c].without_text;
        all.zone = part[c].zone;
      }
    }
  }

  void put(const Worker& worker, const Goal& goal) {
    const Raw& part = worker.raw;
    whole_.deal_events.put(goal.deal_events, part.deal_events, worker.renamed);
    whole_.person_events.put(goal.person_events, part.person_events, worker.renamed);
    for (std::size_t k = 0; k < part.kinds.size(); ++k) {
      put_table(part.kinds[k].table, worker.renamed, goal.kinds[k], whole_.kinds[k].table);
    }
    const FileRows& more = part.files[of_.file];
    FileRows& rows = whole_.files[of_.file];
    std::copy(more.facts.begin(), more.facts.end(), rows.facts.room() + goal.rows);
    std::copy(more.fate.begin(), more.fate.end(), rows.fate.room() + goal.rows);
  }

  const RowsOf& of_;
  Raw& whole_;
  Words words_;  // of the whole: those known before, and behind them those of the parts
  std::size_t bytes_;
  std::uint32_t line_;
  std::vector<OffsetUse> offsets_;
  std::mutex mutex_;
  std::condition_variable turn_;
  std::shared_mutex rows_move_;  // shared: rows are written; alone: they get other room
  std::size_t next_ = 0;
  bool given_up_ = false;
  std::optional<Failure> failure_;
};

Result<bool> run_parts(const FileProgram& program, const RowsOf& of, Piece first, std::uint32_t line, Pieces& pieces,
                       Raw& raw) {
  Joining joining(of, line, pieces.size(), raw);
  Source source{pieces, std::move(first), {}, 0};
  const unsigned threads = threads_for(of.options.threads);
  std::vector<std::unique_ptr<Worker>> workers;
  for (unsigned i = 0; i < threads; ++i) workers.push_back(std::make_unique<Worker>(program, of, raw));
  in_parallel(threads, threads, [&](unsigned, std::size_t task) { joining.work(source, *workers[task]); });
  return joining.finish();
}

Result<bool> run_in_turn(const FileProgram& program, const RowsOf& of, Piece piece, std::uint32_t line, Pieces& pieces,
                         Raw& raw) {
  Running running(program, of.spec, of.written, of.file, raw, of.mapping, of.options);
  bool first_piece = pieces.size() > piece_size;
  const std::size_t events = raw.deal_events.size();
  for (Result<bool> more = true;; more = pieces.next(piece, piece_size)) {
    if (!more) return more;
    if (!*more) break;
    if (!is_text(piece.text())) return false;
    const std::size_t first = raw.files[of.file].fate.size();
    CsvReader reader(piece.begin(), piece.end(), of.spec.delimiter, line);
    running.run(reader);
    say_progress(of, raw.files[of.file], first, piece.size);
    line = reader.next_line();
    if (std::exchange(first_piece, false)) {
      const auto all = [&](std::size_t rows) { return rows_in(pieces.size(), rows, piece.size); };
      raw.deal_events.reserve(events + all(raw.deal_events.size() - events), raw.deal_events);
      raw.deals.reserve(all(raw.deals.rows), raw.deals);
      raw.deal_rows.reserve(all(raw.deal_rows.size()));
    }
  }
  report_offsets(raw, of.file, of.header, running.restart());
  return true;
}

}  // namespace

Result<bool> run_pieces(const FileProgram& program, const RowsOf& of, Piece first, std::uint32_t line, Pieces& pieces,
                        Raw& raw) {
  // Where rows stand among those of other files is known by their number in the file.
  const std::vector<std::uint32_t>* ranks = raw.files[of.file].ranks;
  const bool ranked = ranks != nullptr && !ranks->empty();
  const bool in_parts = pieces.size() > piece_size && rows_stand_alone(of.spec) && !ranked;
  return (in_parts ? run_parts : run_in_turn)(program, of, std::move(first), line, pieces, raw);
}

Result<bool> rest_is_text(Piece piece, Pieces& pieces) {
  for (Result<bool> more = true;; more = pieces.next(piece, piece_size)) {
    if (!more || !*more) return more ? Result<bool>(true) : more;
    if (!is_text(piece.text())) return false;
  }
}

}  // namespace plumb::history::loading

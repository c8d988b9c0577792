#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "history/history.h"

/// What might have been: a smaller history, and one with facts more, other or fewer.
namespace plumb::history {

/// A value as somebody would state it. Text: `word`; money: its currency is `word`. Missing: `value` is `missing`.
struct Stated {
  std::string field;  // the attribute's or field's name; of a move or change: `to`
  ValueType type = ValueType::text;
  std::int64_t value = 0;
  std::string word;
  friend auto operator<=>(const Stated&, const Stated&) = default;
};

/// One fact more, other or fewer.
struct Revision {
  enum class What : std::uint8_t {
    happens,         // an event of `kind` about `subject`
    alters,          // the row `index`: its attributes, and when they were stated
    leaves_out,      // the row `index`
    new_deal,        // `subject` with its fields, from `at` on
    alters_account,  // the fields of the account `subject`
    alters_person,   // the fields of the person `subject`, in the row in force on the day of `at` in UTC
    leaves,          // the person `subject` is with the company no more from the day on that `values` say
    new_contact,     // `kind` of the deal `subject`, with its fields, from `at` on
    alters_contact,  // the fields of the contact `kind` of the deal `subject`
    no_contact,      // `kind` is none of the deal `subject`
  };
  What what = What::happens;
  bool of_person = false;  // whose timeline: a person's, else a deal's
  std::string subject;     // its id
  KindClass of = KindClass::activity;
  std::string kind;  // a change: the field's name; a contact: its id
  Instant at;
  Instant recorded;
  Source source = Source::none;
  std::string actor;  // empty: nobody
  std::uint32_t index = 0;
  std::vector<Stated> values;
  friend auto operator<=>(const Revision&, const Revision&) = default;
};

/// Those of the deals of which a row lies before `until` and was recorded before `known_at`, or nobody said when: the
/// others are not there yet.
std::vector<std::uint32_t> there_by(const History& history, std::vector<std::uint32_t> deals, Instant until,
                                    Instant known_at);

/// The history of these deals (indexes, ascending) alone, as far as it lies before `until` and was recorded before
/// `known_at`, or nobody said when; all people and what is
/// stated about them. `supplier`, `files`, `coverage` and the rows' origins are those of the whole. Cost: linear in the
/// whole history's people and in the deals asked for. `deals`: where a deal of the whole went is its place in the list.
History part_of(const History& history, const std::vector<std::uint32_t>& deals, Instant until,
                Instant known_at = Instant::max());

/// Which rows the rows of a revised history were. Missing: UINT32_MAX for one that was added; empty where no row was
/// added or left out.
struct Rows {
  std::vector<std::uint32_t> deals, people;
};

/// The history with the revisions made. Rows that are altered or left out are those of `history`; a fact that is added
/// stands behind the others of its instant and class. What is not revised is borrowed from `history`, which has to live
/// as long. `were`: gets where each row stood. Errors: asserted; subjects, kinds and columns are the history's. Cost:
/// one pass over the timelines when rows are added or left out, however many; meant for parts.
History revised(const History& history, const std::vector<Revision>& revisions, Rows* were = nullptr);

}  // namespace plumb::history

#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "explain/explain.h"
#include "explain/people.h"
#include "history/load.h"
#include "history/write.h"
#include "report/words.h"

/// The change that an explanation offers is made in the whole history, written as files and read back, and the whole
/// rulebook is evaluated again: the verdict must flip.
namespace plumb::explain::testing {

using eval::Verdict;

/// An obligation by what people would call it.
struct Name {
  std::string rule, subject;
  Instant opened, period;
  friend auto operator<=>(const Name&, const Name&) = default;
};

inline Name name_of(const report::Input& input, std::size_t row) {
  const eval::Verdicts& v = input.evaluation.verdicts;
  return {input.rulebook.rules[v.rule[row]].name, std::string(report::subject_of(input, row)), v.opened[row],
          v.period[row].from};
}

/// The verdicts of all obligations of a name, those of one instant in their order.
inline std::vector<Verdict> verdicts_of(const report::Input& input, const Name& name) {
  std::vector<Verdict> all;
  for (std::size_t row = 0; row < input.evaluation.verdicts.size(); ++row) {
    if (name_of(input, row) == name) all.push_back(input.evaluation.verdicts.verdict[row]);
  }
  return all;
}

inline std::size_t place_of(const report::Input& input, std::size_t row) {
  std::size_t place = 0;
  for (std::size_t other = 0; other < row; ++other) place += name_of(input, other) == name_of(input, row);
  return place;
}

inline std::size_t unkept(const report::Input& input, const Name& name) {
  std::size_t count = 0;
  for (std::size_t row = 0; row < input.evaluation.verdicts.size(); ++row) {
    const Name other = name_of(input, row);
    const Verdict v = input.evaluation.verdicts.verdict[row];
    const bool not_kept = v == Verdict::missed || v == Verdict::late || v == Verdict::cannot_tell;
    count += other.rule == name.rule && other.subject == name.subject && not_kept;
  }
  return count;
}

/// The whole history up to the horizon, as far as it was known. A deal that has only later rows is not there: written
/// down it would be one of which nobody knows when it was created.
inline history::History seen(const report::Input& before) {
  std::vector<std::uint32_t> deals(before.history.deals.size());
  std::iota(deals.begin(), deals.end(), 0u);
  deals = history::there_by(before.history, deals, before.evaluation.horizon, before.evaluation.known_at);
  return history::part_of(before.history, deals, before.evaluation.horizon, before.evaluation.known_at);
}

/// The revisions of an explanation's part, as those of the whole: its rows stand elsewhere.
inline std::vector<history::Revision> of_whole(const Explanation& explanation, const history::History& whole) {
  std::vector<history::Revision> revisions = explanation.change->revisions;
  const history::History& part = *explanation.part;
  for (history::Revision& revision : revisions) {
    using What = history::Revision::What;
    if (revision.what != What::alters && revision.what != What::leaves_out) continue;
    const history::Timeline& from = revision.of_person ? part.person_events : part.deal_events;
    const history::Timeline& to = revision.of_person ? whole.person_events : whole.deal_events;
    const history::Subjects& subjects = revision.of_person ? part.people.names : part.deals;
    const history::Subjects& all = revision.of_person ? whole.people.names : whole.deals;
    const auto next = std::upper_bound(from.first.begin(), from.first.end(), revision.index);
    const auto subject = static_cast<std::size_t>(next - from.first.begin()) - 1;
    const std::string id(part.words[subjects.ids[subject]]);
    for (std::size_t other = 0; other < all.size(); ++other) {
      if (whole.words[all.ids[other]] != id) continue;
      revision.index = to.first[other] + (revision.index - from.first[subject]);
      break;
    }
  }
  return revisions;
}

inline history::History written_and_read(const history::History& history, const model::Rulebook& book,
                                         const time::Zone& zone) {
  history::LoadOptions options;
  options.default_zone = zone;
  auto loaded = history::load_texts(history::write_canonical(history, zone), history::canonical_mapping(),
                                    eval::schema_of(book), options);
  EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error());
  return loaded ? std::move(loaded->history) : history::History{};
}

/// Whether the row's obligation is kept once the change is made; what lasts as long as its deal, and a quota that was
/// missed before its time was over, may be due again, and a lapse that never begins is asked no more.
inline bool flips(const report::Input& before, std::size_t row, const Explanation& explanation, eval::Options options,
                  const time::Zone& zone) {
  const Name name = name_of(before, row);
  const model::Rule& rule = before.rulebook.rules[before.evaluation.verdicts.rule[row]];
  const history::History whole = seen(before);
  const history::History history =
      written_and_read(history::revised(whole, of_whole(explanation, whole)), before.rulebook, zone);
  // What may still be done is recorded after what is known now.
  if (explanation.change->as_of > before.evaluation.horizon) options.known_at = Instant::max();
  options.as_of = explanation.change->as_of;
  const auto evaluation = eval::run(before.rulebook, history, options);
  if (!evaluation) return false;
  const report::Input after{before.rulebook, history, *evaluation, {}, {}};
  const std::vector<Verdict> now = verdicts_of(after, name);
  const std::size_t place = place_of(before, row);
  if (place < now.size() && now[place] == Verdict::kept) return true;
  const bool lasting = rule.shape == model::Shape::while_ || rule.shape == model::Shape::throughout;
  const bool early = rule.shape == model::Shape::every && !rule.responds_to;
  if (before.evaluation.verdicts.verdict[row] == Verdict::due) return false;
  if (place < now.size()) return (lasting || early) && now[place] == Verdict::due;
  return lasting && unkept(after, name) < unkept(before, name);
}

/// The change with each of its facts at one end of the time that is told of it: the first where its bit of `early` is
/// set, else the last. Those of one deal keep their order, its creation first. A second apart, since rows that say the
/// same are one.
inline Change at_ends(const report::Input& input, const Explanation& explanation, std::uint32_t early) {
  using What = history::Revision::What;
  Change change = *explanation.change;
  const Told& told = change.told;
  const bool due = input.evaluation.verdicts.verdict[explanation.row] == Verdict::due;
  const Instant since = told.since.known() ? told.since : due ? input.evaluation.horizon : Instant::unknown();
  std::vector<std::size_t> put;
  for (std::size_t i = 0; i < change.revisions.size(); ++i) {
    const What what = change.revisions[i].what;
    if (what == What::happens || what == What::new_deal || what == What::new_contact) put.push_back(i);
  }
  std::stable_sort(put.begin(), put.end(), [&](std::size_t a, std::size_t b) {
    const history::Revision &one = change.revisions[a], &other = change.revisions[b];
    return std::pair(one.what != What::new_deal, one.at) < std::pair(other.what != What::new_deal, other.at);
  });
  std::map<std::pair<bool, std::string>, std::pair<Instant, Instant>> of_subject;  // its first fact and its last so far
  const auto count = static_cast<std::int64_t>(put.size());
  for (std::int64_t n = 0; n < count; ++n) {
    history::Revision& r = change.revisions[put[static_cast<std::size_t>(n)]];
    const std::int64_t left = (count - n) * time::micros_per_second;
    Instant first = since.known() ? since : r.at;
    if (r.what != What::new_deal && !r.of_person) first = std::max(first, begin_of(*explanation.part, r.subject));
    Instant at{(early >> (n % 32) & 1) != 0 ? first.micros + n * time::micros_per_second : told.until.micros - left};
    const auto [sofar, leads] = of_subject.try_emplace({r.of_person, r.subject}, at, at);
    if (!leads) {
      const auto& [lead, last] = sofar->second;
      at = std::max(at, Instant{last.micros + time::micros_per_second});
      if (told.within > 0) at = std::min(at, Instant{lead.micros + told.within - left});
      sofar->second.second = at;
    }
    r.recorded.micros += at.micros - r.at.micros;
    r.at = at;
  }
  return change;
}

/// What kind of rule asked, of whom, and what came of it: `while of people, missed`.
inline std::string form_of(const model::Rule& rule, Verdict verdict) {
  static const std::map<model::Shape, const char*> shapes{
      {model::Shape::after, "after"},  {model::Shape::before, "before"}, {model::Shape::at, "at"},
      {model::Shape::while_, "while"}, {model::Shape::every, "every"},   {model::Shape::throughout, "throughout"}};
  static const std::map<model::SubjectKind, const char*> subjects{{model::SubjectKind::deal, "deals"},
                                                                  {model::SubjectKind::person, "people"},
                                                                  {model::SubjectKind::team, "teams"},
                                                                  {model::SubjectKind::company, "the company"}};
  std::string form = rule.responds_to ? "if missed" : shapes.at(rule.shape);
  if (rule.shape == model::Shape::while_ && rule.lapse) form += " with a lapse";
  return form + " of " + subjects.at(rule.subject.kind) + ", " + std::string(eval::to_text(verdict));
}

/// Whether all that is put into a history lies ahead: what may still be done is not done yet.
inline bool comes_later(const report::Input& input, const Change& change) {
  using What = history::Revision::What;
  return std::ranges::all_of(change.revisions, [&](const history::Revision& r) {
    const bool put = r.what == What::happens || r.what == What::new_deal || r.what == What::new_contact;
    return !put || r.at >= input.evaluation.horizon;
  });
}

struct Share {
  std::size_t asked = 0, flipped = 0;
  std::size_t undone = 0;  // only what has happened would keep it, not having happened
  std::size_t never = 0;   // no fact keeps it, which is proved
};

/// Why nothing is offered, without what differs from one obligation to another: numbers, and what stands in quotes.
inline std::string group_of(const std::string& why) {
  std::string group;
  bool quoted = false;
  for (const char c : why) {
    if (c == '`') quoted = !quoted;
    const bool digit = c >= '0' && c <= '9';
    if (quoted && c != '`') continue;
    if (digit && group.ends_with('N')) continue;
    group += digit ? 'N' : c;
  }
  return group;
}

/// What came of all obligations that are missed or due: what is offered flips them, and else it is said why there is
/// nothing. PLUMB_SHOW prints those without a change.
struct Flips {
  Share all;
  std::map<std::string, Share> of_rule, of_form;
  std::map<std::string, std::size_t> why;  // how often nothing is offered, by reason

  void add(const report::Input& input, const eval::Options& options, const time::Zone& zone, const std::string& which) {
    Explainer explainer(input, options);
    const eval::Verdicts& v = input.evaluation.verdicts;
    for (std::size_t row = 0; row < v.size(); ++row) {
      if (v.verdict[row] != Verdict::missed && v.verdict[row] != Verdict::due) continue;
      const Explanation explanation = explainer.explain(row);
      const bool flipped = explanation.change && flips(input, row, explanation, options, zone);
      if (explanation.change) {
        EXPECT_TRUE(flipped) << which << ": " << human(input, explanation, false);
        expect_at_ends(input, row, explanation, options, zone, which);
        if (v.verdict[row] == Verdict::due) {
          EXPECT_TRUE(comes_later(input, *explanation.change)) << which << ": " << human(input, explanation, false);
        }
      } else {
        EXPECT_FALSE(explanation.no_change.empty()) << which << ": " << human(input, explanation, false);
        ++why[group_of(explanation.no_change)];
        if (std::getenv("PLUMB_SHOW")) std::printf("%s: %s\n", which.c_str(), human(input, explanation, false).c_str());
      }
      const model::Rule& rule = input.rulebook.rules[v.rule[row]];
      for (Share* share : {&all, &of_rule[rule.name], &of_form[form_of(rule, v.verdict[row])]}) {
        ++share->asked;
        share->flipped += flipped;
        share->undone += explanation.hope == Hope::undone_only;
        share->never += explanation.hope == Hope::never;
      }
    }
  }

  // Wherever between the bounds that are told its facts are, the change keeps it.
  static void expect_at_ends(const report::Input& input, std::size_t row, const Explanation& explanation,
                             const eval::Options& options, const time::Zone& zone, const std::string& which) {
    const Told& told = explanation.change->told;
    if (!told.until.known() || told.until == Instant::max()) return;
    if (!told.since.known() && !told.any_time) return;  // no window is told
    for (const std::uint32_t early : {0u, UINT32_MAX, 0x55555555u, 0xAAAAAAAAu}) {
      Explanation other = explanation;
      other.change = at_ends(input, explanation, early);
      if (other.change->revisions == explanation.change->revisions) continue;
      EXPECT_TRUE(flips(input, row, other, options, zone))
          << which << ", at the ends " << early << ": " << human(input, explanation, false);
    }
  }

  void show() const {
    for (const auto& [form, share] : of_form) {
      std::printf("%-40s %5zu of %5zu flip, %5zu proved never, %5zu only undone, %5zu found nothing\n", form.c_str(),
                  share.flipped, share.asked, share.never, share.undone,
                  share.asked - share.flipped - share.never - share.undone);
    }
    for (const auto& [rule, share] : of_rule) {
      std::printf("%-24s %zu of %zu flip\n", rule.c_str(), share.flipped, share.asked);
    }
    std::printf(
        "%zu missed and due: %zu flip, %zu cannot be kept, which is proved, %zu only if something had not happened; of "
        "%zu no change was found\n",
        all.asked, all.flipped, all.never, all.undone, all.asked - all.flipped - all.never - all.undone);
    for (const auto& [reason, times] : why) std::printf("%6zu  %s\n", times, reason.c_str());
  }
};

}  // namespace plumb::explain::testing

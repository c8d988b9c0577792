#include <algorithm>
#include <numeric>
#include <tuple>

#include <fmt/format.h>

#include "history/load_finish.h"
#include "history/words.h"

namespace plumb::history::loading {

namespace {

// Two rows about one contact of one deal: identical ones are one, of others the first in the files stands.
bool stands_beside(Raw& raw, std::uint32_t row, std::uint32_t other) {
  const RawContact& a = raw.contact_rows[row];
  const RawContact& b = raw.contact_rows[other];
  if (a.word != b.word || a.deal != b.deal) return true;
  const bool same = a.since == b.since && a.by_day == b.by_day && a.recorded == b.recorded && a.source == b.source;
  if (same && raw.contacts.same(raw.contacts, row, other)) {
    raw.merge(a.place, b.place);
    return false;
  }
  raw.refuse(a.place);
  raw.complain(a.place, true, [&] {
    return fmt::format("the contact {} of {} already stands at {} with other values", in_ticks(raw.words[a.word]),
                       in_ticks(raw.words[a.deal]), raw.cite(b.place));
  });
  return false;
}

// Whose deal there is, by deal and name.
std::vector<std::uint32_t> order_contacts(Raw& raw) {
  std::vector<std::uint32_t> rows, kept;
  for (std::uint32_t i = 0; i < raw.contact_rows.size(); ++i) {
    const RawContact& contact = raw.contact_rows[i];
    if (raw.deal_of.find(contact.deal) != nobody) {
      rows.push_back(i);
      continue;
    }
    raw.refuse(contact.place);
    raw.complain(contact.place, true,
                 [&] { return fmt::format("no row says that there is a deal {}", in_ticks(raw.words[contact.deal])); });
  }
  const auto key = [&](std::uint32_t i) {
    const RawContact& contact = raw.contact_rows[i];
    return std::tuple(raw.deal_of.find(contact.deal), std::string_view(raw.words[contact.word]), contact.place);
  };
  std::sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  for (std::uint32_t row : rows) {
    if (kept.empty() || stands_beside(raw, row, kept.back())) kept.push_back(row);
  }
  return kept;
}

}  // namespace

void finish_contacts(Raw& raw, History& history) {
  const std::vector<std::uint32_t> rows = order_contacts(raw);
  Contacts& contacts = history.contacts;
  contacts.first.assign(history.deals.size() + 1, 0);
  for (std::uint32_t row : rows) {
    const RawContact& contact = raw.contact_rows[row];
    ++contacts.first[raw.deal_of.find(contact.deal) + 1];
    contacts.ids.push_back(contact.word);
    contacts.since.push_back(contact.since);
    contacts.recorded.push_back(contact.recorded);
    contacts.source.push_back(contact.source);
    contacts.by_day.push_back(contact.by_day);
    contacts.origin.push_back(raw.origin(contact.place));
  }
  std::partial_sum(contacts.first.begin(), contacts.first.end(), contacts.first.begin());
  const std::vector<Instant> recorded(contacts.recorded.begin(), contacts.recorded.end());
  for (std::size_t c = 0; c < raw.contacts.columns.size(); ++c) {
    contacts.columns.push_back(gather(raw.contacts.columns[c], raw.contacts.own_time[c], rows, recorded));
  }
}

void finish_rates(Raw& raw, History& history) {
  const auto key = [&](const RawRate& r) {
    return std::tuple(std::string_view(raw.words[r.from]), std::string_view(raw.words[r.into]), r.day, r.place);
  };
  std::sort(raw.rates.begin(), raw.rates.end(), [&](const RawRate& a, const RawRate& b) { return key(a) < key(b); });
  const RawRate* last = nullptr;
  for (const RawRate& rate : raw.rates) {
    const bool again = last && last->from == rate.from && last->into == rate.into && last->day == rate.day;
    if (!again) {
      history.rates.push_back(
          {.from = rate.from, .into = rate.into, .day = rate.day, .origin = raw.origin(rate.place), .rate = rate.rate});
      last = &rate;
    } else if (last->rate.millionths == rate.rate.millionths) {
      raw.merge(rate.place, last->place);
    } else {
      raw.refuse(rate.place);
      raw.complain(rate.place, true, [&] {
        return fmt::format("the rate from {} to {} on {} already stands at {} with another value",
                           in_ticks(raw.words[rate.from]), in_ticks(raw.words[rate.into]), time::to_text(rate.day),
                           raw.cite(last->place));
      });
    }
  }
  // Looked up by the numbers of the words, which depend on the order of reading; nothing shows them.
  std::sort(history.rates.begin(), history.rates.end(), earlier);
}

}  // namespace plumb::history::loading

#include <gtest/gtest.h>

#include "unit/check/checking.h"

namespace plumb::check {
namespace {

using testing::Checked;

/// What everything below speaks of.
const std::string rulebook = R"(calendar office { zone "Europe/Berlin" work monday to friday 09:00 to 17:00 }
fields deal { amount money  budget money  segment one of smb, ent  close_date date  next_step_on date  champion text
  discount percent  seats count  engineer person  signed_at instant  effort hours }
fields person { role one of ae, manager }
activity call { channel one of phone, video }
activity email
process sales { stage talk stage offer stage won { won } stage lost { lost }
  path talk -> offer -> won from any open stage -> lost }
)";

/// The declaration with each of its repairs made, as `plumb check --fix` makes them, the last one first.
std::string repaired(const Checked& checked, std::string text) {
  std::vector<diagnostics::Suggestion> all;
  for (const diagnostics::Diagnostic& diagnostic : checked.sink.all()) {
    all.insert(all.end(), diagnostic.suggestions.begin(), diagnostic.suggestions.end());
  }
  std::ranges::sort(all, {}, [](const diagnostics::Suggestion& each) { return each.span.begin; });
  for (auto each = all.rbegin(); each != all.rend(); ++each) {
    text.replace(each->span.begin, each->span.end - each->span.begin, each->text);
  }
  return text.substr(rulebook.size());
}

struct Foreign {
  std::string written;
  std::string repaired;
};

void expect_repaired(const std::string& written, const std::string& right) {
  const Checked before(rulebook + written);
  EXPECT_EQ(before.sink.errors(), 1u) << written;
  EXPECT_EQ(repaired(before, rulebook + written), right);
  EXPECT_EQ(Checked(rulebook + right).said(), testing::Strings()) << right;
}

class Repairs : public ::testing::TestWithParam<Foreign> {};

/// A condition, asked of each deal that is won.
class RepairsOfConditions : public ::testing::TestWithParam<Foreign> {};

TEST_P(Repairs, CompileAndAreOneMistake) { expect_repaired(GetParam().written, GetParam().repaired); }

TEST_P(RepairsOfConditions, CompileAndAreOneMistake) {
  const std::string before = "must x { right way for each deal at won expect ",
                    behind = "\n  because \"y\" owed by engineer }";
  expect_repaired(before + GetParam().written + behind, before + GetParam().repaired + behind);
}

const Foreign comparisons[] = {
    {"amount >= 10 EUR", "amount is at least 10 EUR"},
    {"amount>=10 EUR", "amount is at least 10 EUR"},
    {"amount is >= 10 EUR", "amount is at least 10 EUR"},
    {"amount => 10 EUR", "amount is at least 10 EUR"},
    {"amount=>10 EUR", "amount is at least 10 EUR"},
    {"amount is => 10 EUR", "amount is at least 10 EUR"},
    {"(amount => 10 EUR)", "(amount is at least 10 EUR)"},
    {"amount is known and budget => 10 EUR", "amount is known and budget is at least 10 EUR"},
    {"count of call => 2", "count of call is at least 2"},
    {"amount =< 10 EUR", "amount is at most 10 EUR"},
    {"amount ≤ 10 EUR", "amount is at most 10 EUR"},
    {"amount > 10 EUR", "amount is more than 10 EUR"},
    {"amount < 10 EUR", "amount is less than 10 EUR"},
    {"seats == 10", "seats is 10"},
    {"seats <> 10", "seats is not 10"},
    {"segment != smb", "segment is not smb"},
    {"segment in (smb, ent)", "segment is one of smb, ent"},
    {"segment not in [smb, ent]", "segment is not one of smb, ent"},
    {"close_date < today", "close_date is before today"},
    {"close_date<today", "close_date is before today"},
    {"close_date is < today", "close_date is before today"},
    {"close_date <= today", "close_date is not after today"},
    {"close_date is <= today", "close_date is not after today"},
    {"close_date > next_step_on", "close_date is after next_step_on"},
    {"close_date >= 2026-03-02", "close_date is not before 2026-03-02"},
    {"close_date => 2026-03-02", "close_date is not before 2026-03-02"},
    {"signed_at < 2026-03-02 09:00", "signed_at is before 2026-03-02 09:00"},
    {"close_date == today", "close_date is today"},
    {"close_date != today", "close_date is not today"},
    {"close_date is greater than today", "close_date is after today"},
    {"close_date is not greater than today", "close_date is not after today"},
    {"close_date is less than or equal to today", "close_date is not after today"},
    {"close_date is no less than today", "close_date is not before today"},
    {"close_date is earlier than today", "close_date is before today"},
    {"close_date is not earlier than today", "close_date is not before today"},
    {"close_date is on or after today", "close_date is not before today"},
    {"close_date is between 2026-03-01 and 2026-03-31",
     "close_date is not before 2026-03-01 and close_date is not after 2026-03-31"},
    {"close_date is between next_step_on and 2026-03-31",
     "close_date is not before next_step_on and close_date is not after 2026-03-31"},
    {"amount is later than 10 EUR", "amount is more than 10 EUR"},
    {"amount is on or after 10 EUR", "amount is at least 10 EUR"},
    {"amount is between 1 EUR and 5 EUR", "amount is at least 1 EUR and amount is at most 5 EUR"},
    {"amount is above 10 EUR", "amount is more than 10 EUR"},
    {"amount is not over 10 EUR", "amount is at most 10 EUR"},
    {"amount is up to 10 EUR", "amount is at most 10 EUR"},
    {"amount is no more than 10 EUR", "amount is at most 10 EUR"},
    {"amount is not at least 10 EUR", "amount is less than 10 EUR"},
    {"amount is at minimum 10 EUR", "amount is at least 10 EUR"},
    {"amount is not known", "amount is missing"},
    {"seats equals 5", "seats is 5"},
    {"seats is equal to 5", "seats is 5"},
    {"seats is not equal to 5", "seats is not 5"},
    {"time since call < 3 days", "time since call is less than 3 days"},
    {"effort > 2 hours", "effort is more than 2 hours"},
    {"discount is at least 12 %", "discount is at least 12%"},
};
INSTANTIATE_TEST_SUITE_P(Comparisons, RepairsOfConditions, ::testing::ValuesIn(comparisons));

const Foreign signs[] = {
    {"amount is known && budget is known", "amount is known and budget is known"},
    {"amount is known & budget is known", "amount is known and budget is known"},
    {"amount is known || budget is known", "amount is known or budget is known"},
    {"!(amount is known)", "not (amount is known)"},
    {"at least 1 of [amount is known, budget is known]", "at least 1 of (amount is known, budget is known)"},
    {"champion is “Ana”", "champion is \"Ana\""},
    {"champion is 'Ana'", "champion is \"Ana\""},
    {"close-date is known", "close_date is known"},
    {"amount is known;", "amount is known"},
    {"amount is at least 5 €", "amount is at least 5 EUR"},
    {"amount is at least 12EUR", "amount is at least 12 EUR"},
    {"amount is at least 50.000,00 EUR", "amount is at least 50,000 EUR"},
    {"amount is at least 50 000 EUR", "amount is at least 50,000 EUR"},
    {"amount is at least 50'000 EUR", "amount is at least 50,000 EUR"},
    {"amount is at least 5 million EUR", "amount is at least 5,000,000 EUR"},
    {"amount is at least EUR 50,000", "amount is at least 50,000 EUR"},
    {"amount is at least 50 euros", "amount is at least 50 EUR"},
    {"amount is at least 10k EUR", "amount is at least 10,000 EUR"},
    {"seats is at least 10k", "seats is at least 10,000"},
    {"discount is at most 20 percent", "discount is at most 20%"},
    {"effort is at most 5hours", "effort is at most 5 hours"},
    {"effort is at most 5 hrs", "effort is at most 5 hours"},
    {"effort is at most 1 h", "effort is at most 1 hour"},
    {"effort is at most two hours", "effort is at most 2 hours"},
    {"close_date is after 5/25/2026", "close_date is after 2026-05-25"},
    {"close_date is after 25.5.2026", "close_date is after 2026-05-25"},
    {"close_date is after 2026-5-6", "close_date is after 2026-05-06"},
    {"close_date is after 2026/5/6", "close_date is after 2026-05-06"},
    {"close_date is after 25 May 2026", "close_date is after 2026-05-25"},
    {"close_date is after May 25, 2026", "close_date is after 2026-05-25"},
    {"signed_at is after 2026-03-02T09:00:00.5Z", "signed_at is after 2026-03-02 09:00:00Z"},
    {"signed_at is after 2026-03-02 9 am", "signed_at is after 2026-03-02 09:00"},
    {"signed_at is after 2026-03-02 5:30 pm", "signed_at is after 2026-03-02 17:30"},
    {"amount is known // said", "amount is known # said"},
    {"amount is known -- said", "amount is known # said"},
    {"amount is known /* said */", "amount is known # said"},
    {"amount is known <!-- said -->", "amount is known # said"},
};
INSTANTIATE_TEST_SUITE_P(Signs, RepairsOfConditions, ::testing::ValuesIn(signs));

const Foreign declarations[] = {
    {"event e is 3th call", "event e is 3rd call"},
    {"event e is 1th call", "event e is 1st call"},
    {"event e is 22th call", "event e is 22nd call"},
    {"event e is 12nd call", "event e is 12th call"},
    {"event e is first call", "event e is 1st call"},
    {"measure m is count of call + count of email", "measure m is count of call plus count of email"},
    {"measure m is count of call - count of email", "measure m is count of call minus count of email"},
    {"measure m is count of call / count of email", "measure m is count of call divided by count of email"},
    {"process p { for deals where seats => 5 stage a stage b { won } path a -> b }",
     "process p { for deals where seats is at least 5 stage a stage b { won } path a -> b }"},
    {"process p { stage a stage b { won } stage c { lost } path a => b from any open stage -> c }",
     "process p { stage a stage b { won } stage c { lost } path a -> b from any open stage -> c }"},
    {"process p { stage a stage b { won } stage c { lost } path a -> b from any open stage => c }",
     "process p { stage a stage b { won } stage c { lost } path a -> b from any open stage -> c }"},
    {"process p { stage a stage b { won }\n  path a - b }", "process p { stage a stage b { won }\n  path a -> b }"},
    {"process p { stage a as First/Second\n  stage b { won } path a -> b }",
     "process p { stage a as \"First/Second\"\n  stage b { won } path a -> b }"},
    {"calendar two { zone Europe/Berlin\n  work monday to friday 09:00 to 17:00 }",
     "calendar two { zone \"Europe/Berlin\"\n  work monday to friday 09:00 to 17:00 }"},
    {"calendar two { zone \"Europe/Berlin\"\n  work monday-friday 09:00 to 17:00 }",
     "calendar two { zone \"Europe/Berlin\"\n  work monday to friday 09:00 to 17:00 }"},
    {"calendar two { zone \"Europe/Berlin\"\n  work monday to friday 9 to 17:30 }",
     "calendar two { zone \"Europe/Berlin\"\n  work monday to friday 09:00 to 17:30 }"},
};
INSTANTIATE_TEST_SUITE_P(Declarations, Repairs, ::testing::ValuesIn(declarations));

/// Clauses of a rule that asks for an answer.
class RepairsOfClauses : public ::testing::TestWithParam<Foreign> {};

TEST_P(RepairsOfClauses, CompileAndAreOneMistake) {
  const std::string before = "must x { right way ", behind = " because \"y\" owed by engineer }";
  expect_repaired(before + GetParam().written + behind, before + GetParam().repaired + behind);
}

const Foreign clauses[] = {
    {"for each deal after email expect call within two days", "for each deal after email expect call within 2 days"},
    {"for each deal after email expect call within a week", "for each deal after email expect call within 1 week"},
    {"for each deal after email expect call within 2 working days",
     "for each deal after email expect call within 2 business days"},
    {"for each deal after email expect call within 1 workdays",
     "for each deal after email expect call within 1 business day"},
    {"for each deal after email expect call within 2 bus. days",
     "for each deal after email expect call within 2 business days"},
    {"for each deal after email expect call within 3 business hours",
     "for each deal after email expect call within 3 working hours"},
    {"for each deal after email expect call within 2-day", "for each deal after email expect call within 2 days"},
    {"for each deal after email expect call within 2days", "for each deal after email expect call within 2 days"},
    {"for each deal after email expect call within 5 d", "for each deal after email expect call within 5 days"},
    {"for each deal after email expect call within <= 2 days", "for each deal after email expect call within  2 days"},
    {"for each deal while open expect amount is known lapse <= 2 days at a time",
     "for each deal while open expect amount is known lapse at most 2 days at a time"},
    {"for each deal where amount => 10 EUR at won expect budget is known",
     "for each deal where amount is at least 10 EUR at won expect budget is known"},
    {"for each deal\n  weekly\n  expect call has happened", "for each deal\n  every week\n  expect call has happened"},
    {"for each deal at won expect seats differs from 4 by <= 2",
     "for each deal at won expect seats differs from 4 by at most 2"},
    {"for each deal every week expect share of call where channel is phone is at least 20% given >= 5 call",
     "for each deal every week expect share of call where channel is phone is at least 20% given at least 5 call"},
};
INSTANTIATE_TEST_SUITE_P(Clauses, RepairsOfClauses, ::testing::ValuesIn(clauses));

}  // namespace
}  // namespace plumb::check

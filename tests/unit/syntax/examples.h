#pragma once

/// The two rulebooks that the language reference shows whole.
namespace plumb::syntax {

inline constexpr const char* acme = R"plumb(# Acme wins new customers in six stages. This file says what each stage means to the buyer, what we
# expect of each other while a deal is in it, and what happens when an expectation is missed.

rulebook acme.new_business {
  title "Winning new customers"
  version 3.1.0
  effective from 2026-02-01
  review by 2027-01-31
  author "sales-ops@acme.example"
  if missed "Talk about it in the next one-to-one." by manager within 5 business days
}

use std.hygiene

calendar office {
  zone "America/New_York"
  work monday to friday 09:00 to 17:30
  holiday 2026-05-25 "Memorial Day"
  holiday 2026-07-03 "Independence Day (observed)"
  fiscal year starts february
}

# What we know. Every field may be missing in a given deal; its type says what it is when it is there.
fields account { industry text }

fields deal of account {
  amount         money
  record_type    text
  segment        one of smb, mid_market, enterprise
  product_line   one of hardware, services
  close_date     date
  next_step_on   date
  budget         money
  authority      text
  need           text
  timing         date
  champion       text
  back_reason    text
  lost_reason    one of price, product, timing, no_decision, competitor
}

fields contact of deal {
  role           one of economic, user, technical, coach
}

fields person {
  role           one of account_executive, manager, engineer
  workload       percent
}

# What happens, in our words. The mapping file says which rows of the CRM these are.
activity call { channel one of phone, video   direction one of made, received }
activity email { direction one of sent, received }
activity meeting with buyer {
  goal           one of agree_problem, agree_criteria, agree_offer, agree_close
  status         one of planned, held, no_show, cancelled
  outcome        one of order, advance, continuation, no_sale
  story          note
}

# What people state.
record report { first_meetings count   new_deals count }
record diagnosis { knows_the_expectation one of yes, no   knows_how one of yes, no   what_they_do note }
record decision { choice one of develop, role_outside_sales, replace }

event held_meeting is meeting where status is held
event first_meeting is 1st held_meeting for each account
event second_meeting is 2nd held_meeting on another day
event first_touch is 1st of (call where direction is made, email where direction is sent, held_meeting)
event touch is any of (created, call, email, held_meeting)
event pushed is close_date moved to a later quarter

process new_business {
  for deals where record_type is "New Business"

  stage lead as "Lead" {
    buyer "Has a problem and has not heard of us"
  }
  stage prospecting as "Prospecting" {
    buyer "Agrees to talk"
    to move on first_meeting has happened
    at most 20 business days
  }
  stage qualification as "Qualification" {
    buyer "Decides whether this is worth solving"
    manager "Is it qualified?"
    to move on at least 3 of (budget is known, authority is known, need is known, timing is known)
    at most 15 business days
  }
  stage needs as "Needs Analysis" {
    buyer "Names what a good answer looks like"
    to move on champion is known and second_meeting has happened
    at most 25 business days
    may be skipped when amount is less than 10,000 USD
  }
  stage proposal as "Proposal/Price Quote" {
    buyer "Compares offers"
    to enter amount is known and close_date is known
    while in close_date is not before today
    at most 20 business days
  }
  stage negotiation as "Negotiation/Review" {
    buyer "Resolves what stands in the way"
    at most 20 business days
  }
  stage won as "Closed Won" { won }
  stage lost as "Closed Lost" { lost   to enter lost_reason is known }

  path lead -> prospecting -> qualification -> needs -> proposal -> negotiation -> won
  back proposal -> needs at most 1 time when back_reason is known since enters proposal
  from any open stage -> lost
}

checklist bant "What makes it worth our time" {
  for deals where segment is enterprise
  levels open, heard, confirmed
  item money "There is money for it" {
    level heard when budget is known
    level confirmed when budget is known from buyer or better
    needs heard to enter proposal
    needs confirmed while in negotiation
  }
  item decider "Somebody can say yes" {
    level heard when authority is known
    level confirmed when count of contact where role is economic is at least 1
    needs heard to enter proposal
  }
}

# --- right time --------------------------------------------------------------------------------

must agreed_next_step "After a meeting the next step is agreed within two business days" {
  right time
  for each deal in qualification or later
  after held_meeting
  expect next_step_on is known and next_step_on is after today
  within 2 business days
  because "Without an agreed, dated next step it is a lead, not a prospect."
  if missed "Agree the date with the buyer, or close the deal." by owner within 2 business days
  if missed "Say why it happened." recorded as cause by manager within 10 business days
}

must close_date_moves "A close date is moved past the quarter at most twice" {
  right time
  for each deal
  throughout
  expect count of pushed is at most 2
  because "A date that moves three times was never the buyer's."
}

must weekly_report "Everybody reports the week by Monday" {
  right time
  for each person where role is account_executive
  every week by monday 16:30 of the week after or the next business day
  expect report has happened
  because "The number you write yourself is the one you look at."
}

# --- right way ---------------------------------------------------------------------------------

must goal_before_meeting "A meeting has a goal before it starts" {
  right way
  for each deal in qualification or later
  before held_meeting
  expect its goal is known
  because "Without a goal stated before, any answer will do after."
}

should no_standstill "Two meetings in a row without an advance are talked about" {
  right way
  for each deal in qualification or later
  at held_meeting
  expect count of (held_meeting where outcome is continuation) over last 2 held_meeting is at most 1
  because "Going on without an agreement twice is a decision nobody has taken."
}

should phone_first "First touches are made by phone" {
  right way
  for each person where role is account_executive
  every month
  expect share of first_touch where channel is phone is at least 60%
  given at least 20 first_touch
  because "Two people who talk find out sooner that there is nothing to talk about."
}

# --- right thing -------------------------------------------------------------------------------

must first_meetings "Holds the first meetings the plan asks for" {
  right thing
  for each person where role is account_executive
  every week
  expect count of first_meeting is at least quota for first_meeting
  averaged over 4 weeks
  because "Everything later in the funnel begins here."
  ladder humane
}

measure services_share is share of amount of created deals where product_line is services

target services_mix "The agreed share of services in new pipeline" {
  is 20% from 2026-05-01
  is 40% from 2026-08-01
  based on judgement
}

must services_sold "Services are their agreed share of new pipeline" {
  right thing
  for each person where role is account_executive
  every quarter
  expect services_share is at least services_mix
  given at least 5 created deals
  because "What we are told to sell is what we will be able to deliver next year."
}

trial video_first "A short video call comes before the first visit" {
  proposed by "ana@acme.example" on 2026-02-10
  review by 2026-07-31
  right way
  for each deal in prospecting or later
  before first_meeting
  expect (call where channel is video) has happened
  because "Ana's won deals all had one."
}

# --- what the numbers ask for --------------------------------------------------------------------

measure win_rate is share of closed deals where won
measure cycle is median days from created to won of won deals
measure second_rate is share of first_meeting followed by second_meeting within 30 days

plan quota {
  target 240,000 USD of won deals
  every quarter for each person where role is account_executive
  a deal is worth mean amount of won deals over last 4 quarters given at least 30 won deals, else of team, else 20,000 USD
  work back from won to proposal to second_meeting to first_meeting
  rates over last 4 quarters given at least 30 deals, else of team, else 40%, 60%, 50%
  reached within 2 quarters
  lead time median
  ramp 0%, 25%, 50%, 100% by month
  adjusted for holidays, leave longer than 2 business days, ramp, workload
}

# --- when it does not work -----------------------------------------------------------------------

ladder humane for each person {
  starts when the same right is missed in 2 of 3 months
  rung notice { manager tells person within 1 business day }
  rung diagnose { manager records diagnosis within 5 business days }
  rung coach { manager holds 2 coaching_session within 4 weeks }
  rung interval { person owes weekly_report every day for at most 2 weeks }
  rung offer { manager records help_offered within 5 business days }
  rung decide { manager records decision within 10 business days only after help_refused }
  climbs when missed again in the next month
  waits while person is on leave or person is in ramp or manager owes a step
  waits at coach while effort is kept
  clears after 2 months kept
}

# --- what must always be true of this file ---------------------------------------------------------

prove "every won deal has been through qualification" every path to won passes qualification
prove "every open deal can still end" from every stage won or lost is reachable
prove "help comes before the last choice" in ladder humane coach comes before decide
prove "a deal without a return fits two quarters" longest path from prospecting to won without going back is at most 125 business days

test "a meeting without a next step is missed after two business days" {
  person ana { role account_executive   manager max }
  deal D1 { owner ana   record_type "New Business"   amount 20,000 USD }
  2026-03-02 09:00 D1 enters qualification
  2026-03-03 10:00 D1 meeting { status held   goal agree_problem recorded 2026-03-02 17:00 }
  as of 2026-03-04 expect agreed_next_step is due for D1
  as of 2026-03-05 expect agreed_next_step is missed for D1 because next_step_on is missing
  as of 2026-03-05 expect goal_before_meeting is kept for D1
}

test "a goal typed in after the start does not count" {
  deal D1 { owner ana   record_type "New Business" }
  2026-03-02 09:00 D1 enters qualification
  2026-03-03 10:00 D1 meeting { status held   goal agree_problem recorded 2026-03-03 10:05 }
  as of 2026-03-05 expect goal_before_meeting is missed for D1
}
)plumb";

inline constexpr const char* globex = R"plumb(rulebook globex.new_business { version 1.0.0   effective from 2026-03-01 }

extends acme.new_business

change must agreed_next_step { within 1 business day }
change must first_meetings for each person where team is "north" { averaged over 6 weeks }
change stage proposal in new_business { at most 10 business days }
change target services_mix { is 10% from 2026-05-01   based on judgement }
remove should phone_first because "Globex sells through partners; their partners make the first touch."

must partner_named "The partner is named before the proposal" {
  right way
  for each deal
  at enters proposal
  expect partner is known
  because "Nobody can deliver what nobody was told about."
}

fields deal { partner text }
)plumb";

}  // namespace plumb::syntax

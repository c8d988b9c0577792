// The grammar of Plumb. Every declaration starts with the word that says what it is, every clause with its own keyword;
// clauses are accepted in any order and any number (the formatter orders them, the reader reports a second one).
// README.md in this folder is the language reference; this file is what decides.
parser grammar PlumbParser;

options { tokenVocab = PlumbLexer; }

file: declaration* EOF;

declaration
  : rulebookDeclaration | useDeclaration | extendsDeclaration | calendarDeclaration | fieldsDeclaration
  | activityDeclaration | recordDeclaration | eventDeclaration | processDeclaration | checklistDeclaration
  | ruleDeclaration | measureDeclaration | targetDeclaration | planDeclaration | ladderDeclaration | proveDeclaration
  | testDeclaration | changeDeclaration | removeDeclaration
  ;

// --- the rulebook and what it builds on ----------------------------------------------------------------------------

rulebookDeclaration: RULEBOOK dottedName rulebookBody;
rulebookBody: BRACE_OPEN rulebookClause* BRACE_CLOSE;
rulebookClause
  : titleClause | versionClause | calendarClause | ladderClause | becauseClause | responseClause | headerClause
  ;
titleClause: TITLE text;
versionClause: VERSION (VERSION_NUMBER | NUMERAL | STRING);
calendarClause: CALENDAR anyName;

// Header words may stand in any declaration; `sealed` and `tighten only` say what a client may do to it.
headerClause: authorClause | proposedClause | effectiveClause | reviewClause | sealedClause | tightenClause;
authorClause: AUTHOR text;
proposedClause: PROPOSED BY text ON date;
effectiveClause: EFFECTIVE FROM date;
reviewClause: REVIEW BY date;
sealedClause: SEALED;
tightenClause: TIGHTEN ONLY;
// A declaration of one line takes its header words in braces.
headerBody: BRACE_OPEN headerClause* BRACE_CLOSE;

useDeclaration: USE dottedName;
extendsDeclaration: EXTENDS dottedName;

changeDeclaration: CHANGE changed;
changed
  : strength dottedName forEachClause? ruleBody
  | STAGE anyName IN anyName stageBody
  | ITEM anyName IN anyName itemBody
  | RUNG anyName IN anyName rungBody
  | TARGET anyName targetBody
  | MEASURE anyName IS value headerBody?
  | EVENT anyName IS event headerBody?
  | PLAN anyName planBody
  | LADDER anyName ladderBody
  | CHECKLIST anyName checklistBody
  | PROCESS anyName processBody
  | CALENDAR anyName calendarBody
  | FIELDS anyName fieldsBody
  | ACTIVITY anyName fieldsBody
  | RECORD anyName fieldsBody
  ;

removeDeclaration: REMOVE removedKind dottedName (IN anyName)? becauseClause headerBody?;
removedKind
  : strength | STAGE | ITEM | RUNG | TARGET | MEASURE | EVENT | PLAN | LADDER | CHECKLIST | PROCESS | CALENDAR | FIELDS
  | ACTIVITY | RECORD
  ;

// --- calendars -----------------------------------------------------------------------------------------------------

calendarDeclaration: CALENDAR anyName calendarBody;
calendarBody: BRACE_OPEN calendarPart* BRACE_CLOSE;
calendarPart
  : zoneClause | workClause | holidayClause | fiscalClause | weekClause | termClause | headerClause
  ;
zoneClause: ZONE text;
workClause: WORK weekday (TO weekday)? clock TO clock;
holidayClause: HOLIDAY date text?;
fiscalClause: FISCAL YEAR STARTS monthName;
weekClause: WEEK STARTS weekday;
termClause: TERM text date TO date;

weekday: MONDAY | TUESDAY | WEDNESDAY | THURSDAY | FRIDAY | SATURDAY | SUNDAY;
monthName
  : JANUARY | FEBRUARY | MARCH | APRIL | MAY | JUNE | JULY | AUGUST | SEPTEMBER | OCTOBER | NOVEMBER | DECEMBER
  ;

// --- what we know and what happens ---------------------------------------------------------------------------------

fieldsDeclaration: FIELDS anyName (OF anyName)? fieldsBody;
activityDeclaration: ACTIVITY anyName (WITH BUYER)? fieldsBody?;
recordDeclaration: RECORD anyName fieldsBody?;
eventDeclaration: EVENT anyName IS event headerBody?;

fieldsBody: BRACE_OPEN fieldsClause* BRACE_CLOSE;
fieldsClause: headerClause | fieldClause;
fieldClause: fieldName fieldType;
// `sealed` and `tighten` begin header words here, so a field of that name is quoted.
fieldName: plainWord | unitWord | stateWord | RECORDED | RECORDS | SETS | DEALS | FROM | TO | reservedWord;
fieldType: ONE OF anyName (COMMA anyName)* | simpleType;
simpleType
  : MONEY | TEXT | DATE | INSTANT | COUNT | NUMBER | PERCENT | NOTE | PERSON | STAGE
  | MINUTES | HOURS | DAYS | WEEKS | MONTHS | QUARTERS | YEARS | BUSINESS DAYS | WORKING HOURS
  ;

// --- processes -----------------------------------------------------------------------------------------------------

processDeclaration: PROCESS anyName text? processBody;
processBody: BRACE_OPEN processClause* BRACE_CLOSE;
processClause
  : forDealsClause | stageClause | pathClause | backClause | fromAnyClause | holdWhileClause | headerClause
  ;
forDealsClause: FOR DEALS WHERE condition;
holdWhileClause: ON HOLD WHILE condition;
pathClause: PATH anyName (ARROW anyName)+;
backClause: BACK anyName ARROW anyName (AT MOST NUMERAL (TIME | TIMES))? (WHEN condition)?;
fromAnyClause: FROM ANY OPEN STAGE ARROW anyName (COMMA anyName)*;

stageClause: STAGE anyName (AS text)? stageBody?;
stageBody: BRACE_OPEN stagePart* BRACE_CLOSE;
stagePart
  : buyerClause | managerClause | moveOnClause | enterClause | whileInClause | atMostClause | mayBeSkippedClause
  | mayBeFirstClause | wonClause | lostClause | onHoldClause | wasClause | headerClause
  ;
buyerClause: BUYER text;
managerClause: MANAGER text;
moveOnClause: TO MOVE ON condition;
enterClause: TO ENTER condition;
whileInClause: WHILE IN condition;
atMostClause: AT MOST duration;
mayBeSkippedClause: MAY BE SKIPPED (WHEN condition)?;
mayBeFirstClause: MAY BE FIRST (WHEN condition)?;
wonClause: WON;
lostClause: LOST;
onHoldClause: ON HOLD;
wasClause: WAS anyName (COMMA anyName)*;

// --- checklists ----------------------------------------------------------------------------------------------------

checklistDeclaration: CHECKLIST anyName text? checklistBody;
checklistBody: BRACE_OPEN checklistClause* BRACE_CLOSE;
checklistClause: forDealsClause | levelsClause | itemClause | becauseClause | headerClause;
levelsClause: LEVELS anyName (COMMA anyName)*;
itemClause: ITEM anyName text? itemBody?;
itemBody: BRACE_OPEN itemPart* BRACE_CLOSE;
itemPart: levelClause | needsClause | becauseClause | responseClause | headerClause;
levelClause: LEVEL anyName WHEN condition;
needsClause: NEEDS anyName (TO ENTER anyName | WHILE IN anyName (OR LATER)?);

// --- what is expected ----------------------------------------------------------------------------------------------

ruleDeclaration: strength anyName text? ruleBody;
strength: MUST | SHOULD | TRIAL;
ruleBody: BRACE_OPEN ruleClause* BRACE_CLOSE;
ruleClause
  : rightClause | forEachClause | shapeClause | expectClause | aheadClause | withinClause | lapseClause
  | evenWhenClosedClause | eachItsOwnClause | givenClause | averagedClause | adjustedClause | lateClause | owedClause
  | becauseClause | responseClause | ladderClause | basedOnClause | headerClause
  ;
rightClause: RIGHT (TIME | WAY | THING);
forEachClause: FOR (EACH subject | THE COMPANY);
subject: (DEAL (OF anyName)? | PERSON | TEAM) (IN stageRange)? (WHERE condition)?;
stageRange: word (OR LATER)?;
shapeClause: afterClause | beforeClause | atClause | whileClause | everyClause | throughoutClause;
afterClause: AFTER event;
beforeClause: BEFORE event;
atClause: AT event;
whileClause: WHILE condition;
everyClause: EVERY period point?;
throughoutClause: THROUGHOUT;
point: BY (weekday | BUSINESS? DAY NUMERAL) clock? (OF THE period AFTER)? (OR THE NEXT BUSINESS DAY)?;
expectClause: EXPECT condition;
aheadClause: AT LEAST duration AHEAD;
withinClause: WITHIN duration;
lapseClause: LAPSE AT MOST duration AT A TIME;
evenWhenClosedClause: EVEN WHEN CLOSED;
eachItsOwnClause: EACH ITS OWN;
givenClause: GIVEN AT LEAST NUMERAL population;
averagedClause: AVERAGED OVER NUMERAL periods;
adjustedClause: ADJUSTED FOR adjustment (COMMA adjustment)*;
// holidays, leave, ramp, or a field of the person.
adjustment: word (LONGER THAN duration)?;
lateClause: LATE COUNTS AS (KEPT | MISSED);
owedClause: OWED BY who;
becauseClause: BECAUSE text;
responseClause: IF verdictWord text (RECORDED AS anyName)? BY who WITHIN duration;
verdictWord: MISSED | LATE | KEPT | CANNOT TELL;
ladderClause: LADDER anyName;
basedOnClause: BASED ON (JUDGEMENT | NUMERAL thing UNTIL date);
who: word;

// --- measures, targets, plans --------------------------------------------------------------------------------------

measureDeclaration: MEASURE anyName text? IS value headerBody?;

targetDeclaration: TARGET anyName text? targetBody;
targetBody: BRACE_OPEN targetClause* BRACE_CLOSE;
targetClause: caseClause | basedOnClause | becauseClause | headerClause;
// Cases begin with `is`, so their condition is one that is whole without looking further.
caseClause: IS caseValue (IN stageRange)? (WHERE part)? (FROM date)?;

caseValue: PERCENTAGE OF word | literal | word;

planDeclaration: PLAN anyName text? planBody;
planBody: BRACE_OPEN planClause* BRACE_CLOSE;
planClause
  : planTargetClause | planEveryClause | worthClause | workBackClause | ratesClause | reachedClause | leadTimeClause
  | rampClause | adjustedClause | basedOnClause | becauseClause | headerClause
  ;
planTargetClause: TARGET (literal | word) OF population;
planEveryClause: EVERY period FOR EACH subject;
worthClause: A DEAL IS WORTH value givenPart? elsePart*;
workBackClause: WORK BACK FROM word (TO word)+;
ratesClause: RATES OVER LAST NUMERAL periods givenPart? elsePart*;
givenPart: GIVEN AT LEAST NUMERAL population;
elsePart: COMMA ELSE (OF word | literal (COMMA literal)*);
reachedClause: REACHED WITHIN duration;
leadTimeClause: LEAD TIME (MEDIAN | MEAN | duration);
rampClause: RAMP PERCENTAGE (COMMA PERCENTAGE)* BY period;

// --- ladders -------------------------------------------------------------------------------------------------------

ladderDeclaration: LADDER anyName text? forEachClause? ladderBody;
ladderBody: BRACE_OPEN ladderPart* BRACE_CLOSE;
ladderPart
  : forEachClause | startsClause | rungClause | climbsClause | waitsClause | clearsClause | becauseClause | headerClause
  ;
startsClause: STARTS WHEN (THE SAME RIGHT | rightOf | word) IS MISSED IN NUMERAL OF NUMERAL periods;
rungClause: RUNG anyName text? rungBody;
rungBody: BRACE_OPEN rungStep* BRACE_CLOSE;
rungStep
  : who (TELLS who | RECORDS anyName | HOLDS NUMERAL anyName | owesDuty) (WITHIN duration)? (ONLY AFTER word)?
  ;
owesDuty: OWES word EVERY (BUSINESS DAY | period) (FOR AT MOST duration)?;
climbsClause: CLIMBS WHEN MISSED AGAIN IN THE NEXT period;
waitsClause: WAITS (AT anyName)? WHILE condition;
clearsClause: CLEARS AFTER NUMERAL periods KEPT;

// --- proofs --------------------------------------------------------------------------------------------------------

proveDeclaration: PROVE text proposition (IN PROCESS anyName)? headerBody?;
proposition
  : EVERY PATH TO word PASSES word                                                # pathPasses
  | FROM EVERY STAGE word (OR word)* IS REACHABLE                                 # stageReaches
  | IN LADDER word word COMES BEFORE word                                         # rungBefore
  | LONGEST PATH FROM word TO word (WITHOUT GOING BACK)? IS AT MOST duration      # longestPath
  ;

// --- tests ---------------------------------------------------------------------------------------------------------

testDeclaration: TEST text testBody;
testBody: BRACE_OPEN testPart* BRACE_CLOSE;
testPart: castClause | leaveLine | datedLine | repeatLine | expectation;
castClause: castKind anyName (OF anyName)? castBody?;
castKind: PERSON | DEAL | CONTACT | ACCOUNT | TEAM;
castBody: BRACE_OPEN castFact* BRACE_CLOSE;
castFact: LEAVE FROM instant TO instant recordedAt? | factName factValue factSource? factFrom? recordedAt?;
// What may follow a value is no name of the next fact; such a field is quoted.
factName: plainWord | unitWord | stateWord | RECORDS | SEALED | SETS | TIGHTEN | DEALS | reservedWord;
factValue: literal | word;
factSource: FROM word;
factFrom: FROM instant (TO instant)? | TO instant;
recordedAt: RECORDED instant;

leaveLine: word ON LEAVE FROM instant TO instant recordedAt?;
datedLine: instant act recordedAt?;
repeatLine: NUMERAL TIMES FROM date EVERY (BUSINESS DAY | period) clock? act;
act: anyName deed;
deed
  : ENTERS word | LEAVES word | SETS anyName TO factValue factSource? | RECORDS anyName castBody? | deedName castBody?
  ;
deedName: plainWord | unitWord | stateWord;

expectation: AS OF instant (KNOWN AT instant)? EXPECT expected;
expected
  : NO clauseName FOR anyName
  | clauseName IS (verdictName | literal) FOR anyName (OPENED instant)? (BECAUSE condition)?
  ;
verdictName: CANNOT TELL | word;

// --- conditions ----------------------------------------------------------------------------------------------------

condition: conjunction (OR conjunction)*;
conjunction: negation (AND negation)*;
negation: NOT* statement;
// A value alone is a condition only where it is a state of the deal, an event that is expected anew, or stands in
// parentheses before `has happened`; the reader says so.
statement: inStage | atLeastOf | value (predicate tail*)?;
inStage: IN stageRange;
atLeastOf: AT LEAST NUMERAL OF (PAREN_OPEN part (COMMA part)* PAREN_CLOSE | word ARE (word | KNOWN));

// A condition in a list, where a value alone would be taken for one more of `is one of A, B`.
part: partConjunction (OR partConjunction)*;
partConjunction: partNegation (AND partNegation)*;
partNegation: NOT* partStatement;
partStatement: stateWord | inStage | atLeastOf | parenthesis (predicate tail*)? | bareOperand predicate tail*;

// `where` in an event or aggregate takes one condition or a parenthesis.
narrowing: WHERE narrow;
narrow: PAREN_OPEN condition PAREN_CLOSE | NOT* simple;
simple: stateWord | inStage | atLeastOf | bareOperand predicate sourceTail?;

predicate
  : IS (KNOWN | MISSING)                                                          # knownPredicate
  | HAS HAPPENED                                                                  # happenedPredicate
  | IS (AT LEAST | AT MOST) duration (AFTER | BEFORE) bareOperand                 # apartPredicate
  | IS comparison? value                                                          # comparePredicate
  | IS NOT? ONE OF choice (COMMA choice)*                                         # oneOfPredicate
  | IS NOT? (ON LEAVE | IN RAMP | ON HOLD)                                        # situationPredicate
  | DIFFERS FROM value BY AT MOST value                                           # differsPredicate
  | OWES A STEP                                                                   # owesPredicate
  ;
comparison: AT LEAST | AT MOST | MORE_WORD THAN | LESS THAN | BEFORE | AFTER | NOT (BEFORE | AFTER)?;
choice: literal | word;

// Which of the facts count.
tail: sourceTail | sinceTail | inTail | lastTail;
sourceTail: FROM word (OR BETTER)?;
sinceTail: SINCE event;
inTail: IN duration;
lastTail: OVER LAST NUMERAL thing;
// What `over last N` and `based on N` count: periods, deals, or an event.
thing: periods | (stateWord | CREATED)? DEALS | stateWord | plainWord | PAREN_OPEN event PAREN_CLOSE;

// --- values --------------------------------------------------------------------------------------------------------

// Only a measure calculates; elsewhere the checker says so.
value: operand ((PLUS | MINUS | DIVIDED BY) operand)*;
operand: parenthesis | bareOperand;
// A condition, a calculation or an event: what follows decides, after reading.
parenthesis: PAREN_OPEN condition PAREN_CLOSE narrowing?;
bareOperand
  : PERCENTAGE OF operand                                                         # percentOf
  | literal                                                                       # literalOperand
  | TODAY                                                                         # todayOperand
  | ITS word                                                                      # itsOperand
  | rightOf                                                                       # rightOperand
  | CANNOT TELL                                                                   # cannotTellOperand
  | aggregate                                                                     # aggregateOperand
  | TIME SINCE event                                                              # timeSince
  | TOTAL TIME IN word                                                            # totalTimeIn
  | word FOR word                                                                 # quotaFor
  | word OF population aggregatePart*                                             # nameOf
  | word PER period tail*                                                         # namePer
  | word (DOT anyName)+ (DOT NUMERAL)?                                            # dottedOperand
  | (ordinalEvent | eventWord narrowing?)                                         # eventOperand
  ;
rightOf: RIGHT (TIME | WAY | THING);

aggregate
  : COUNT OF population aggregatePart*                                            # countOf
  | SUM word OF population aggregatePart*                                         # sumOf
  | (MEAN | MEDIAN) unit FROM event TO event OF population aggregatePart*         # spanOf
  | (MEAN | MEDIAN) word OF population aggregatePart*                             # averageOf
  | SHARE OF (word OF)? population followed? aggregatePart*                       # shareOf
  ;
followed: FOLLOWED BY event WITHIN duration;
aggregatePart: BY ACTOR | OF (TEAM | COMPANY) | AT (CREATED | WON) | PER period | tail;
// Deals in a state, or what an event names: activities, records, moves, also `contact` and `person`.
population: (stateWord | CREATED)? DEALS narrowing? | event;

// --- events --------------------------------------------------------------------------------------------------------

event: ordinalEvent | plainEvent narrowing?;
ordinalEvent: ORDINAL (OF eventList | plainEvent) narrowing? ordinalPart*;
ordinalPart: FOR EACH (ACCOUNT | CONTACT) | ON ANOTHER DAY;
plainEvent: eventWord | PAREN_OPEN event PAREN_CLOSE;
eventWord
  : ANY OF eventList                                                              # anyOf
  | ENTERS word                                                                   # entersStage
  | LEAVES word                                                                   # leavesStage
  | word CHANGED                                                                  # fieldChanged
  | word MOVED TO (A LATER | AN EARLIER) period                                   # fieldMoved
  | word STARTS LEAVE                                                             # startsLeave
  | word                                                                          # namedEvent
  ;
eventList: PAREN_OPEN event (COMMA event)* PAREN_CLOSE;

// --- literals ------------------------------------------------------------------------------------------------------

literal: money | duration | instant | PERCENTAGE | NUMERAL;
money: NUMERAL CURRENCY;
duration: NUMERAL unit;
unit
  : MINUTE | MINUTES | HOUR | HOURS | DAY | DAYS | WEEK | WEEKS | MONTH | MONTHS | QUARTER | QUARTERS | YEAR | YEARS
  | BUSINESS (DAY | DAYS) | WORKING (HOUR | HOURS)
  ;
period: DAY | WEEK | MONTH | QUARTER | HALF YEAR | YEAR | TERM;
periods
  : DAY | DAYS | WEEK | WEEKS | MONTH | MONTHS | QUARTER | QUARTERS | YEAR | YEARS | HALF (YEAR | YEARS) | TERM | TERMS
  ;
instant: CALENDAR_DATE (CLOCK | CLOCK_OFFSET)?;
date: CALENDAR_DATE;
clock: CLOCK;
text: STRING;

// --- names ---------------------------------------------------------------------------------------------------------

dottedName: anyName (DOT anyName)*;
// A clause of a stage that is not the first of its kind has a number: `sales.talk.to_move_on.2`.
clauseName: anyName ((DOT anyName)+ (DOT NUMERAL)?)?;

// A name where one is declared, or where nothing but a name can stand: any keyword, too.
anyName: plainWord | unitWord | stateWord | markWord | DEALS | FROM | TO | reservedWord;

// A name inside a condition or an event expression: the connecting words are reserved there, and are quoted as names.
word: plainWord | unitWord | stateWord | markWord;

plainWord
  : IDENT | CURRENCY | STRING
  | A | ACCOUNT | ACTIVITY | ACTOR | ADJUSTED | AGAIN | AHEAD | AN | ANOTHER | APRIL | ARE | AS | AUGUST
  | AUTHOR | AVERAGED | BACK | BASED | BE | BUYER | CALENDAR | CANNOT | CHANGE | CHANGED | CHECKLIST | CLEARS
  | CLIMBS | COMES | COMPANY | CONTACT | COUNTS | CREATED | DATE | DEAL | DECEMBER | DIFFERS | DIVIDED
  | EFFECTIVE | ELSE | ENTER | EVEN | EVENT | EXTENDS | FEBRUARY | FIELDS | FIRST | FISCAL | FOLLOWED | FRIDAY
  | GOING | HOLD | HOLDS | HOLIDAY | HOLIDAYS | INSTANT | ITEM | JANUARY | JUDGEMENT | JULY | JUNE | KEPT
  | LADDER | LAPSE | LAST | LATE | LEAD | LEAVE | LEVEL | LEVELS | LONGER | LONGEST | MANAGER | MARCH | MAY
  | MEASURE | MINUS | MISSED | MONDAY | MONEY | MOVE | MOVED | MUST | NEEDS | NEXT | NO | NOTE | NOVEMBER
  | NUMBER | OCTOBER | ON | ONLY | OPENED | OWED | OWES | OWN | OWNER | PASSES | PATH | PERCENT | PERSON | PLAN
  | PLUS | PROCESS | PROPOSED | PROVE | RAMP | RATES | REACHABLE | REACHED | RECORD | REMOVE | REVIEW | RIGHT
  | RULEBOOK | RUNG | SAME | SATURDAY | SEPTEMBER | SHOULD | SKIPPED | STAGE | STARTS | STEP | SUNDAY | TARGET
  | TEAM | TELL | TELLS | TEST | TEXT | THE | THING | THURSDAY | TIMES | TITLE | TOTAL | TRIAL | TUESDAY | UNTIL
  | USE | VERSION | WAITS | WAS | WAY | WEDNESDAY | WITH | WITHOUT | WORK | WORTH | ZONE
  ;

unitWord
  : MINUTE | MINUTES | HOUR | HOURS | DAY | DAYS | WEEK | WEEKS | MONTH | MONTHS | QUARTER | QUARTERS | YEAR
  | YEARS | BUSINESS | WORKING | TERM | TERMS | HALF
  ;

stateWord: OPEN | CLOSED | WON | LOST;

// Words that mark what stands beside them; some lists of names do without them.
markWord: RECORDED | RECORDS | SEALED | SETS | TIGHTEN;

reservedWord
  : AND | OR | NOT | IS | HAS | IN | OF | WHERE | SINCE | AT | LEAST | MOST | MORE_WORD | LESS | THAN | COUNT | SHARE
  | SUM | MEAN | MEDIAN | KNOWN | MISSING | TODAY | ANY | EACH | EVERY | LATER | BEFORE | AFTER | ENTERS
  | LEAVES | HAPPENED | ONE | ITS | TIME | EARLIER | WITHIN | BECAUSE | EXPECT | IF | GIVEN | BETTER | FOR | BY
  | WHEN | WHILE | OVER | PER | THROUGHOUT
  ;

// The words and marks of Plumb. Every keyword is its own token; PlumbParser.g4 says where each may also be a name.
lexer grammar PlumbLexer;

// --- keywords ------------------------------------------------------------------------------------------------------

A: 'a'; ACCOUNT: 'account'; ACTIVITY: 'activity'; ACTOR: 'actor';
ADJUSTED: 'adjusted'; AFTER: 'after'; AGAIN: 'again'; AHEAD: 'ahead';
AN: 'an'; AND: 'and'; ANOTHER: 'another'; ANY: 'any';
APRIL: 'april'; ARE: 'are'; AS: 'as'; AT: 'at';
AUGUST: 'august'; AUTHOR: 'author'; AVERAGED: 'averaged'; BACK: 'back';
BASED: 'based'; BE: 'be'; BECAUSE: 'because'; BEFORE: 'before';
BETTER: 'better'; BUSINESS: 'business'; BUYER: 'buyer'; BY: 'by';
CALENDAR: 'calendar'; CANNOT: 'cannot'; CHANGE: 'change'; CHANGED: 'changed';
CHECKLIST: 'checklist'; CLEARS: 'clears'; CLIMBS: 'climbs'; CLOSED: 'closed';
COMES: 'comes'; COMPANY: 'company'; CONTACT: 'contact'; COUNT: 'count';
COUNTS: 'counts'; CREATED: 'created'; DATE: 'date'; DAY: 'day';
DAYS: 'days'; DEAL: 'deal'; DEALS: 'deals'; DECEMBER: 'december';
DIFFERS: 'differs'; DIVIDED: 'divided'; EACH: 'each'; EARLIER: 'earlier';
EFFECTIVE: 'effective'; ELSE: 'else'; ENTER: 'enter'; ENTERS: 'enters';
EVEN: 'even'; EVENT: 'event'; EVERY: 'every'; EXPECT: 'expect';
EXTENDS: 'extends'; FEBRUARY: 'february'; FIELDS: 'fields'; FIRST: 'first';
FISCAL: 'fiscal'; FOLLOWED: 'followed'; FOR: 'for'; FRIDAY: 'friday';
FROM: 'from'; GIVEN: 'given'; GOING: 'going'; HALF: 'half';
HAPPENED: 'happened'; HAS: 'has'; HOLD: 'hold'; HOLDS: 'holds';
HOLIDAY: 'holiday'; HOLIDAYS: 'holidays'; HOUR: 'hour'; HOURS: 'hours';
IF: 'if'; IN: 'in'; INSTANT: 'instant'; IS: 'is';
ITEM: 'item'; ITS: 'its'; JANUARY: 'january'; JUDGEMENT: 'judgement';
JULY: 'july'; JUNE: 'june'; KEPT: 'kept'; KNOWN: 'known';
LADDER: 'ladder'; LAPSE: 'lapse'; LAST: 'last'; LATE: 'late';
LATER: 'later'; LEAD: 'lead'; LEAST: 'least'; LEAVE: 'leave';
LEAVES: 'leaves'; LESS: 'less'; LEVEL: 'level'; LEVELS: 'levels';
LONGER: 'longer'; LONGEST: 'longest'; LOST: 'lost'; MANAGER: 'manager';
MARCH: 'march'; MAY: 'may'; MEAN: 'mean'; MEASURE: 'measure';
MEDIAN: 'median'; MINUS: 'minus'; MINUTE: 'minute'; MINUTES: 'minutes';
MISSED: 'missed'; MISSING: 'missing'; MONDAY: 'monday'; MONEY: 'money';
MONTH: 'month'; MONTHS: 'months'; MORE_WORD: 'more'; MOST: 'most';
MOVE: 'move'; MOVED: 'moved'; MUST: 'must'; NEEDS: 'needs';
NEXT: 'next'; NO: 'no'; NOT: 'not'; NOTE: 'note';
NOVEMBER: 'november'; NUMBER: 'number'; OCTOBER: 'october'; OF: 'of';
ON: 'on'; ONE: 'one'; ONLY: 'only'; OPEN: 'open';
OPENED: 'opened'; OR: 'or'; OVER: 'over'; OWED: 'owed';
OWES: 'owes'; OWN: 'own'; OWNER: 'owner'; PASSES: 'passes';
PATH: 'path'; PER: 'per'; PERCENT: 'percent'; PERSON: 'person';
PLAN: 'plan'; PLUS: 'plus'; PROCESS: 'process'; PROPOSED: 'proposed';
PROVE: 'prove'; QUARTER: 'quarter'; QUARTERS: 'quarters'; RAMP: 'ramp';
RATES: 'rates'; REACHABLE: 'reachable'; REACHED: 'reached'; RECORD: 'record';
RECORDED: 'recorded'; RECORDS: 'records'; REMOVE: 'remove'; REVIEW: 'review';
RIGHT: 'right'; RULEBOOK: 'rulebook'; RUNG: 'rung'; SAME: 'same';
SATURDAY: 'saturday'; SEALED: 'sealed'; SEPTEMBER: 'september'; SETS: 'sets';
SHARE: 'share'; SHOULD: 'should'; SINCE: 'since'; SKIPPED: 'skipped';
STAGE: 'stage'; STARTS: 'starts'; STEP: 'step'; SUM: 'sum';
SUNDAY: 'sunday'; TARGET: 'target'; TEAM: 'team'; TELL: 'tell';
TELLS: 'tells'; TERM: 'term'; TERMS: 'terms'; TEST: 'test'; TEXT: 'text';
THAN: 'than'; THE: 'the'; THING: 'thing'; THROUGHOUT: 'throughout';
THURSDAY: 'thursday'; TIGHTEN: 'tighten'; TIME: 'time'; TIMES: 'times';
TITLE: 'title'; TO: 'to'; TODAY: 'today'; TOTAL: 'total';
TRIAL: 'trial'; TUESDAY: 'tuesday'; UNTIL: 'until'; USE: 'use';
VERSION: 'version'; WAITS: 'waits'; WAS: 'was'; WAY: 'way';
WEDNESDAY: 'wednesday'; WEEK: 'week'; WEEKS: 'weeks'; WHEN: 'when';
WHERE: 'where'; WHILE: 'while'; WITH: 'with'; WITHIN: 'within';
WITHOUT: 'without'; WON: 'won'; WORK: 'work'; WORKING: 'working';
WORTH: 'worth'; YEAR: 'year'; YEARS: 'years'; ZONE: 'zone';

// --- marks ---------------------------------------------------------------------------------------------------------

ARROW: '->';
BRACE_OPEN: '{';
BRACE_CLOSE: '}';
PAREN_OPEN: '(';
PAREN_CLOSE: ')';
COMMA: ',';
DOT: '.';

// --- numbers, dates, texts -----------------------------------------------------------------------------------------

ORDINAL: DIGIT+ ('st' | 'nd' | 'rd' | 'th');
CALENDAR_DATE: DIGIT DIGIT DIGIT DIGIT '-' DIGIT DIGIT '-' DIGIT DIGIT;
CLOCK: DIGIT DIGIT? ':' DIGIT DIGIT (':' DIGIT DIGIT)?;
// The offset of an instant; it stands after a clock only, where no sign can stand otherwise.
CLOCK_OFFSET: CLOCK (' '? [+-] DIGIT DIGIT ':' DIGIT DIGIT | 'Z');
// Foreign, like those below; it stands here because 25.12.2026 is no version.
FOREIGN_DATE:
  DIGIT DIGIT? '/' DIGIT DIGIT? '/' DIGIT DIGIT DIGIT DIGIT
  | DIGIT DIGIT? '.' DIGIT DIGIT? '.' DIGIT DIGIT DIGIT DIGIT
  | DIGIT DIGIT DIGIT DIGIT '/' DIGIT DIGIT? '/' DIGIT DIGIT?
  | DIGIT DIGIT DIGIT DIGIT '-' DIGIT DIGIT? '-' DIGIT DIGIT?;
VERSION_NUMBER: DIGIT+ '.' DIGIT+ '.' DIGIT+;
PERCENTAGE: DECIMAL '%';
NUMERAL: DECIMAL;
// Three capitals after a number are a currency; anywhere else they are a name like any other.
CURRENCY: [A-Z] [A-Z] [A-Z];
IDENT: LETTER (LETTER | DIGIT)*;
STRING: '"' (~["\\\r\n] | '\\' ~[\r\n])* '"';

COMMENT: '#' ~[\r\n]* -> channel(HIDDEN);
BLANK: [ \t\r\n\u00A0\uFEFF]+ -> channel(HIDDEN);

// --- what other languages write. No rule uses these: the reader says what to write instead -------------------------

FOREIGN_AT_LEAST: '>=' | '=>=' | '≥';
FOREIGN_AT_MOST: '<=' | '=<' | '≤';
FOREIGN_IS: '=' | '==' | '===';
FOREIGN_IS_NOT: '<>' | '!=' | '!==' | '≠';
FOREIGN_MORE: '>';
FOREIGN_LESS: '<';
FOREIGN_AND: '&&' | '&';
FOREIGN_OR: '||' | '|';
FOREIGN_NOT: '!';
FOREIGN_ARROW: '=>' | '→' | '-->' | '⇒';
FOREIGN_PLUS: '+';
FOREIGN_MINUS: '-' | '−';
FOREIGN_TIMES: '*' | '×';
FOREIGN_DIVIDED: '/' | '÷';
FOREIGN_DASH: '–' | '—';
FOREIGN_SEPARATOR: ';' | ':';
FOREIGN_BRACKET_OPEN: '[';
FOREIGN_BRACKET_CLOSE: ']';
FOREIGN_PERCENT: '%';
FOREIGN_COMMENT: '//' ~[\r\n]* | '--' (~[>\r\n] ~[\r\n]*)?;
// The curly quotes of word processors, in any of the pairs they come in.
FOREIGN_STRING: [“”„«] ~["“”„«»\r\n]* ["“”»] | '"' ~["“”„«»\\\r\n]* [“”»] | ['‘’‚] ~['‘’‚"\r\n]* ['‘’];
FOREIGN_QUOTE: [“”„«»'‘’‚];
FOREIGN_MONEY: [$€£¥] ' '? DECIMAL [kKmM]? | DECIMAL ' '? [$€£¥];
// 10k, 5d, 2026Q1: a number and a word without a blank between them.
FOREIGN_GLUED: DECIMAL LETTER (LETTER | DIGIT)*;
FOREIGN_INSTANT: CALENDAR_DATE 'T' CLOCK ('.' DIGIT+)? ([+-] DIGIT DIGIT ':' DIGIT DIGIT | 'Z')?;

OPEN_STRING: '"' (~["\\\r\n] | '\\' ~[\r\n])* '\\'?;
STRAY: .;

fragment DIGIT: [0-9];
fragment DECIMAL: DIGIT+ (',' DIGIT DIGIT DIGIT)* ('.' DIGIT+)?;
fragment LETTER: [\p{L}\p{M}_];

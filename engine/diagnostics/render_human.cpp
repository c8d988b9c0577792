#include <algorithm>
#include <cstddef>

#include "diagnostics/render.h"
#include "diagnostics/shown.h"
#include "diagnostics/window.h"
#include "diagnostics/wrap.h"

namespace plumb::diagnostics {

namespace {

enum class Ink { plain, strong, error, warning, note, frame };

const char* escape(Ink ink) {
  switch (ink) {
    case Ink::plain: return "";
    case Ink::strong: return "\x1b[1m";
    case Ink::error: return "\x1b[1;31m";
    case Ink::warning: return "\x1b[1;33m";
    case Ink::note: return "\x1b[1;36m";
    case Ink::frame: return "\x1b[34m";
  }
  return "";
}

Ink ink_of(Severity severity) {
  if (severity == Severity::error) return Ink::error;
  return severity == Severity::warning ? Ink::warning : Ink::note;
}

/// What is written so far, and what all of its lines share.
struct Page {
  const source::Map& texts;
  HumanStyle style;
  std::size_t gutter;  // columns of the widest line number
  Cut cut;
  std::string out;

  void put(std::string_view words, Ink ink = Ink::plain) {
    const bool coloured = style.colour && ink != Ink::plain && !words.empty();
    if (coloured) out += escape(ink);
    out += words;
    if (coloured) out += "\x1b[0m";
  }
  void end_line() {
    while (!out.empty() && out.back() == ' ') out.pop_back();
    out += '\n';
  }
  /// Columns that are left behind so many; 0 where lines have no limit.
  std::size_t room(std::size_t before) const {
    return style.width == 0 ? 0 : std::max(narrowest, style.width - std::min(style.width, before));
  }
};

/// What a person is told, from the column `before` on; where it goes on in another line, from the column `indent` on.
void put_words(Page& page, std::string_view words, std::size_t before, std::size_t indent, Ink ink) {
  // Where the next line has more room, this one need not be longer than the width.
  const bool next_is_wider = indent < before;
  const std::size_t first = next_is_wider ? page.style.width - std::min(page.style.width, before) : page.room(before);
  const std::vector<std::string> lines = wrap(words, first, page.room(indent));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) {
      page.end_line();
      page.out.append(indent, ' ');
    }
    page.put(lines[i], ink);
  }
  page.end_line();
}

/// A mark under a user's words.
struct Mark {
  source::Span span;
  char stroke;
  Ink ink;
  std::string text;
};

void put_number(Page& page, std::string_view number) {
  page.put(fmt::format("{:>{}} |", number, page.gutter), Ink::frame);
  page.out += ' ';
}

void put_line(Page& page, const source::Text& text, std::uint32_t number, Window window) {
  const std::string_view line = text.line(number);
  put_number(page, fmt::format("{}", number));
  if (window.begin > 0) page.out += "…";
  page.out += shown(line.substr(window.begin, window.end - window.begin));
  if (window.end < line.size()) page.out += "…";
  page.end_line();
}

// The words of a mark, behind its strokes; where too little of the line is left for them, below the strokes.
void put_label(Page& page, const Mark& mark, std::size_t strokes, std::size_t behind) {
  if (mark.text.empty()) return;
  const std::size_t frame = page.gutter + 3;
  const bool is_crowded = page.style.width > 0 && page.style.width < frame + behind + narrowest;
  const std::size_t column = is_crowded ? std::min(strokes, page.cut.most / 2) : behind;
  const std::vector<std::string> lines = wrap(shown(mark.text), page.room(frame + column), page.room(frame + column));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0 || is_crowded) {
      page.end_line();
      put_number(page, "");
      page.out.append(column, ' ');
    } else {
      page.out += ' ';
    }
    page.put(lines[i], mark.ink);
  }
}

// The strokes under a line; `begin` and `end` are bytes of the line.
void put_strokes(Page& page, std::string_view line, Window window, std::size_t begin, std::size_t end,
                 const Mark& mark) {
  std::size_t before = window.begin > 0 ? 1 : 0;
  std::size_t under = 0;
  for (std::size_t at = window.begin; at < window.end;) {
    const Cell cell = cell_at(line, at);
    if (at + cell.size <= begin) before += cell.width;
    if (at + cell.size > begin && at < end) under += cell.width;
    at += cell.size;
  }
  under = std::max<std::size_t>(1, under);
  put_number(page, "");
  page.out.append(before, ' ');
  page.put(std::string(under, mark.stroke), mark.ink);
  put_label(page, mark, before, before + under + 1);
  page.end_line();
}

std::uint32_t last_line(const source::Text& text, source::Span span) {
  return text.line_at(span.end > span.begin ? span.end - 1 : span.end);
}

void put_arrow(Page& page, source::Span span) {
  const source::Place place = page.texts.begin(span);
  page.put(fmt::format("{:{}}--> ", "", page.gutter), Ink::frame);
  page.put(fmt::format("{}:{}:{}", shown(page.texts[span.text].path()), place.line, place.column));
  page.end_line();
  put_number(page, "");
  page.end_line();
}

// Of a span over several lines: its first line from where it begins, its last line up to where it ends.
void put_tail(Page& page, const source::Text& text, std::uint32_t first, const Mark& mark) {
  const std::uint32_t last = last_line(text, mark.span);
  if (last > first + 1) {
    page.put(std::string(page.gutter, '.'), Ink::frame);
    page.end_line();
  }
  const std::string_view line = text.line(last);
  const std::size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
  const std::size_t end = std::min<std::size_t>(mark.span.end - text.line_start(last), line.size());
  const Window window = window_around(line, end, page.cut);
  put_line(page, text, last, window);
  put_strokes(page, line, window, std::min(indent, end), end, mark);
}

void put_snippet(Page& page, const Mark& mark, const std::vector<Mark>& beside) {
  const source::Text& text = page.texts[mark.span.text];
  const std::uint32_t first = text.line_at(mark.span.begin);
  const std::string_view line = text.line(first);
  const std::uint32_t start = text.line_start(first);
  const std::size_t begin = std::min<std::size_t>(mark.span.begin - start, line.size());
  const Window window = window_around(line, begin, page.cut);
  put_arrow(page, mark.span);
  put_line(page, text, first, window);
  const bool goes_on = last_line(text, mark.span) > first;
  Mark here = mark;
  if (goes_on) here.text.clear();
  put_strokes(page, line, window, begin, std::min<std::size_t>(mark.span.end - start, line.size()), here);
  if (goes_on) put_tail(page, text, first, mark);
  for (const Mark& other : beside) {
    put_strokes(page, line, window, other.span.begin - start, other.span.end - start, other);
  }
}

// Whether a label can stand under the line that is shown for the diagnostic itself.
bool stands_beside(const Page& page, source::Span label, source::Span main) {
  if (!main.known() || label.text != main.text) return false;
  const source::Text& text = page.texts[main.text];
  const std::uint32_t number = text.line_at(main.begin);
  if (last_line(text, main) != number || text.line_at(label.begin) != number) return false;
  const std::uint32_t start = text.line_start(number);
  const std::string_view line = text.line(number);
  const Window window = window_around(line, std::min<std::size_t>(main.begin - start, line.size()), page.cut);
  return label.begin >= start + window.begin && label.end <= start + window.end;
}

void put_marks(Page& page, const Diagnostic& diagnostic) {
  const Mark main{diagnostic.span, '^', ink_of(diagnostic.severity), ""};
  std::vector<Mark> beside, apart;
  for (const Label& label : diagnostic.labels) {
    if (!label.span.known()) continue;
    auto& place = stands_beside(page, label.span, main.span) ? beside : apart;
    place.push_back({label.span, '-', Ink::note, label.text});
  }
  if (main.span.known()) put_snippet(page, main, beside);
  for (const Mark& mark : apart) put_snippet(page, mark, {});
}

void put_note(Page& page, std::string_view kind, std::string_view words) {
  page.put(fmt::format("{:{}} = ", "", page.gutter), Ink::frame);
  page.put(fmt::format("{}: ", kind), Ink::strong);
  const std::size_t column = page.gutter + 3 + kind.size() + 2;
  put_words(page, shown(words), column, column, Ink::plain);
}

void put_notes(Page& page, const Diagnostic& diagnostic) {
  for (const Label& label : diagnostic.labels) {
    if (!label.span.known()) put_note(page, "note", label.text);
  }
  for (const std::string& help : diagnostic.help) put_note(page, "help", help);
  if (!diagnostic.help.empty()) return;
  for (const Suggestion& suggestion : diagnostic.suggestions) {
    const bool takes_out = suggestion.text.empty();
    const std::string_view words = takes_out ? page.texts.words(suggestion.span) : suggestion.text;
    const std::string_view brief = words.substr(0, window_around(words, 0, page.cut).end);
    put_note(page, "help", takes_out ? fmt::format("leave `{}` out", brief) : fmt::format("write `{}`", brief));
  }
}

std::size_t gutter_of(const Diagnostic& diagnostic, const source::Map& texts) {
  std::uint32_t highest = 0;
  const auto see = [&](source::Span span) {
    if (span.known()) highest = std::max(highest, last_line(texts[span.text], span));
  };
  see(diagnostic.span);
  for (const Label& label : diagnostic.labels) see(label.span);
  return fmt::format("{}", highest).size();
}

}  // namespace

std::string render_human(const Diagnostic& diagnostic, const source::Map& texts, HumanStyle style) {
  const std::size_t gutter = gutter_of(diagnostic, texts);
  Page page{texts, style, gutter, cut_to(style.width, gutter), {}};
  const std::string head = fmt::format("{}[{}]", to_text(diagnostic.severity), diagnostic.code);
  page.put(head, ink_of(diagnostic.severity));
  put_words(page, fmt::format(": {}", shown(diagnostic.message)), head.size(), 2, Ink::strong);
  put_marks(page, diagnostic);
  put_notes(page, diagnostic);
  return std::move(page.out);
}

}  // namespace plumb::diagnostics

#include <fmt/format.h>

#include "doctor/doctor.h"
#include "history/unknown_person.h"
#include "report/escape.h"

namespace plumb::doctor {

namespace {

using report::append;
using report::append_json;
using report::Buffer;

void append_key(Buffer& out, std::string_view key, std::string_view text) {
  append(out, fmt::format("\"{}\":", key));
  append_json(out, text);
}

std::string_view state_name(const RuleState& rule) {
  if (!rule.evaluated) return "not evaluated";
  if (rule.obligations == 0) return "nothing asked";
  if (rule.cannot_tell == 0) return "decided";
  return rule.cannot_tell == rule.obligations ? "not decided" : "partly decided";
}

void append_rules(Buffer& out, const Examination& examination) {
  append(out, "\"rules\":[");
  for (const RuleState& rule : examination.rules) {
    append(out, &rule == examination.rules.data() ? "\n  {" : ",\n  {");
    append_key(out, "rule", rule.name);
    append(out, ",");
    append_key(out, "state", state_name(rule));
    append(out, fmt::format(",\"obligations\":{},\"cannot_tell\":{}}}", rule.obligations, rule.cannot_tell));
  }
  append(out, "]");
}

void append_files(Buffer& out, const history::LoadReport& load) {
  append(out, "\"files\":[");
  for (const history::FileReport& file : load.files) {
    append(out, &file == load.files.data() ? "\n  {" : ",\n  {");
    append_key(out, "file", file.path);
    append(out,
           fmt::format(",\"rows\":{},\"used\":{},\"ignored\":{},\"merged\":{},\"refused\":{},\"unreadable_cells\":{}}}",
                       file.rows, file.used, file.ignored, file.merged, file.refused, file.unreadable_cells));
  }
  append(out, "]");
}

void append_finding(Buffer& out, const Finding& finding) {
  append_key(out, "finding", name_of(finding.kind));
  append(out, ",");
  append_key(out, "remedy", name_of(remedy_for(finding.kind)));
  append(out, ",\"about\":");
  finding.about.empty() ? append(out, "null") : append_json(out, finding.about);
  append(out,
         fmt::format(",\"count\":{},\"of\":{},", finding.count, finding.of == 0 ? "null" : std::to_string(finding.of)));
  append_key(out, "says", finding.says);
  append(out, ",");
  append_key(out, "to_do", finding.to_do);
  append(out, ",\"rules\":[");
  for (const std::string& rule : finding.rules) {
    if (&rule != finding.rules.data()) append(out, ",");
    append_json(out, rule);
  }
  append(out, "],\"examples\":[");
  for (const Example& example : finding.examples) {
    append(out, &example == finding.examples.data() ? "{\"where\":" : ",{\"where\":");
    example.where.empty() ? append(out, "null") : append_json(out, example.where);
    append(out, ",");
    append_key(out, "says", example.says);
    append(out, "}");
  }
  append(out, "]");
}

}  // namespace

std::string json(const Input& input, const Examination& examination) {
  const history::History& history = input.judged.history;
  Buffer out = "{";
  append_key(out, "rulebook", input.judged.rulebook_path);
  append(out, ",");
  append_key(out, "history", input.judged.history_path);
  append(out, ",\"as_of\":");
  append_json(out, input.judged.evaluation.horizon);
  append(out, fmt::format(",\"deals\":{},\"people\":{},\"events\":{},\n", history.deals.size(),
                          history::count_people(history), history.deal_events.size() + history.person_events.size()));
  append_rules(out, examination);
  append(out, ",\n");
  append_files(out, input.load);
  append(out, ",\n\"findings\":[");
  for (const Finding& finding : examination.findings) {
    append(out, &finding == examination.findings.data() ? "\n  {" : ",\n  {");
    append_finding(out, finding);
    append(out, "}");
  }
  append(out, "]}\n");
  return out;
}

}  // namespace plumb::doctor

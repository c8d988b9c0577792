#include "graph/render.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "unit/graph/process_builder.h"

namespace plumb::graph {
namespace {

using testing::ProcessBuilder;

std::string dot(const ProcessBuilder& p) { return to_dot(p.book(), p.process()); }
std::string mermaid(const ProcessBuilder& p) { return to_mermaid(p.book(), p.process()); }

/// The line that begins with these words, without its indent.
std::string line_of(const std::string& text, const std::string& begin) {
  const std::size_t at = text.find("\n  " + begin);
  return at == std::string::npos ? "" : text.substr(at + 3, text.find('\n', at + 1) - at - 3);
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Every construct once: returns, several first stages, a stage on hold, few and many moves from any stage, skips.
ProcessBuilder rich() {
  ProcessBuilder p({"a", "b", "c", "d", "won!", "lost?"});
  p.path({"a", "b", "c", "won"}).back("c", "a").at_most(2).when("reason is known").from_any("lost");
  p.path({"d", "c"}).first("d").skip("b", "small");
  p.stage("b").buyer = "Agrees to talk";
  p.stage("c").label = "Closing";
  p.stage("c").on_hold = true;
  p.limit("a", 5).limit("c", 1);
  return p;
}

TEST(Dot, ShowsEveryConstruct) {
  EXPECT_EQ(dot(rich()), R"~(digraph "sales" {
  graph [rankdir=TB, fontname="Helvetica", fontsize=10, labelloc=b, labeljust=l];
  node [shape=box, style=filled, fillcolor="#f7f7f4", color="#444444", fontname="Helvetica", fontsize=11];
  edge [color="#444444", fontname="Helvetica", fontsize=9];
  label="double border: no deal may skip it on its way to won\ldashed border: on hold\ldashed arrow: back\ldotted arrow: from any open stage\lthin arrow: past what may be skipped\l";
  start [shape=circle, width=0.15, style=filled, fillcolor="#444444", label="", tooltip=" "];
  s1 [label="a\nat most 5 business days", tooltip=" "];
  s2 [label="b\nmay be skipped when small", tooltip="Agrees to talk"];
  s3 [label="Closing\nc · at most 1 business day", style="filled,dashed", peripheries=2, penwidth=2, fontname="Helvetica-Bold", tooltip=" "];
  s4 [label="d", tooltip=" "];
  s5 [shape=ellipse, fillcolor="#cfead2", color="#2e7d32", label="won", tooltip=" "];
  s6 [shape=ellipse, fillcolor="#f3d6d3", color="#a33a32", label="lost", tooltip=" "];
  any [shape=plaintext, style="", label="any open stage", tooltip=" "];
  start -> s1;
  start -> s4;
  s1 -> s2;
  s2 -> s3;
  s3 -> s5;
  s3 -> s1 [style=dashed, color="#8a5a00", fontcolor="#8a5a00", constraint=false, label="   at most 2 times   \n   when reason is known   "];
  any -> s6 [style=dotted, color="#777777", fontcolor="#777777"];
  s4 -> s3;
  s1 -> s3 [penwidth=0.6, color="#777777", arrowhead=vee, arrowsize=0.6, constraint=false];
  { rank=same; s5; s6; }
}
)~");
}

TEST(Mermaid, ShowsEveryConstruct) {
  EXPECT_EQ(mermaid(rich()), R"~(flowchart TD
  start(( )):::start
  s1["a<br/>at most 5 business days"]
  s2["b<br/>may be skipped when small<br/>buyer – Agrees to talk"]
  s3[["Closing<br/>c · at most 1 business day"]]
  s4["d"]
  s5(["won"]):::won
  s6(["lost"]):::lost
  any["any open stage"]:::any
  start --> s1
  start --> s4
  s1 --> s2
  s2 --> s3
  s3 --> s5
  s3 -.->|"at most 2 times<br/>when reason is known"| s1
  any -.-> s6
  s4 --> s3
  s1 --> s3
  legend["double border#58; no deal may skip it on its way to won<br/>dashed border#58; on hold<br/>dashed arrow#58; back<br/>dotted arrow#58; from any open stage<br/>thin arrow#58; past what may be skipped"]:::legend
  class s3 unavoidable
  class s3 onhold
  classDef default fill:#f7f7f4,stroke:#444444,color:#111111
  classDef start fill:#444444,stroke:#444444
  classDef won fill:#cfead2,stroke:#2e7d32,color:#111111
  classDef lost fill:#f3d6d3,stroke:#a33a32,color:#111111
  classDef any fill:none,stroke:none
  classDef unavoidable stroke-width:3px,font-weight:bold
  classDef onhold stroke-dasharray:6 4
  classDef legend fill:none,stroke:none,font-size:12px
  linkStyle 5 stroke:#8a5a00,stroke-dasharray:8 4
  linkStyle 6 stroke:#777777,stroke-dasharray:2 3
  linkStyle 8 stroke:#777777,stroke-width:1px
)~");
}

TEST(Dot, DrawsFewSourcesSingly) {
  ProcessBuilder p({"a", "b", "won!", "lost?"});
  p.path({"a", "b", "won"}).from_any("lost");
  EXPECT_EQ(line_of(dot(p), "any "), "");
  EXPECT_EQ(line_of(dot(p), "s1 -> s4"), R"(s1 -> s4 [style=dotted, color="#777777", fontcolor="#777777"];)");
  EXPECT_EQ(line_of(dot(p), "s2 -> s4"), R"(s2 -> s4 [style=dotted, color="#777777", fontcolor="#777777"];)");
}

TEST(Dot, KeepsAReopenedEndInItsPlace) {
  ProcessBuilder p({"a", "won!", "lost?"});
  p.path({"a", "won"}).path({"a", "lost"});
  EXPECT_EQ(line_of(dot(p), "{"), "{ rank=same; s2; s3; }");
  p.back("lost", "a");
  EXPECT_EQ(line_of(dot(p), "{"), "{ rank=same; s2; }");
}

TEST(Dot, DrawsAProcessWithoutAPath) {
  ProcessBuilder p({"a", "won!"});
  EXPECT_EQ(line_of(dot(p), "label"), R"(label="no path is written: any move may be made\l";)");
  EXPECT_FALSE(has(dot(p), "start"));
  EXPECT_FALSE(has(dot(p), "->"));
}

TEST(Dot, DrawsNoStageForABrokenMove) {
  ProcessBuilder p({"a", "won!"});
  p.path({"a", "won"});
  const std::string before = dot(p);
  EXPECT_EQ(dot(p.broken_move("a")), before);
}

TEST(Dot, LeavesSkipsToTheStagesWhenThereAreTooMany) {
  std::vector<std::string> names;
  for (int i = 0; i < 11; ++i) names.push_back("s" + std::to_string(i));
  ProcessBuilder p(names);
  p.path(names);
  // Over k stages in a row there are k * (k + 1) / 2 arrows: 36 for 8, 45 for 9.
  for (int i = 1; i <= 8; ++i) p.skip(names[static_cast<std::size_t>(i)]);
  const std::string some = dot(p);
  const std::string all = dot(p.skip("s9"));
  const auto thin = [](const std::string& text) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find("arrowhead=vee", at)) != std::string::npos; ++at) ++count;
    return count;
  };
  EXPECT_EQ(thin(some), 36u);
  EXPECT_EQ(thin(all), 0u);
  EXPECT_EQ(line_of(all, "s10 "), R"(s10 [label="s9\nmay be skipped", tooltip=" "];)");
  EXPECT_FALSE(has(all, "thin arrow"));
}

const char* const hostile = "a \"q\" \\n \\ <b>&amp; %%{x}%% #1; `m`\r\n]|end\x7f";

ProcessBuilder hostile_process() {
  ProcessBuilder p({"a", "won!"});
  p.path({"a", "won"}).back("a", "won").when("x is \"y\"").skip("a");
  p.stage("a").label = hostile;
  p.stage("a").buyer = hostile;
  return p;
}

TEST(Dot, KeepsHostileTextInItsQuotes) {
  const std::string text = R"(a \"q\" \\n \\ <b>&amp;amp; %%{x}%% #1; `m`  ]|end )";
  EXPECT_EQ(line_of(dot(hostile_process()), "s1 ["),
            "s1 [label=\"" + text + "\\na\\nmay be skipped\", tooltip=\"" + text + "\"];");
  EXPECT_TRUE(has(dot(hostile_process()), R"(label="   when x is \"y\"   ")"));
}

TEST(Mermaid, KeepsHostileTextInItsQuotes) {
  const std::string text =
      "a #34;q#34; #92;n #92; #60;b#62;#38;amp#59; #37;#37;#123;x#125;#37;#37; #35;1#59; #96;m#96;  #93;#124;end ";
  EXPECT_EQ(line_of(mermaid(hostile_process()), "s1["),
            "s1[\"" + text + "<br/>a<br/>may be skipped<br/>buyer – " + text + "\"]");
  EXPECT_TRUE(has(mermaid(hostile_process()), "|\"when x is #34;y#34;\"|"));
}

TEST(Dot, EscapesTheNameOfTheProcess) {
  model::Rulebook book;
  model::Process process;
  process.name = "a \"b\"";
  const auto id = book.processes.add(process);
  EXPECT_EQ(to_dot(book, id).substr(0, 20), "digraph \"a \\\"b\\\"\" {\n");
}

TEST(Render, IsQuickForALongPath) {
  std::vector<std::string> names;
  for (int i = 0; i < 2000; ++i) names.push_back("s" + std::to_string(i));
  ProcessBuilder p(names);
  p.path(names).from_any("s1999");
  for (const std::string& name : names) p.skip(name);
  const std::string text = dot(p);
  EXPECT_EQ(std::count(text.begin(), text.end(), '>'), 2001);  // the path, the start, one from any stage
  EXPECT_EQ(text, dot(p));
}

}  // namespace
}  // namespace plumb::graph

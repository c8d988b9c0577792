# Writes OUTPUT, a source file that holds texts of the repository, so that the program needs no file at run time.
# REFERENCE is the language reference, PAGES a list of pages of diagnostics; tools/plumb/manual.h declares what is written.
function(literal path result)
  file(READ "${path}" text)
  set(${result} "R\"manual(${text})manual\"" PARENT_SCOPE)
endfunction()

set(pages "")
foreach(path IN LISTS PAGES)
  literal("${path}" text)
  string(APPEND pages "    ${text},\n")
endforeach()
literal("${REFERENCE}" reference)
file(WRITE "${OUTPUT}" "// Written by tools/cmake/embed_texts.cmake.
#include \"plumb/manual.h\"

namespace plumb::tool {

namespace {

constexpr std::string_view pages[] = {
${pages}};

}  // namespace

std::string_view reference_text() { return ${reference}; }

std::span<const std::string_view> code_texts() { return pages; }

}  // namespace plumb::tool
")

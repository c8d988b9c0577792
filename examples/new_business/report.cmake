cmake_minimum_required(VERSION 3.25)
# The example's report and explanation are what is committed, and every line of the README's excerpts stands in them.
execute_process(COMMAND "${PLUMB}" run examples/new_business/rules.plumb --history examples/new_business/history
                        --as-of 2025-12-15
                WORKING_DIRECTORY "${REPOSITORY}" OUTPUT_FILE "${CMAKE_CURRENT_BINARY_DIR}/new_business_report.txt"
                ERROR_VARIABLE said RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "plumb run ended with ${failed}: ${said}")
endif()
execute_process(COMMAND diff "${REPOSITORY}/examples/new_business/report.txt"
                        "${CMAKE_CURRENT_BINARY_DIR}/new_business_report.txt" RESULT_VARIABLE differs)
if(differs)
  message(FATAL_ERROR "the report is another: < committed, > now")
endif()
execute_process(COMMAND "${PLUMB}" explain examples/new_business/rules.plumb --history examples/new_business/history
                        --as-of 2025-12-15 --deal D0001 --rule quick_answer
                WORKING_DIRECTORY "${REPOSITORY}" OUTPUT_FILE "${CMAKE_CURRENT_BINARY_DIR}/new_business_explained.txt"
                ERROR_VARIABLE said RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "plumb explain ended with ${failed}: ${said}")
endif()
execute_process(COMMAND diff "${REPOSITORY}/examples/new_business/explained.txt"
                        "${CMAKE_CURRENT_BINARY_DIR}/new_business_explained.txt" RESULT_VARIABLE differs)
if(differs)
  message(FATAL_ERROR "the explanation is another: < committed, > now")
endif()
# Lines that have a semicolon, which divides lists, are compared with another mark in its place.
foreach(text report explained)
  file(READ "${REPOSITORY}/examples/new_business/${text}.txt" content)
  string(REPLACE ";" "<semicolon>" content "${content}")
  string(REPLACE "\n" ";" content "${content}")
  list(APPEND shown ${content})
endforeach()
file(READ "${REPOSITORY}/README.md" readme)
string(REPLACE ";" "<semicolon>" readme "${readme}")
string(REPLACE "\n" ";" readme "${readme}")
set(inside FALSE)
foreach(line IN LISTS readme)
  if(line STREQUAL "```text")
    set(inside TRUE)
  elseif(line STREQUAL "```")
    set(inside FALSE)
  elseif(inside AND NOT line STREQUAL "…" AND NOT line STREQUAL "" AND NOT line IN_LIST shown)
    message(FATAL_ERROR "README.md shows a line that the report does not have: ${line}")
  endif()
endforeach()

cmake_minimum_required(VERSION 3.25)
# The example's report is what is committed, and every line of the README's excerpt stands in it.
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
file(STRINGS "${REPOSITORY}/examples/new_business/report.txt" report)
file(STRINGS "${REPOSITORY}/README.md" readme)
set(inside FALSE)
foreach(line IN LISTS readme)
  if(line STREQUAL "```text")
    set(inside TRUE)
  elseif(line STREQUAL "```")
    set(inside FALSE)
  elseif(inside AND NOT line STREQUAL "…" AND NOT line STREQUAL "" AND NOT line IN_LIST report)
    message(FATAL_ERROR "README.md shows a line that the report does not have: ${line}")
  endif()
endforeach()

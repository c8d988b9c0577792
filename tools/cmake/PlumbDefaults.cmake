set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

option(PLUMB_TESTS "Build the tests" ON)
option(PLUMB_FUZZ "Build the fuzz target, with clang" OFF)
option(PLUMB_SANITIZE "Build with address and undefined-behaviour sanitizers" OFF)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release or RelWithDebInfo" FORCE)
endif()

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
endif()

# Messages of violated assertions name files as the repository does.
add_compile_options("-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=")

if(PLUMB_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()

if(PLUMB_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "the fuzz target needs clang: cmake --preset fuzz")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link -Wno-unknown-warning-option)
endif()

# The memory of a program that is to be fast: jemalloc's, set as tools/plumb/memory.cpp says. It is malloc's where there
# is no jemalloc, and the sanitizers' where they watch.
find_library(PLUMB_JEMALLOC jemalloc)
function(plumb_fast_memory target)
  target_sources("${target}" PRIVATE "${PROJECT_SOURCE_DIR}/tools/plumb/memory.cpp")
  if(PLUMB_JEMALLOC AND NOT PLUMB_SANITIZE)
    target_link_libraries("${target}" PRIVATE "${PLUMB_JEMALLOC}")
  endif()
endfunction()

# Everything here holds for this folder and those below it, never for a project that adds Cornu.

get_property(multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
if(PROJECT_IS_TOP_LEVEL AND NOT multi_config AND NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release, RelWithDebInfo or MinSizeRel" FORCE)
endif()

# A project that adds Cornu and says nothing of a build type gets a Cornu that is optimized; its own
# targets stay as they are.
if(NOT PROJECT_IS_TOP_LEVEL AND NOT multi_config AND NOT CMAKE_BUILD_TYPE
   AND NOT "${CMAKE_CXX_FLAGS}" MATCHES "-O")
  set(CMAKE_BUILD_TYPE Release)
endif()

# -O3 takes a fifth longer to compile and makes nothing faster but the kernels, which set the
# options that help them.
string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_COMPILE_WARNING_AS_ERROR ${CORNU_WERROR})

if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
  set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
endif()

# A fused multiply-add is written as one or does not happen: only so are the bits the same
# on every target.
add_compile_options(
  $<$<COMPILE_LANGUAGE:CXX>:-ffp-contract=off>
  $<$<COMPILE_LANGUAGE:CXX>:-Wall>
  $<$<COMPILE_LANGUAGE:CXX>:-Wextra>
  $<$<COMPILE_LANGUAGE:CXX>:-Wpedantic>
  $<$<COMPILE_LANGUAGE:CXX>:-Wshadow>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND (CORNU_SANITIZE OR CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13))
  # False alarms inside the standard library: the moves of std::variant, `"text" + string`, copies
  # of strings whose length the compiler takes for negative.
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wno-maybe-uninitialized>
                      $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>
                      $<$<COMPILE_LANGUAGE:CXX>:-Wno-stringop-overflow>
                      $<$<COMPILE_LANGUAGE:CXX>:-Wno-array-bounds>)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ spends an eighth of its time on collecting garbage. Where each of the compilers that run side
  # by side (two more than there are cores) may take 3 GB, it begins at 1 GB.
  cmake_host_system_information(RESULT megabytes QUERY TOTAL_PHYSICAL_MEMORY)
  cmake_host_system_information(RESULT cores QUERY NUMBER_OF_LOGICAL_CORES)
  math(EXPR megabytes_each "${megabytes} / (${cores} + 2)")
  if(megabytes_each GREATER 3000)
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:--param=ggc-min-heapsize=1000000>)
  endif()
endif()
add_link_options(-Wl,--as-needed)
if(CORNU_TESTS AND PROJECT_IS_TOP_LEVEL)
  # The programs of the tests are large, above all with the sanitizers: ld takes seconds for each.
  find_program(CORNU_MOLD mold)
  mark_as_advanced(CORNU_MOLD)
  if(CORNU_MOLD)
    add_link_options(-fuse-ld=mold)
  endif()
endif()

if(CORNU_SANITIZE)
  add_compile_options(-fsanitize=${CORNU_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  if(CORNU_SANITIZE MATCHES "address.*undefined")
    # The address sanitizer also detects accesses through a null pointer or behind an object's end; the
    # separate checks before each use take a quarter of the compile time.
    add_compile_options(-fno-sanitize=null,object-size)
  endif()
  add_link_options(-fsanitize=${CORNU_SANITIZE})
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
endif()
if(CORNU_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "CORNU_FUZZ needs clang (libFuzzer), found ${CMAKE_CXX_COMPILER_ID}. "
                        "Hint: cmake --preset fuzz")
  endif()
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fsanitize=fuzzer-no-link>)
endif()

find_program(CORNU_CCACHE ccache)
mark_as_advanced(CORNU_CCACHE)
if(CORNU_CCACHE AND PROJECT_IS_TOP_LEVEL AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CORNU_CCACHE})
endif()

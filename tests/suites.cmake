# ctest reads this before it runs: each suite of a GoogleTest program becomes one test, PREFIX/SUITE,
# whose cases are listed in RESULTS/PREFIX/SUITE.xml. A process for each case would spend a third of
# its time on starting, under the address sanitizer above all.
# suites_of(PROGRAM PREFIX RESULTS TEAMS PROPERTIES...): the suites that match TEAMS keep two CPUs busy.
function(suites_of program prefix results teams)
  if(NOT EXISTS ${program})
    add_test(${prefix}/NotBuilt ${program})
    set_tests_properties(${prefix}/NotBuilt PROPERTIES ${ARGN})
    return()
  endif()
  execute_process(COMMAND ${program} --gtest_list_tests
    OUTPUT_VARIABLE listing RESULT_VARIABLE status TIMEOUT 60)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${program} --gtest_list_tests: ${status}")
  endif()
  # A suite is a line that is not indented: `Suite.` or `Suite/0.  # TypeParam = float`.
  string(REGEX MATCHALL "\n[A-Za-z][A-Za-z0-9_/]*\\." lines "\n${listing}")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "^\n([A-Za-z0-9_/]*)\\.$" "\\1" suite "${line}")
    string(REPLACE "/" "-" file ${suite})
    set(name ${prefix}/${file})
    add_test(${name} ${program} --gtest_filter=${suite}.* --gtest_output=xml:${results}/${name}.xml)
    set_tests_properties(${name} PROPERTIES ${ARGN})
    if(suite MATCHES "${teams}")
      set_tests_properties(${name} PROPERTIES PROCESSORS 2)
    endif()
  endforeach()
endfunction()

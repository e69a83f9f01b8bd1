file(GLOB examples CONFIGURE_DEPENDS examples/*.cc)
foreach(source IN LISTS examples)
  get_filename_component(name ${source} NAME_WE)
  add_executable(example_${name} ${source})
  target_link_libraries(example_${name} PRIVATE cornu::cornu)
  set_target_properties(example_${name} PROPERTIES
    OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/examples)
endforeach()

# The program that docs/tutorial.md shows, block by block.
find_package(Python3 COMPONENTS Interpreter)
if(Python3_FOUND)
  set(page ${PROJECT_SOURCE_DIR}/docs/tutorial.md)
  set(tutorial ${PROJECT_SOURCE_DIR}/tools/tutorial)
  add_custom_command(OUTPUT tutorial.cc
    COMMAND ${Python3_EXECUTABLE} ${tutorial} program ${page} tutorial.cc
    DEPENDS ${page} ${tutorial} VERBATIM)
  add_executable(tutorial ${CMAKE_CURRENT_BINARY_DIR}/tutorial.cc)
  target_link_libraries(tutorial PRIVATE cornu::cornu)
  set_target_properties(tutorial PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/docs)
  add_custom_target(renew_tutorial COMMAND ${Python3_EXECUTABLE} ${tutorial} renew ${page}
    $<TARGET_FILE:tutorial> VERBATIM)
  if(CORNU_TESTS)
    add_test(NAME Docs.TheTutorialShowsWhatItsProgramPrints
      COMMAND ${Python3_EXECUTABLE} ${tutorial} check ${page} $<TARGET_FILE:tutorial>)
    set_tests_properties(Docs.TheTutorialShowsWhatItsProgramPrints PROPERTIES SKIP_RETURN_CODE 77)
  endif()
endif()

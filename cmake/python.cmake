# The Python module: one extension for all versions of CPython from 3.10 on, over the package
# nanobind_backend.
find_package(Python 3.10 REQUIRED
  COMPONENTS Interpreter Development.Module)
execute_process(COMMAND ${Python_EXECUTABLE} -m nanobind --cmake_dir
  OUTPUT_VARIABLE nanobind_ROOT OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
find_package(nanobind 3.1 CONFIG REQUIRED)

file(GLOB python_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/python/src/*.cc)
nanobind_add_module(cornu_python NB_SUPPRESS_WARNINGS BACKEND_MODULE nanobind_backend ${python_sources})
# As one file: half of the time of each is nanobind's headers.
set_target_properties(cornu_python PROPERTIES
  OUTPUT_NAME _cornu UNITY_BUILD ${CORNU_UNITY} UNITY_BUILD_BATCH_SIZE 0)
target_link_libraries(cornu_python PRIVATE cornu::cornu)
# cairo_on_demand.cc stands in for the library.
target_include_directories(cornu_python SYSTEM PRIVATE ${CORNU_CAIRO_INCLUDE_DIRS})
set(package ${PROJECT_BINARY_DIR}/package/cornu)
file(MAKE_DIRECTORY ${package})

# Docstrings are the comments of parts and their options in C++.
set(texts ${package}/_texts.json)
set(make_texts ${PROJECT_SOURCE_DIR}/python/tools/make_texts.py)
file(GLOB commented CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/cornu/*/*.h
  ${PROJECT_SOURCE_DIR}/src/cornu/*/*.cc)
add_custom_command(OUTPUT ${texts} DEPENDS ${make_texts} ${commented}
  COMMAND ${Python_EXECUTABLE} ${make_texts} ${PROJECT_SOURCE_DIR}/src/cornu ${texts} VERBATIM)
add_custom_target(cornu_python_texts DEPENDS ${texts})
add_dependencies(cornu_python cornu_python_texts)

if(SKBUILD)
  install(TARGETS cornu_python DESTINATION cornu)
  install(FILES ${texts} DESTINATION cornu)
else()
  # The package as it is in the source, with the extension beside it.
  set_target_properties(cornu_python PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${package})
  foreach(entry IN ITEMS __init__.py _cornu.pyi py.typed keras)
    file(CREATE_LINK ${PROJECT_SOURCE_DIR}/python/cornu/${entry} ${package}/${entry} SYMBOLIC)
  endforeach()
endif()

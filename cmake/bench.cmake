# bench/NAME.cc and NAME_bench.cc beside the sources are programs of their own.
file(GLOB benches CONFIGURE_DEPENDS bench/*.cc src/cornu/*/*_bench.cc)
foreach(source IN LISTS benches)
  get_filename_component(name ${source} NAME_WE)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE cornu::cornu Threads::Threads)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bench)
endforeach()

# Variables of a project that uses Cornu. watch_variables() records them, and expect_variables()
# fails if one has changed, or if there is a new one that belongs neither to Cornu nor to a package
# that Cornu looks for.
set(prefix /opt/app)
set(library mine)
set(digits 10)
set(CAIRO_LIBRARIES mine)

macro(watch_variables)
  get_cmake_property(watched_names VARIABLES)
  foreach(watched_name IN LISTS watched_names)
    set(watched_before_${watched_name} "${${watched_name}}")
  endforeach()
endmacro()

macro(expect_variables)
  foreach(watched_name IN LISTS watched_names)
    if(NOT watched_name MATCHES "^(CMAKE_|ARG|watched_|cornu_|prefix_result|_)"
       AND NOT "${${watched_name}}" STREQUAL "${watched_before_${watched_name}}")
      message(FATAL_ERROR "${watched_name} was \"${watched_before_${watched_name}}\" and is now "
                          "\"${${watched_name}}\"")
    endif()
  endforeach()
  get_cmake_property(watched_after VARIABLES)
  list(REMOVE_ITEM watched_after ${watched_names})
  list(TRANSFORM watched_after TOLOWER)
  list(FILTER watched_after EXCLUDE REGEX
    "^(_|watched_|(cmake|cornu|openssl|pc_curl|curl|fmt|pkg|pkgconfig|pkgcfg|threads|hwy|nlohmann|fetchcontent|find_package|package|prefix_result|build_shared|cvf_|pthread_))")
  if(watched_after)
    message(FATAL_ERROR "new variables: ${watched_after}")
  endif()
endmacro()

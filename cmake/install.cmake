include(CMakePackageConfigHelpers)

install(TARGETS cornu_core EXPORT cornuCoreTargets)
install(TARGETS cornu EXPORT cornuTargets)
foreach(mpi IN LISTS cornu_mpis)
  install(TARGETS cornu_mpi_${mpi} EXPORT cornuTargets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
endforeach()
if(TARGET cornu_command)
  install(TARGETS cornu_command)
endif()
install(CODE "
  set(source \"${PROJECT_SOURCE_DIR}/src\")
  set(destination \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_INCLUDEDIR}\")
  include(\"${PROJECT_SOURCE_DIR}/cmake/public_headers.cmake\")")
install(FILES LICENSE CHANGELOG.md src/cornu/datasets/digits.md
  DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES src/cornu/report/page/uplot/LICENSE
  DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME LICENSE.uPlot)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/cornu)
install(EXPORT cornuCoreTargets NAMESPACE cornu:: DESTINATION ${package_dir})
install(EXPORT cornuTargets NAMESPACE cornu:: DESTINATION ${package_dir})
set(by_pkg_config CAIRO PNG JPEG LIBDEFLATE ISAL)
if(TARGET PkgConfig::CORNU_LIBZIP)
  list(APPEND by_pkg_config LIBZIP)
endif()
configure_package_config_file(cmake/cornuConfig.cmake.in ${PROJECT_BINARY_DIR}/cornuConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cornuConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/cornuConfig.cmake ${PROJECT_BINARY_DIR}/cornuConfigVersion.cmake
  DESTINATION ${package_dir})

# The user of a static library links its dependencies; a shared one is already linked to them.
set(others "libdeflate libisal libcrypto fmt cairo libpng libjpeg")
if(CURL_FOUND)
  string(APPEND others " libcurl")
endif()
if(TARGET PkgConfig::CORNU_LIBZIP)
  string(APPEND others " libzip")
endif()
if(BUILD_SHARED_LIBS)
  set(PC_CORE_REQUIRES "Requires.private: libhwy")
  set(PC_REQUIRES "Requires: cornu-core\nRequires.private: ${others}")
else()
  set(PC_CORE_REQUIRES "Requires: libhwy")
  set(PC_REQUIRES "Requires: cornu-core ${others}")
endif()
file(RELATIVE_PATH PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
foreach(name IN ITEMS cornu cornu-core)
  configure_file(cmake/${name}.pc.in ${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()

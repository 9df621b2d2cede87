# Install: headers, libraries, a CMake package and a pkg-config file, all relative to their own place.
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/chatapps")
set(generated_dir "${PROJECT_BINARY_DIR}/package")

if(CHATAPPS_WITH_REDIS)
  set(left_out "")
else()
  set(left_out PATTERN redis_pacer.hpp EXCLUDE)
endif()
install(DIRECTORY include/chatapps DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" ${left_out})
install(TARGETS chatapps EXPORT chatapps-targets)
install(TARGETS chatapps_testing EXPORT chatapps-testing-targets)
install(EXPORT chatapps-targets NAMESPACE chatapps:: DESTINATION "${package_dir}")
install(EXPORT chatapps-testing-targets NAMESPACE chatapps:: DESTINATION "${package_dir}")
# A parent that exports a target from its build tree needs ours there as well.
export(EXPORT chatapps-targets NAMESPACE chatapps:: FILE "${generated_dir}/chatapps-targets.cmake")
export(EXPORT chatapps-testing-targets NAMESPACE chatapps:: FILE "${generated_dir}/chatapps-testing-targets.cmake")
if(CHATAPPS_WITH_REDIS)
  install(TARGETS chatapps_redis EXPORT chatapps-redis-targets)
  install(EXPORT chatapps-redis-targets NAMESPACE chatapps:: DESTINATION "${package_dir}")
  install(FILES cmake/Findhiredis.cmake DESTINATION "${package_dir}")
  export(EXPORT chatapps-redis-targets NAMESPACE chatapps:: FILE "${generated_dir}/chatapps-redis-targets.cmake")
  file(COPY cmake/Findhiredis.cmake DESTINATION "${generated_dir}")
endif()

configure_package_config_file(cmake/chatapps-config.cmake.in "${generated_dir}/chatapps-config.cmake"
                              INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${generated_dir}/chatapps-config-version.cmake" COMPATIBILITY SameMajorVersion)
install(FILES "${generated_dir}/chatapps-config.cmake" "${generated_dir}/chatapps-config-version.cmake"
        DESTINATION "${package_dir}")

install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")

# pkg-config: a static library hands its own needs on, a shared one has none to hand on.
if(BUILD_SHARED_LIBS)
  set(pc_requires "")
  set(pc_libs "")
  set(pc_cflags "")
else()
  set(pc_requires "libcurl >= 7.80")
  set(pc_libs " -pthread")
  set(pc_cflags " -DCHATAPPS_STATIC")
endif()
# Relative to its own place, so that the tree can be moved; unless its folders were given absolutely.
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}" OR IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
  set(pc_prefix "${CMAKE_INSTALL_PREFIX}")
  set(pc_includedir "${CMAKE_INSTALL_FULL_INCLUDEDIR}")
  set(pc_libdir "${CMAKE_INSTALL_FULL_LIBDIR}")
else()
  file(RELATIVE_PATH pc_prefix "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
  string(REGEX REPLACE "/$" "" pc_prefix "\${pcfiledir}/${pc_prefix}")
  set(pc_includedir "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
  set(pc_libdir "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
endif()
configure_file(cmake/chatapps.pc.in "${generated_dir}/chatapps.pc" @ONLY)
install(FILES "${generated_dir}/chatapps.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")

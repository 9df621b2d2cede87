# `cpack -G DEB` makes one package of all that is installed. Read by cpack too, where nothing is built: keep it to variables.
set(CPACK_PACKAGE_NAME chatapps)
set(CPACK_PACKAGE_VENDOR "the chatapps project")
set(CPACK_PACKAGE_CONTACT "the chatapps project <chatapps@invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_GENERATOR DEB)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_COMPRESSION_TYPE gzip)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# dpkg-shlibdeps (dpkg-dev) knows the exact packages and versions; without it, what all programs need, to be completed by hand.
find_program(CHATAPPS_SHLIBDEPS dpkg-shlibdeps)
if(CHATAPPS_SHLIBDEPS)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
else()
  set(CPACK_DEBIAN_PACKAGE_DEPENDS "libc6, libstdc++6, libgcc-s1, libcurl4 (>= 7.80)")
endif()
# For those who build against it: a static library hands libcurl on.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libcurl4-openssl-dev (>= 7.80)")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS bash-completion)

include(CPack)

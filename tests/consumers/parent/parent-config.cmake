include(CMakeFindDependencyMacro)
find_dependency(chatapps)
include("${CMAKE_CURRENT_LIST_DIR}/parent-targets.cmake")

/// @file version.hpp
/// The library's version. This is the one place where it is written; CMake reads it from here.
#pragma once

#define CHATAPPS_VERSION_MAJOR 0  ///< breaks when this changes
#define CHATAPPS_VERSION_MINOR 1  ///< while 0.x, may break when this changes
#define CHATAPPS_VERSION_PATCH 0  ///< never breaks
#define CHATAPPS_VERSION "0.1.0"  ///< all three, as text

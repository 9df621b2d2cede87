/// @file version.hpp
/// The library's version. This is the one place where it is written; CMake reads it from here.
#pragma once

#define CHATAPPS_VERSION_MAJOR 0
#define CHATAPPS_VERSION_MINOR 1
#define CHATAPPS_VERSION_PATCH 0
#define CHATAPPS_VERSION "0.1.0"

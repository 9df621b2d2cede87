/// @file export.hpp
/// Which names a shared build of the library shows. Everything else stays hidden, but for members of a class that is
/// shown: CHATAPPS_HIDDEN is for those.
#pragma once

#if defined(CHATAPPS_STATIC)
#define CHATAPPS_EXPORT
#elif defined(_WIN32)
#if defined(CHATAPPS_BUILDING)
#define CHATAPPS_EXPORT __declspec(dllexport)
#else
#define CHATAPPS_EXPORT __declspec(dllimport)
#endif
#else
#define CHATAPPS_EXPORT __attribute__((visibility("default")))
#define CHATAPPS_HIDDEN __attribute__((visibility("hidden")))
#endif

#if !defined(CHATAPPS_HIDDEN)
#define CHATAPPS_HIDDEN
#endif

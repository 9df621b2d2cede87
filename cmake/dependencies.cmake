# What the library is built with. A target that a parent project has made already is taken as it is.
function(chatapps_require target packages)
  if(NOT TARGET ${target})
    message(FATAL_ERROR "chatapps needs ${target}. Install it (${packages}) or make that target before "
                        "add_subdirectory(chatapps).")
  endif()
endfunction()

if(NOT TARGET CURL::libcurl)
  find_package(CURL 7.80 QUIET)
endif()
chatapps_require(CURL::libcurl "7.80 or newer; Debian: libcurl4-openssl-dev, Fedora: libcurl-devel, Homebrew: curl")

if(NOT TARGET nlohmann_json::nlohmann_json)
  find_package(nlohmann_json 3.10 CONFIG QUIET)
endif()
chatapps_require(nlohmann_json::nlohmann_json
                 "3.10 or newer; Debian: nlohmann-json3-dev, Fedora: json-devel, Homebrew: nlohmann-json")

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

# Strict for those who work on the library, silent for those who use it. Linked privately by what is built here.
add_library(chatapps_warnings INTERFACE)
if(chatapps_is_top_level)
  if(MSVC)
    target_compile_options(chatapps_warnings INTERFACE /W4 /utf-8)
  else()
    target_compile_options(chatapps_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
  endif()
endif()

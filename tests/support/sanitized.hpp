// Whether the tests run under a sanitizer, which makes the code several times as slow and as large.
#pragma once

namespace chatapps::support {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
#else
inline constexpr bool kSanitized = false;
#endif

/// What to multiply a bound on time with.
inline constexpr int kTimeScale = kSanitized ? 10 : 1;

}  // namespace chatapps::support

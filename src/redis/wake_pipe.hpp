// Ends a poll() from another thread.
#pragma once

namespace chatapps::redis {

class WakePipe {
 public:
  WakePipe();  ///< throws std::system_error
  WakePipe(const WakePipe&) = delete;
  WakePipe& operator=(const WakePipe&) = delete;
  ~WakePipe();

  int descriptor() const noexcept { return ends_[0]; }
  void wake() noexcept;
  void drain() noexcept;  ///< forgets what woke it

 private:
  int ends_[2] = {-1, -1};
};

}  // namespace chatapps::redis

#include <parent.hpp>

int main() {
  chatapps::MessageDetail record;
  record.status.state = chatapps::State::Read;
  return reachedItsReader(record) ? 0 : 1;
}
